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

/** So much of a frame goes into what can wait. */
const SLICE_MS = 20;

/** When work that is begun now is to make way for others, by `performance.now()`. */
export const sliceEnd = (): number => performance.now() + SLICE_MS;

/** Renders again as soon as others have had their turn, while something is left to be done. */
export function useAgain(isLeft: boolean): void {
  const [revision, setRevision] = useState(0);
  useEffect(() => {
    if (!isLeft) return;
    const timer = setTimeout(() => setRevision(revision + 1));
    return () => clearTimeout(timer);
  }, [isLeft, revision]);
}

interface Work<T> {
  readonly about: object;
  readonly key: string;
  readonly steps: Generator<void, T>;
  /** In milliseconds. */
  cost: number;
}

/** An answer, and whether it is the one to what is asked now. */
export interface Answer<T> {
  readonly value: T | undefined;
  readonly isCurrent: boolean;
}

/**
 * As {@link usePaced}, of a question that is answered step by step: a few milliseconds of each rendering go into it, so
 * that the page stays alive.
 * @param about where this is another object, work under way is of no use any more; the key may change with every event
 */
export function useAnswer<T>(about: object, key: string, ask: () => Generator<void, T>): Answer<T> {
  const [pace] = useState(() => new Pace());
  const last = useRef<{ readonly about: object; readonly key: string; readonly value: T }>(undefined);
  const work = useRef<Work<T>>(undefined);
  if (work.current?.about !== about) work.current = undefined;
  const isOther = last.current?.about !== about;
  if (isOther || (last.current?.key !== key && pace.isDue)) {
    work.current ??= { about, key, steps: ask(), cost: 0 };
  }
  if (work.current !== undefined) {
    const step = advance(work.current);
    if (step.done) {
      last.current = { about, key: work.current.key, value: step.value };
      pace.spent(work.current.cost);
      work.current = undefined;
    }
  }
  const [, setRevision] = useState(0);
  useEffect(() => {
    if (last.current?.about === about && last.current.key === key) return;
    const delay = work.current === undefined ? pace.due - performance.now() : 0;
    const timer = setTimeout(() => setRevision((revision) => revision + 1), delay);
    return () => clearTimeout(timer);
  });
  return { value: last.current?.value, isCurrent: last.current?.about === about };
}

function advance<T>(work: Work<T>): IteratorResult<void, T> {
  const began = performance.now();
  const end = sliceEnd();
  let step = work.steps.next();
  while (!step.done && performance.now() < end) step = work.steps.next();
  work.cost += performance.now() - began;
  return step;
}
