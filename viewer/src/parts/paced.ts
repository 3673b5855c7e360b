import { useEffect, useRef, useState } from "preact/hooks";
import { Pace } from "../model/pace.js";

/**
 * The answer to a question that costs something. It is asked anew when the key is another, but no more often than
 * the time that it takes allows; until then the last answer stands.
 */
export function usePaced<T>(key: unknown, ask: () => T): T {
  const [pace] = useState(() => new Pace());
  const last = useRef<{ readonly key: unknown; readonly answer: T }>(undefined);
  const [, setRevision] = useState(0);
  if (last.current === undefined || (last.current.key !== key && pace.isDue)) {
    last.current = { key, answer: pace.run(ask) };
  }
  const isOld = last.current.key !== key;
  useEffect(() => {
    if (!isOld) return;
    const again = () => setRevision((revision) => revision + 1);
    const timer = setTimeout(again, Math.max(0, pace.due - performance.now()));
    return () => clearTimeout(timer);
  }, [isOld, pace.due]);
  return last.current.answer;
}
