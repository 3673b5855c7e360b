import type { Hold, TaskState, Wait } from "../state.js";
import { isWait, type Label, type Labels } from "./labels.js";

/** The process and thread that something is shown in. */
export interface SlicePlace {
  readonly pid: number;
  readonly tid: number;
}

/** A hundred days: what is later is no time that a program has run. */
const MAX_NS = Number.MAX_SAFE_INTEGER - (Number.MAX_SAFE_INTEGER % 1000);
/** Three days; past that, a number of microseconds has no room for each single nanosecond. */
export const EXACT_NS = 2 ** 48;

/** Whole nanoseconds for milliseconds; whole microseconds where they are as exact as it gets. */
export function nanoseconds(ms: number): number {
  const ns = Math.round(ms * 1e6);
  return ns < EXACT_NS ? ns : Math.min(MAX_NS, 1000 * Math.round(ms * 1e3));
}

/**
 * Nanoseconds as microseconds, so that a reader who multiplies by a thousand and cuts the fraction off gets them
 * back: 1.001 * 1000 is 1000.9999999999999.
 */
export function timeText(ns: number): string {
  const us = ns / 1000;
  if (Math.trunc(us * 1000) !== ns) return String(us * (1 + Number.EPSILON));
  // Of whole numbers the text is found several times as fast as that of a fraction.
  const whole = Math.trunc(us);
  const rest = ns - whole * 1000;
  return rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(3, "0")}`;
}

/** A slice from one time to another, in whole nanoseconds since the program's time origin. */
export const sliceText = ({ pid, tid }: SlicePlace, start: number, end: number, label: Label): string =>
  `,\n{"ph":"X","pid":${pid},"tid":${tid},"ts":${timeText(start)},"dur":${timeText(end - start)},${label}}`;

/** Where a task is shown, and its whole life (in nanoseconds), which what it holds and waits for is within. */
export interface LifePlace extends SlicePlace {
  readonly start: number;
  readonly end: number;
}

/** What one task has and waits for, as slices within each other. */
interface Stack {
  /** From the outermost inwards; what is deeper than that is not shown. */
  readonly open: Drawn[];
  /** The outermost and those that were in it, in the order in which they began. */
  readonly begun: Drawn[];
  /** Times that run backwards are raised to this. */
  time: number;
}

interface Drawn {
  readonly what: Hold | Wait;
  readonly start: number;
  end: number;
}

const MAX_DEPTH = 16;

/**
 * Draws what tasks hold and wait for as slices that nest, though locks need not be given back in the order they
 * were taken: what stands on one that ends, ends with it and begins anew.
 */
export class TaskSlices {
  readonly #places: ReadonlyMap<number, LifePlace>;
  readonly #labels: Labels;
  readonly #stacks = new Map<number, Stack>();
  #done: string[] = [];

  /** @param places the thread of each task */
  constructor(places: ReadonlyMap<number, LifePlace>, labels: Labels) {
    this.#places = places;
    this.#labels = labels;
  }

  /** From `time` on (in nanoseconds) the task is shown as it is now. O(its holds, as far as they are shown) */
  show(time: number, task: TaskState): void {
    if (task.ended !== Number.POSITIVE_INFINITY) return;
    const stack = this.#stack(task.id);
    stack.time = Math.max(stack.time, time);
    const now = shown(task);
    let same = 0;
    while (same < stack.open.length && stack.open[same]!.what === now[same]) same++;
    this.#close(task.id, stack, same);
    for (const what of now.slice(same)) {
      const drawn = { what, start: stack.time, end: stack.time };
      stack.open.push(drawn);
      stack.begun.push(drawn);
    }
  }

  /** From `time` on the task shows nothing. */
  end(time: number, { id }: TaskState): void {
    const stack = this.#stacks.get(id);
    if (stack === undefined) return;
    stack.time = Math.max(stack.time, time);
    this.#close(id, stack, 0);
    this.#stacks.delete(id);
  }

  /** The text of all that has ended since the last call. */
  take(): string {
    const text = this.#done.join("");
    this.#done = [];
    return text;
  }

  #stack(id: number): Stack {
    let stack = this.#stacks.get(id);
    if (stack === undefined) {
      stack = { open: [], begun: [], time: 0 };
      this.#stacks.set(id, stack);
    }
    return stack;
  }

  /** Ends all but the `kept` outermost. Once none is left they are written, the outer before the inner ones. */
  #close(id: number, stack: Stack, kept: number): void {
    while (stack.open.length > kept) stack.open.pop()!.end = stack.time;
    if (stack.open.length > 0) return;
    for (const drawn of stack.begun) this.#write(id, drawn);
    stack.begun.length = 0;
  }

  #write(id: number, { what, start, end }: Drawn): void {
    const place = this.#places.get(id)!;
    // Rows that come too late may be of a time before the task's first row, or after its end.
    const within = (time: number) => Math.min(place.end, Math.max(place.start, time));
    const [from, to] = [within(start), within(end)];
    // A wait of no time was none.
    if (isWait(what) && from === to) return;
    this.#done.push(sliceText(place, from, to, this.#labels.operation(what)));
  }
}

function shown({ holds, waits }: TaskState): (Hold | Wait)[] {
  const found: (Hold | Wait)[] = [];
  for (const hold of holds) {
    if (found.length === MAX_DEPTH - 1) break;
    found.push(hold);
  }
  if (waits.oldest !== undefined) found.push(waits.oldest);
  return found;
}
