import { fingerprint } from "./fingerprint.js";
import type { Fiber, State } from "./heap.js";
import { Machine } from "./machine.js";
import { hasReceiver } from "./natives/index.js";
import { fire } from "./natives/time.js";
import type { Program } from "./program.js";
import { GivenUp, type Ref, type Value } from "./values.js";

/** What one search may cost. */
export interface Limits {
  /** Steps of fibers and timers. */
  readonly steps: number;
  readonly instructions: number;
}

export const usualLimits: Limits = { steps: 2000, instructions: 250_000 };

/** A schedule longer than this goes round and round. */
const maxDepth = 400;

/** A state in which nobody can go on. */
export interface Terminal {
  readonly state: State;
  /** Who waits for ever. */
  readonly stuck: readonly Fiber[];
}

export interface Exploration {
  readonly terminals: number;
  readonly steps: number;
  /** Whether every schedule was looked at. */
  readonly complete: boolean;
}

type Move = { readonly kind: "fiber"; readonly id: number } | { readonly kind: "timer"; readonly timer: Ref };

interface Node {
  readonly state: State;
  readonly move: Move;
  readonly answers: readonly number[];
  /** How often a task that could have gone on may still be overtaken. */
  readonly preemptions: number;
  readonly depth: number;
}

/** Rounds of the search, each with more schedules: most bugs need a task to be overtaken once or twice. */
const rounds = [0, 1, 2, Number.POSITIVE_INFINITY];

/**
 * Looks at schedules of the fibers of a state, for states in which nobody can go on. A step runs from one
 * wait to the next: in between nothing of other tasks can happen. Schedules with few pre-emptions come first
 * (iterative context bounding, Musuvathi and Qadeer, PLDI 2007); states met before are not gone into again.
 * `panicked`: a schedule that ends with an exception that nobody catches.
 */
export function exploreSchedules(
  start: State,
  program: Program,
  limits: Limits,
  found: (terminal: Terminal) => boolean,
  panicked: (state: State, error: Value) => void,
): Exploration {
  const machine = new Machine({ instructions: limits.instructions });
  machine.program = program;
  let steps = 0;
  let terminals = 0;
  let complete = true;

  for (const [round, preemptions] of rounds.entries()) {
    const seen = new Set<string>();
    let cut = false;
    const allowed = Math.floor((limits.steps * (round + 1)) / rounds.length);
    const stack: Node[] = [];
    /** Where a task is overtaken: looked at once nothing is left without that. */
    const later: Node[] = [];
    let next = 0;

    const expand = (state: State, left: number, last: number | undefined, depth: number): boolean => {
      if (depth > maxDepth) {
        cut = true;
        complete = false;
        return true;
      }
      const print = fingerprint(state, program.libraryObjects, (last ?? -1) * 8 + Math.min(left, 7));
      if (seen.has(print)) return true;
      seen.add(print);
      const moves = movesOf(state);
      if (moves.length === 0) {
        const stuck = state.fibers.filter(({ status }) => status === "blocked");
        terminals += 1;
        return stuck.length === 0 || found({ state, stuck });
      }
      const current = last === undefined ? undefined : state.fibers[last];
      const goesOn = current?.status === "ready" && current.spins === 0;
      // The last pushed is taken first: who lets others run comes last.
      const isLast = (move: Move) => move.kind === "fiber" && move.id === last;
      const ordered = goesOn
        ? moves
        : [...moves.filter(isLast), ...moves.filter((each) => !isLast(each)).reverse()];
      for (const move of ordered) {
        const overtakes = goesOn && !isLast(move);
        if (overtakes && left <= 0) cut = true;
        else if (overtakes) later.push({ state, move, answers: [], preemptions: left - 1, depth });
        else stack.push({ state, move, answers: [], preemptions: left, depth });
      }
      return true;
    };

    const take = (): Node | undefined => stack.pop() ?? later[next++];
    expand(start, preemptions, undefined, 0);
    for (let node = take(); node !== undefined; node = take()) {
      if (steps >= allowed) {
        complete = false;
        cut = true;
        break;
      }
      steps += 1;
      const state = node.state.fork();
      machine.begin(state, node.answers);
      let finished = true;
      try {
        if (node.move.kind === "fiber") machine.step(node.move.id);
        else {
          machine.fiber = state.fiber(0);
          fire(machine, node.move.timer);
          machine.settleStep();
        }
      } catch (error) {
        if (!(error instanceof GivenUp)) throw error;
        finished = false;
        complete = false;
        if (machine.budget.instructions < 0) return { terminals, steps, complete };
      }
      for (let index = node.answers.length; index < machine.options.length; index += 1)
        for (let other = 1; other < machine.options[index]!; other += 1)
          stack.push({ ...node, answers: [...machine.answers.slice(0, index), other] });
      if (!finished) continue;
      if (machine.panicked !== undefined) {
        panicked(state, state.get(machine.panicked).b);
        continue;
      }
      const last = node.move.kind === "fiber" ? node.move.id : undefined;
      if (!expand(state, node.preemptions, last, node.depth + 1)) return { terminals, steps, complete };
    }
    if (!cut) break;
  }
  return { terminals, steps, complete };
}

function movesOf(state: State): Move[] {
  const moves: Move[] = [];
  let busy = false;
  for (const { id, status, spins } of state.fibers) {
    if (status !== "ready" && status !== "external") continue;
    if (status === "ready" && spins < 2) busy = true;
    moves.push({ kind: "fiber", id });
  }
  const timers = state.timers.filter((timer) => mayMatter(state, timer));
  if (timers.length === 0) return moves;
  const earliest = Math.min(...timers.map((timer) => state.get(timer).n));
  // Time passes while all wait, or only look around; and while something outside is under way.
  const due = (timer: Ref) => {
    const at = state.get(timer).n;
    return at <= state.now || (at === earliest && !busy);
  };
  for (const timer of timers) if (due(timer)) moves.push({ kind: "timer", timer });
  return moves;
}

/** A tick into a channel at which nobody waits wakes nobody; it is there when somebody comes. */
function mayMatter(state: State, timer: Ref): boolean {
  const { a } = state.get(timer);
  const target = state.get(a as Ref);
  if (target.kind !== "Channel" || hasReceiver({ state }, a as Ref)) return true;
  return (
    target.list.length < target.n &&
    state.fibers.some(({ status }) => status === "ready" || status === "external")
  );
}
