import type ts from "typescript";
import { type Cfg, type CfgNode, type Op, TooComplex } from "../ir/cfg.js";
import { lower, type Unit } from "../ir/lower.js";
import type { Snapshot } from "../project/port.js";
import { repeatedConditions } from "./repeated-conditions.js";
import { createVisits } from "./visits.js";

/** Beyond this many steps nothing is said about the function. */
const maxSteps = 20_000;

/** How a path leaves its function. `thrown`: by something that may throw; `threw`: by a throw statement. */
export type WayOut = "normal" | "threw" | "thrown";

/** One question about the paths of a function: what is kept along each, and what is seen. */
export interface PathQuestion<S> {
  readonly start: S;
  /** Two states with the same key go on alike. */
  key(state: S): string;
  /** The states after an operation: none ends the path here. */
  step(op: Op, state: S): readonly S[];
  leave?(how: WayOut, state: S, node: ts.Node | undefined): void;
}

interface At<S> {
  readonly state: S;
  readonly facts: ReadonlyMap<string, Known>;
  readonly explicit: boolean;
  readonly left: ts.Node | undefined;
}

interface Known {
  readonly value: boolean;
  readonly reads: readonly number[];
  readonly volatile: boolean;
}

/**
 * Follows every path of a function with a state of the caller's own; branches on the same simple condition
 * go the same way. False when the paths got out of hand: what was seen is then not complete.
 */
export function followPaths<S>(unit: Unit, snapshot: Snapshot, question: PathQuestion<S>): boolean {
  if (snapshot.isBroken(unit)) return false;
  let cfg: Cfg;
  try {
    cfg = lower(unit, snapshot);
  } catch (error) {
    if (!(error instanceof TooComplex) && !(error instanceof RangeError)) throw error;
    return false;
  }
  const asked = repeatedConditions(cfg);
  const visits = createVisits<At<S>>((at) => keyOf(at, question));
  const work: [CfgNode, At<S>][] = [
    [cfg.entry, { state: question.start, facts: new Map(), explicit: false, left: undefined }],
  ];
  const go = (next: CfgNode | undefined, after: At<S>): void => {
    if (next !== undefined) work.push([next, after]);
  };
  for (let steps = 0; ; steps += 1) {
    const item = work.pop();
    if (item === undefined) return true;
    if (steps > maxSteps) return false;
    const [node, at] = item;
    if (visits.enter(node, at) === 0) continue;
    const { op } = node;
    if (op === undefined) {
      go(node.next, at);
      continue;
    }
    for (const state of question.step(op, at.state)) move(node, op, { ...at, state }, go, question, asked);
  }
}

function keyOf<S>(at: At<S>, question: PathQuestion<S>): string {
  const facts = [...at.facts].map(([key, { value }]) => `${key}=${value}`).sort();
  return [question.key(at.state), at.explicit, at.left?.pos ?? "", ...facts].join("|");
}

function move<S>(
  node: CfgNode,
  op: Op,
  at: At<S>,
  go: (next: CfgNode | undefined, after: At<S>) => void,
  question: PathQuestion<S>,
  asked: ReadonlySet<string>,
): void {
  switch (op.kind) {
    case "branch": {
      const { condition } = op;
      const known = condition && at.facts.get(condition.key);
      for (const outcome of [true, false]) {
        if (known !== undefined && (known.value !== condition?.negated) !== outcome) continue;
        let { facts } = at;
        if (condition !== undefined && known === undefined && asked.has(condition.key)) {
          const { reads, volatile } = condition;
          facts = new Map(facts).set(condition.key, {
            value: outcome !== condition.negated,
            reads,
            volatile,
          });
        }
        go(outcome ? node.next : node.alt, { ...at, facts });
      }
      return;
    }
    case "try": {
      const answered = (value: boolean): At<S> =>
        op.result === undefined
          ? at
          : {
              ...at,
              facts: new Map(at.facts).set(`#${op.result}`, { value, reads: [op.result], volatile: false }),
            };
      go(node.next, answered(true));
      return go(node.alt, answered(false));
    }
    case "assign": {
      const facts = forget(at.facts, (fact) => fact.reads.includes(op.variable));
      const key = `#${op.variable}`;
      const after =
        op.value === undefined || !asked.has(key)
          ? facts
          : new Map(facts).set(key, { value: op.value, reads: [op.variable], volatile: false });
      return go(node.next, { ...at, facts: after });
    }
    case "rebind":
      return go(node.next, { ...at, facts: forget(at.facts, (fact) => fact.reads.includes(op.variable)) });
    case "may-throw": {
      go(node.onThrow, { ...at, explicit: false });
      return go(node.next, op.forgets ? unsure(at) : at);
    }
    case "call":
      go(node.onThrow, { ...at, explicit: false });
      return go(node.next, unsure(at));
    case "throw":
      return go(node.onThrow, { ...at, explicit: true, left: op.node });
    case "caught":
      return go(node.next, { ...at, explicit: false, left: undefined });
    case "await":
    case "loop":
      return go(node.next, unsure(at));
    case "leave":
      return go(node.next, { ...at, left: op.node });
    case "exit":
      return question.leave?.(
        op.how === "normal" ? "normal" : at.explicit ? "threw" : "thrown",
        at.state,
        at.left,
      );
    default:
      return go(node.next, at);
  }
}

function unsure<S>(at: At<S>): At<S> {
  return { ...at, facts: forget(at.facts, (fact) => fact.volatile) };
}

function forget(
  facts: ReadonlyMap<string, Known>,
  drop: (fact: Known) => boolean,
): ReadonlyMap<string, Known> {
  if (![...facts.values()].some(drop)) return facts;
  return new Map([...facts].filter(([, fact]) => !drop(fact)));
}
