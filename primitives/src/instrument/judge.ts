import {
  type Alarm,
  type Batch,
  type DeadlockAlarm,
  EventKind,
  LiveState,
  NO_LOCK,
  NO_SITE,
  ROW_WORDS,
  type TaskState,
  TraceFollower,
  Watch,
  writeRow,
} from "@lockscope/trace";
import type { Limits } from "./config.js";
import { siteText } from "./report.js";

/** A deadlock is told if it still stands after this time: a program that ends by it tells of it itself. */
const PATIENCE_MS = 400;

/** Two million rows. */
const MAX_BYTES_BEHIND = 2 ** 25;

/**
 * Follows the rows of all threads, and says on the terminal what is wrong while the program runs: it is in a
 * thread of its own, and so speaks even when all others are frozen.
 */
export class Judge {
  readonly #follower = new TraceFollower(new LiveState({ history: false, past: false }));
  readonly #watch: Watch;
  readonly #say: (text: string) => void;
  #deadlocks: DeadlockAlarm[] = [];
  /** Taken, and not yet followed. */
  readonly #behind: Batch[] = [];
  #bytesBehind = 0;

  /** @param say writes to the terminal */
  constructor({ heldMs, waitMs }: Limits, say: (text: string) => void) {
    this.#watch = new Watch({ heldMs, waitMs }, { place: siteText });
    this.#say = say;
    // From the first batch on.
    this.#watch.look(this.#follower, 0);
  }

  /** The state as far as it is certain, after all that was taken. */
  get follower(): TraceFollower {
    this.catchUp(Number.POSITIVE_INFINITY);
    return this.#follower;
  }

  /** Following takes longer than handing on, and can wait: so that bursts find the rings empty. */
  take(batch: Batch): void {
    this.#behind.push(batch);
    this.#bytesBehind += batch.bytes.length;
  }

  /**
   * Follows what was taken, for so many milliseconds; longer when there is too much of it.
   * @returns whether that was all
   */
  catchUp(ms: number): boolean {
    const end = performance.now() + ms;
    let done = 0;
    for (; done < this.#behind.length; done++) {
      if (this.#bytesBehind <= MAX_BYTES_BEHIND && performance.now() > end) break;
      const batch = this.#behind[done]!;
      this.#bytesBehind -= batch.bytes.length;
      this.#follower.append(batch);
    }
    this.#behind.splice(0, done);
    return this.#behind.length === 0;
  }

  /**
   * Says what is new.
   * @param now milliseconds since the program's time origin
   * @returns how many deadlocks it has told of
   */
  look(now: number): number {
    for (const alarm of this.#watch.look(this.#follower, now)) {
      if (alarm.kind === "deadlock") this.#deadlocks.push(alarm);
      else if (isForTheTerminal(alarm)) this.#tell(alarm);
    }
    const due = this.#deadlocks.filter(({ time }) => now - time >= PATIENCE_MS).filter(stands);
    this.#deadlocks = this.#deadlocks.filter(({ time }) => now - time < PATIENCE_MS);
    for (const alarm of due) this.#tell(alarm);
    return due.length;
  }

  /** What a thread that has ended could not say: that its tasks have, and wait no more. */
  obituary(thread: number): Int32Array {
    const rows: number[][] = [];
    const add = (kind: number, arg: number, task: TaskState, lock: number) =>
      rows.push([kind, arg, task.id, lock]);
    for (const task of this.follower.live.tasks) {
      if (task.thread !== thread || task.ended !== Number.POSITIVE_INFINITY) continue;
      for (const { mode, lock, joins, group } of task.waits) {
        if (group[0]!.lock === lock) add(EventKind.cancel, mode, task, (joins ?? lock)?.id ?? NO_LOCK);
      }
      add(EventKind.taskEnd, 1, task, NO_LOCK);
    }
    const words = new Int32Array(rows.length * ROW_WORDS);
    for (const [at, [kind, arg, task, lock]] of rows.entries()) {
      writeRow(words, at * ROW_WORDS, 0, kind!, arg!, NO_SITE, task!, lock!);
    }
    return words;
  }

  #tell({ lines: [title, ...rest] }: Alarm): void {
    this.#say(`${[`lockscope: ${title}`, ...rest.map((line) => `  ${line}`)].join("\n")}\n`);
  }
}

/** Its threads may have ended. */
const stands = ({ detail: { cycle } }: DeadlockAlarm) =>
  cycle.edges.every(({ wait }) => [...wait.task.waits].includes(wait));

/**
 * A refused task has its error, and one that may be two calls of one task is left alone; a lock that is held for
 * long is nobody's concern as long as nobody waits for it; of the end the main thread speaks.
 */
function isForTheTerminal(alarm: Alarm): boolean {
  if (alarm.kind === "self-relock") return alarm.detail.certain && alarm.detail.mark === undefined;
  if (alarm.kind === "held-too-long") return alarm.detail.waiters > 0;
  return alarm.kind !== "leaked-task";
}
