import { setImmediate as nextTurn } from "node:timers/promises";
import type { CheckResult, Finding } from "@lockscope/analyzer";
import { abortable, Cancelled } from "../protocol/cancellation.js";
import type { Log } from "../protocol/log.js";
import type { Root } from "./root.js";
import type { Roots } from "./roots.js";

/** A check under way or done, shared by everyone who asks for the same file in the same generation. */
interface Run {
  readonly root: Root;
  readonly generation: number;
  readonly controller: AbortController;
  readonly result: Promise<CheckResult>;
  waiting: number;
  settled: boolean;
}

/**
 * Answers "what is found in this file now". An edit anywhere in the file's workspace makes the answer under way
 * worthless: it is aborted, and whoever still waits gets the answer for the new text.
 */
export class Checker {
  readonly #runs = new Map<string, Run>();

  constructor(
    private readonly roots: Roots,
    private readonly log: Log,
  ) {}

  /** Rejects with the signal's reason when it aborts; with the analyzer's error when the check itself fails. */
  async findings(file: string, signal: AbortSignal): Promise<readonly Finding[]> {
    for (;;) {
      signal.throwIfAborted();
      const run = this.#runFor(file);
      run.waiting++;
      try {
        const { findings } = await abortable(run.result, signal);
        if (!isOutdated(run)) return findings;
      } catch (error) {
        if (signal.aborted || !isOutdated(run)) throw error;
      } finally {
        run.waiting--;
        if (run.waiting === 0 && !run.settled) this.#drop(file, run);
      }
    }
  }

  /** Texts or disk changed: stops every check that they outdate. */
  abortOutdated(): void {
    for (const [file, run] of this.#runs) if (isOutdated(run)) this.#drop(file, run);
  }

  forget(file: string): void {
    const run = this.#runs.get(file);
    if (run !== undefined) this.#drop(file, run);
  }

  #runFor(file: string): Run {
    const root = this.roots.of(file);
    const known = this.#runs.get(file);
    if (known !== undefined && known.root === root && !isOutdated(known)) return known;
    if (known !== undefined) this.#drop(file, known);
    const run = this.#start(root, file);
    this.#runs.set(file, run);
    return run;
  }

  #start(root: Root, file: string): Run {
    const controller = new AbortController();
    const { signal } = controller;
    const result = root.inTurn(async () => {
      await nextTurn(); // Edits and cancellations that already arrived go first.
      signal.throwIfAborted();
      return root.workspace.check([file], { signal });
    });
    const run: Run = { root, generation: root.generation, controller, result, waiting: 0, settled: false };
    result.then(
      ({ errors }) => {
        run.settled = true;
        for (const error of errors) this.log.internal(error);
      },
      () => {
        run.settled = true;
        if (this.#runs.get(file) === run) this.#runs.delete(file); // The next question tries again.
      },
    );
    return run;
  }

  #drop(file: string, run: Run): void {
    run.controller.abort(new Cancelled());
    if (this.#runs.get(file) === run) this.#runs.delete(file);
  }
}

function isOutdated(run: Run): boolean {
  return run.generation !== run.root.generation;
}
