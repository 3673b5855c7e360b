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
import { EventKind, MarkLevel, nameOf } from "../schema.js";
import type { TaskState } from "../state.js";
import type { TraceStore } from "../store.js";
import { printable } from "../text.js";
import { lockText } from "../watch/wording.js";
import { windowEnds } from "../window-ends.js";
import { Labels, threadName } from "./labels.js";
import { inPieces } from "./pieces.js";
import { type LifePlace, nanoseconds, type SlicePlace, sliceText, TaskSlices, timeText } from "./slices.js";
import { Wakers } from "./wakers.js";

/** The whole trace as JSON, in pieces of text. O(events) */
export function chromeTrace(store: TraceStore, meta?: ProgramMeta): Generator<string> {
  return inPieces(new ChromeTraceWriter(store).all(meta));
}

class ChromeTraceWriter {
  readonly #store: TraceStore;
  /** When all that is open is taken to end, in nanoseconds. */
  readonly #end: number;
  /** The thread of each task and lock, by its id. */
  readonly #taskPlaces = new Map<number, LifePlace>();
  readonly #lockPlaces = new Map<number, SlicePlace>();
  readonly #labels: Labels;
  #arrows = 0;

  constructor(store: TraceStore) {
    this.#store = store;
    this.#labels = new Labels(store);
    this.#end = nanoseconds(store.endTime);
    const { tasks, locks } = store.live;
    for (const { id, started, ended } of tasks) {
      const [start, end] = this.#fromTo(started, ended);
      this.#taskPlaces.set(id, { pid: 1, tid: 1 + this.#taskPlaces.size, start, end });
    }
    const pid = 1 + Math.max(1, tasks.length);
    for (const { id } of locks) this.#lockPlaces.set(id, { pid, tid: pid + this.#lockPlaces.size });
  }

  *all(meta: ProgramMeta | undefined): Generator<string> {
    yield '{"traceEvents":[\n';
    yield* this.#processes(meta?.program || "program");
    yield* this.#lives();
    yield* this.#lockSlices();
    yield* this.#taskSlices();
    yield* this.#marks();
    const { program = "", script = "", node = "", start = 0 } = meta ?? {};
    const about = { program: printable(program), script: printable(script), node: printable(node), start };
    yield `\n],\n"otherData":${JSON.stringify(about)}}\n`;
  }

  *#processes(program: string): Generator<string> {
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
      yield `,\n${name(this.#taskPlaces.get(task.id)!, "thread", threadName(task), order)}`;
    }
    for (const [order, lock] of locks.entries()) {
      yield `,\n${name(this.#lockPlaces.get(lock.id)!, "thread", lockText(lock), order)}`;
    }
  }

  /** From when a task was first heard of until it ended: what else it does is within that. */
  *#lives(): Generator<string> {
    for (const task of this.#store.live.tasks) {
      const place = this.#taskPlaces.get(task.id)!;
      yield sliceText(place, place.start, place.end, this.#labels.life(task));
    }
  }

  *#lockSlices(): Generator<string> {
    const { start, end } = this.#store.live.spans;
    for (const lock of this.#store.live.locks) {
      const place = this.#lockPlaces.get(lock.id)!;
      for (const span of lock.lane.spans) {
        yield sliceText(place, ...this.#fromTo(start[span]!, end[span]!), this.#labels.span(span));
      }
    }
  }

  /** In nanoseconds, for times in milliseconds; what has not ended ends with the trace. */
  #fromTo(start: number, end: number): [number, number] {
    const from = nanoseconds(start);
    return [from, Math.max(from, Math.min(this.#end, nanoseconds(end)))];
  }

  /** What tasks hold and wait for, and who lets whom go on. */
  *#taskSlices(): Generator<string> {
    const slices = new TaskSlices(this.#taskPlaces, this.#labels);
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
      if (waker !== undefined) arrows.push(this.#arrow(nanoseconds(event.time), waker, event.task));
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

  #arrow(time: number, from: number, to: number): string {
    const source = this.#taskPlaces.get(from);
    const sink = this.#taskPlaces.get(to);
    if (source === undefined || sink === undefined || !livesAt(source, time) || !livesAt(sink, time))
      return "";
    const id = ++this.#arrows;
    const flow = `"id":${id},"name":"wakes","cat":"wake"`;
    // From a moment before the one gave up what it had to a moment after the other got it: within both slices.
    const since = Math.max(source.start, time - 1);
    const until = Math.min(sink.end, time + 1);
    return timed("s", source, since, flow) + timed("f", sink, until, `"bp":"e",${flow}`);
  }

  *#marks(): Generator<string> {
    for (const { time, level, task, lock, text, site } of this.#store.marks) {
      const place = this.#taskPlaces.get(task.id)!;
      const about = lock === undefined ? "" : `,"lock":${JSON.stringify(lockText(lock))}`;
      const args = `"level":"${nameOf(MarkLevel, level)}"${about}${this.#labels.at(site)}`;
      const name = JSON.stringify(printable(text) || "mark");
      yield timed("i", place, nanoseconds(time), `"s":"t","name":${name},"cat":"mark","args":{${args}}`);
    }
  }
}

/** An event that is at one time, given in nanoseconds. */
const timed = (phase: string, { pid, tid }: SlicePlace, time: number, what: string): string =>
  `,\n{"ph":"${phase}","pid":${pid},"tid":${tid},"ts":${timeText(time)},${what}}`;

const livesAt = ({ start, end }: LifePlace, time: number): boolean => start <= time && time <= end;
