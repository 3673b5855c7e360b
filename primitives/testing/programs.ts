/**
 * Random programs against a model, interleavings, and cancellation at every step: what the tests of all
 * primitives share.
 */
import fc from "fast-check";
import { settled } from "./turn.js";

/** What every blocking operation takes. */
interface Cancellable {
  signal: AbortSignal;
}

/** The blocking calls of a program, numbered in the order in which they were begun. */
export class Calls<T = void> {
  /** Those that came back with what they asked for, in the order in which they did. */
  readonly returned: number[] = [];
  /** Those that were rejected, in the order in which they were. */
  readonly rejected: number[] = [];
  /** What each returned or was rejected with. */
  readonly outcomes: unknown[] = [];
  readonly #controllers: AbortController[] = [];

  /** Begins a call; `call` passes the options on to the operation. Returns its number. */
  begin(call: (options: Cancellable) => Promise<T>): number {
    const controller = new AbortController();
    const number = this.#controllers.push(controller) - 1;
    call({ signal: controller.signal }).then(
      (value) => {
        this.returned.push(number);
        this.outcomes[number] = value;
      },
      (reason: unknown) => {
        this.rejected.push(number);
        this.outcomes[number] = reason;
      },
    );
    return number;
  }

  /** Gives up call `number`, if it has not come back. */
  abort(number: number): void {
    this.#controllers[number]!.abort(new Error(`call ${number} gave up`));
  }
}

/** One run of a program: a fresh primitive, and a model of it. */
export interface Run<Step> {
  /** Plays `step` on both, and asserts that they agree. */
  step(step: Step): unknown;
  /** Asserts what must hold when all is quiet. */
  end?(): unknown;
}

export interface ProgramOptions {
  /** Steps of the longest program. */
  maxLength?: number;
  numRuns?: number;
}

/**
 * Plays random programs of `step`s, each on what `begin` makes. Between two steps one turn of the
 * microtask queue passes; before the end, all that can run has run.
 */
export async function checkPrograms<Step>(
  step: fc.Arbitrary<Step>,
  begin: () => Run<Step>,
  { maxLength = 60, numRuns = 100 }: ProgramOptions = {},
): Promise<void> {
  const program = fc.array(step, { maxLength });
  await fc.assert(
    fc.asyncProperty(program, async (steps) => {
      const run = begin();
      for (const each of steps) {
        await run.step(each);
        await null;
      }
      await settled();
      await run.end?.();
    }),
    { numRuns },
  );
}

/** Waits for something outside the program under test: the scheduler decides when it comes. */
export type Pause = (label?: string) => Promise<void>;

/** Runs `test` under many orders in which its pauses come to their end (fast-check's scheduler). */
export async function underManyOrders(
  test: (pause: Pause) => Promise<unknown>,
  { numRuns = 50 }: { numRuns?: number } = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      await scheduler.waitFor(test((label) => scheduler.schedule(Promise.resolve(), label)));
    }),
    { numRuns },
  );
}

/** More turns than any scenario takes: one that gets here waits for something that never comes. */
const TOO_MANY_TURNS = 10_000;

/**
 * Plays `scenario` again and again, and aborts its signal one turn of the microtask queue later each
 * time: before it begins, at every point at which it can be parked, and last of all after its end. It
 * must come to an end by itself, without timers or input, whether it is aborted or not.
 *
 * @returns at how many points it was aborted before it had ended
 */
export async function cancelAtEveryTurn(
  scenario: (signal: AbortSignal, reason: Error) => Promise<unknown>,
): Promise<number> {
  for (let turns = 0; turns < TOO_MANY_TURNS; turns++) {
    const controller = new AbortController();
    const reason = new Error(`aborted after ${turns} turns`);
    let ended = false;
    if (turns === 0) controller.abort(reason);
    const run = scenario(controller.signal, reason).finally(() => {
      ended = true;
    });
    for (let turn = 1; turn < turns && !ended; turn++) await null;
    const late = ended;
    controller.abort(reason);
    await run;
    if (late) return turns;
  }
  throw new Error("the scenario does not end");
}
