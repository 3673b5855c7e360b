import { useEffect, useRef, useState } from "preact/hooks";

/** At most this part of the time goes into one question. */
const SHARE = 0.1;

/**
 * The answer to a question that costs something. It is asked anew when the key has changed, but no more often than
 * the time that it takes allows; until then the last answer stands.
 */
export function usePaced<T>(key: string, ask: () => T): T {
  const last = useRef<{ readonly key: string; readonly answer: T; readonly due: number }>(undefined);
  const [, setRevision] = useState(0);
  const now = performance.now();
  if (last.current === undefined || (last.current.key !== key && now >= last.current.due)) {
    const answer = ask();
    const cost = performance.now() - now;
    last.current = { key, answer, due: now + cost / SHARE };
  }
  const { due } = last.current;
  const isOld = last.current.key !== key;
  useEffect(() => {
    if (!isOld) return;
    const timer = setTimeout(
      () => setRevision((revision) => revision + 1),
      Math.max(0, due - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [isOld, due]);
  return last.current.answer;
}
