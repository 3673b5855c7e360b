import type ts from "typescript";
import type { Body } from "../parts.js";
import type { Scopes } from "../scopes.js";
import type { Functions } from "./functions.js";
import type { Places } from "./places.js";
import type { Written } from "./relevance.js";
import type { Pending, State } from "./state.js";
import type { Value } from "./values.js";

/** What an expression gives on one path. */
export interface Outcome {
  readonly state: State;
  readonly value: Value;
}

/** Where paths go from a statement. */
export interface Flow {
  readonly next: State[];
  readonly breaks: readonly Jump[];
  readonly continues: readonly Jump[];
  readonly returns: readonly Outcome[];
}

export interface Jump {
  readonly label: string | undefined;
  readonly state: State;
}

/** A write that relies on what was read before the task was suspended. */
export interface Race {
  readonly kind: "lost-update" | "lazy-init" | "stale-check";
  readonly write: ts.Node;
  readonly place: string;
  readonly read: ts.Node;
  readonly await: ts.Node;
  /** The condition that was decided by the read. */
  readonly condition: ts.Node | undefined;
  /** What is written was computed from what was read, rather than only handed on and answered. */
  readonly computed: boolean;
  /** What the place gets is a flag rather than what was made. */
  readonly flag: boolean;
}

/** The parts of the walk over the paths of a function, and what they share. */
export interface Walker {
  readonly scopes: Scopes;
  readonly functions: Functions;
  readonly places: Places;
  /** Functions being walked, the innermost last. */
  readonly stack: Body[];
  /** For each `try` around: where the task may be thrown from. */
  readonly throws: State[][];
  /** Calls of functions of this file, followed with the task holding something or claiming it. */
  readonly keptCalls: Map<Body, boolean>;
  /** Nodes that may still be looked at. */
  budget: number;
  /** Names of what may be written in the function that is looked at. */
  written: Written;
  /** Whether a call of the function is followed into it. */
  isFollowed(body: Body): boolean;
  isGuarded(from: ts.Node, to: ts.Node): boolean;
  report(race: Race): void;
  evaluate(expression: ts.Expression, state: State): Outcome[];
  /** The call; `awaited`: the task waits for what it gives. */
  call(call: ts.CallExpression | ts.NewExpression, state: State, awaited: boolean): Outcome[];
  statements(list: readonly ts.Statement[], states: readonly State[]): Flow;
  /** A function from its beginning to its ends. */
  run(body: Body, values: readonly Value[], state: State): Outcome[];
  /** The task is suspended: others run, and what it had started goes on. */
  suspend(state: State, node: ts.Node): void;
  later(state: State, pending: Pending): void;
}

/** The walk takes too long: what was found until then stands. */
export class OutOfBudget extends Error {}

const most = 16;

/** Several expressions one after the other, and what each gave. */
export function all(
  walker: Walker,
  expressions: readonly ts.Expression[],
  state: State,
): { state: State; values: Value[] }[] {
  let ways: { state: State; values: Value[] }[] = [{ state, values: [] }];
  for (const each of expressions) {
    const next: typeof ways = [];
    for (const way of ways)
      for (const { state: at, value } of walker.evaluate(each, way.state))
        if (next.length < most) next.push({ state: at, values: [...way.values, value] });
    ways = next;
  }
  return ways;
}
