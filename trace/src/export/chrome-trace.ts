/**
 * A trace for Perfetto and chrome://tracing, in the Trace Event Format. One process has a thread for each task: its
 * life, in it what it holds, in that what it waits for. Another has one for each lock: who holds it. Arrows lead
 * from who lets a task go on to that task.
 *
 * Perfetto's importer has rules that the format's description does not have, or leaves open:
 * - Slices (`X`) of a thread nest or follow each other. Of those that begin at one time the outer one comes first
 *   in the file; what is sorted by time later keeps that order.
 * - Times are microseconds, and are cut to whole nanoseconds.
 * - Threads are named by their id alone, and id 0 is the idle thread's: ids are not shared between the processes.
 * - An arrow is bound to the innermost slice that has begun; `f` needs `bp: "e"` for that, and its `s` before it.
 * - `displayTimeUnit` would change the unit of all times: it is left out.
 */
import type { LiveObserver } from "../live-observer.js";
import type { ProgramMeta } from "../prelude.js";
import { Replay } from "../questions/replay.js";
import type { TraceEvent } from "../row-decoder.js";
import { EventKind, MarkLevel, Mode, nameOf } from "../schema.js";
import { NO_HOLDER } from "../spans.js";
import type { LockState, TaskState } from "../state.js";
import type { TraceStore } from "../store.js";
import { printable, siteText } from "../text.js";
import { lockText, taskText } from "../watch/wording.js";
import { nanoseconds, type Slice, type SlicePlace, sliceText, TaskSlices, timeText } from "./slices.js";
import { Wakers } from "./wakers.js";
import { windowEnds } from "./windows.js";

/** The whole trace as JSON, in pieces of text. O(events) */
export function* chromeTrace(store: TraceStore, meta?: ProgramMeta): Generator<string> {
  const writer = new ChromeTraceWriter(store);
  yield '{"traceEvents":[\n';
  yield* writer.names(meta?.program || "program");
  yield* writer.lives();
  yield* writer.locks();
  yield* writer.tasks();
  yield* writer.marks();
  const { program = "", script = "", node = "", start = 0 } = meta ?? {};
  const about = { program: printable(program), script: printable(script), node: printable(node), start };
  yield `\n],\n"otherData":${JSON.stringify(about)}}\n`;
}

class ChromeTraceWriter {
  readonly #store: TraceStore;
  /** When all that is open is taken to end, in nanoseconds. */
  readonly #end: number;
  /** The thread of each task and lock, by its id. */
  readonly #taskPlaces = new Map<number, SlicePlace>();
  readonly #lockPlaces = new Map<number, SlicePlace>();

  constructor(store: TraceStore) {
    this.#store = store;
    this.#end = nanoseconds(store.endTime);
    const { tasks, locks } = store.live;
    for (const { id } of tasks) this.#taskPlaces.set(id, { pid: 1, tid: 1 + this.#taskPlaces.size });
    const pid = 1 + Math.max(1, tasks.length);
    for (const { id } of locks) this.#lockPlaces.set(id, { pid, tid: pid + this.#lockPlaces.size });
  }

  *names(program: string): Generator<string> {
    const { tasks, locks } = this.#store.live;
    const name = (place: SlicePlace, what: "process" | "thread", text: string, order: number): string =>
      [
        { ph: "M", ...place, name: `${what}_name`, args: { name: text } },
        { ph: "M", ...place, name: `${what}_sort_index`, args: { sort_index: order } },
      ]
        .map((event) => JSON.stringify(event))
        .join(",\n");
    // A process has the id of its first thread, as that of a real one's main thread.
    yield name({ pid: 1, tid: 1 }, "process", `${printable(program)}: tasks`, 1);
    const first = locks[0] && this.#lockPlaces.get(locks[0].id);
    if (first !== undefined) yield `,\n${name(first, "process", `${printable(program)}: locks`, 2)}`;
    for (const [order, task] of tasks.entries()) {
      yield `,\n${name(this.#taskPlaces.get(task.id)!, "thread", nameOfTask(task), order)}`;
    }
    for (const [order, lock] of locks.entries()) {
      yield `,\n${name(this.#lockPlaces.get(lock.id)!, "thread", lockText(lock), order)}`;
    }
  }

  /** From when a task was first heard of until it ended: what else it does is within that. */
  *lives(): Generator<string> {
    for (const task of this.#store.live.tasks) {
      const start = nanoseconds(task.started);
      const end = Math.max(start, Math.min(this.#end, nanoseconds(task.ended)));
      const args = { thread: task.thread, ...this.#at(task.site), end: task.phase };
      const name = nameOfTask(task);
      yield sliceText(this.#taskPlaces.get(task.id)!, { start, end, name, category: "task", args });
    }
  }

  *locks(): Generator<string> {
    for (const lock of this.#store.live.locks) {
      const place = this.#lockPlaces.get(lock.id)!;
      for (const span of lock.lane.spans) yield sliceText(place, this.#lockSlice(lock, span));
    }
  }

  #lockSlice(lock: LockState, span: number): Slice {
    const { start, end, mode, subject, site, amount, waiters } = this.#store.live.spans;
    const from = nanoseconds(start[span]!);
    const until = Math.max(from, Math.min(this.#end, nanoseconds(end[span]!)));
    const unheld = mode[span] === NO_HOLDER;
    const task = unheld ? undefined : this.#store.live.findTask(subject[span]!);
    const name = task === undefined ? (waiters[span]! > 0 ? "waited for" : "in use") : nameOfTask(task);
    const what = unheld
      ? { amount: amount[span]! }
      : { mode: nameOf(Mode, mode[span]!), holders: amount[span]! };
    const args = { lock: lockText(lock), ...what, waiters: waiters[span]!, ...this.#at(site[span]!) };
    return { start: from, end: until, name, category: unheld ? "wait" : "hold", args };
  }

  /** What tasks hold and wait for, and who lets whom go on. */
  *tasks(): Generator<string> {
    const slices = new TaskSlices(this.#taskPlaces, (site) => this.#at(site));
    const wakers = new Wakers();
    const draw = (time: number, task: TaskState) => slices.show(nanoseconds(time), task);
    const observer: LiveObserver = {
      acquired: draw,
      released: (time, { task }) => draw(time, task),
      blocked: (time, { task }) => draw(time, task),
      unblocked: (time, { task }) => draw(time, task),
    };
    const replay = new Replay(this.#store, Number.NEGATIVE_INFINITY, observer);
    let arrows: string[] = [];
    const visit = (event: TraceEvent) => {
      const waker = wakers.of(event);
      if (waker !== undefined) arrows.push(...this.#arrow(nanoseconds(event.time), waker, event.task));
      if (event.kind !== EventKind.taskEnd) return;
      const task = replay.live.findTask(event.task);
      if (task !== undefined) slices.end(nanoseconds(event.time), task);
    };
    for (const until of windowEnds(this.#store)) {
      replay.advance(until, visit);
      yield slices.take() + arrows.join("");
      arrows = [];
    }
    for (const task of replay.live.tasks) slices.end(this.#end, task);
    yield slices.take();
  }

  #arrows = 0;

  #arrow(time: number, from: number, to: number): string[] {
    const start = this.#store.live.findTask(from);
    const target = this.#store.live.findTask(to);
    if (
      start === undefined ||
      target === undefined ||
      !this.#lives(start, time) ||
      !this.#lives(target, time)
    ) {
      return [];
    }
    const id = ++this.#arrows;
    const flow = { id, name: "wakes", cat: "wake" };
    // From a moment before the one gave up what it had to a moment after the other got it: within both slices.
    const since = Math.max(nanoseconds(start.started), time - 1);
    const until = Math.min(this.#end, nanoseconds(target.ended), time + 1);
    return [
      timed({ ph: "s", ...this.#taskPlaces.get(from), ...flow }, since),
      timed({ ph: "f", bp: "e", ...this.#taskPlaces.get(to), ...flow }, until),
    ];
  }

  #lives({ started, ended }: TaskState, time: number): boolean {
    return nanoseconds(started) <= time && time <= nanoseconds(ended);
  }

  *marks(): Generator<string> {
    for (const { time, level, task, lock, text, site } of this.#store.marks) {
      const place = this.#taskPlaces.get(task.id)!;
      const args = {
        level: nameOf(MarkLevel, level),
        ...(lock !== undefined && { lock: lockText(lock) }),
        ...this.#at(site),
      };
      const event = { ph: "i", s: "t", ...place, name: printable(text) || "mark", cat: "mark", args };
      yield timed(event, nanoseconds(time));
    }
  }

  #at(site: number): { at?: string } {
    const place = this.#store.sites.get(site);
    return place === undefined ? {} : { at: siteText(place) };
  }
}

/** An event that is at one time, given in nanoseconds. */
const timed = (event: object, time: number) =>
  `,\n${JSON.stringify(event).slice(0, -1)},"ts":${timeText(time)}}`;

const nameOfTask = (task: TaskState) =>
  task.thread === 0 ? taskText(task) : `${taskText(task)} (thread ${task.thread})`;
