import ts from "typescript";
import type { CallOp, Op } from "../ir/cfg.js";
import { type Place, placeOf, rebase, thisRoot } from "../ir/place.js";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { binder } from "./call.js";
import type { Facts } from "./facts.js";
import { followPaths, type WayOut } from "./paths.js";
import type { WaitGroupUse } from "./summary.js";

/** How often a path of a function counts a WaitGroup down. */
export interface Dones {
  readonly count: number;
  readonly how: WayOut;
  /** The return or throw by which the path leaves; undefined at the end of the function. */
  readonly left: ts.Node | undefined;
  /** The call that was one too many for a count of one. */
  readonly second: ts.CallExpression | undefined;
}

/** More than this many on one path are not told apart: nothing is said. */
const maxCount = 3;
const maxDepth = 5;

interface Counted {
  readonly count: number;
  readonly second: ts.CallExpression | undefined;
}

type Ways = readonly Dones[] | undefined;

/** Functions that call each other are come to by ever so many ways: each is looked at once. */
type Memo = Map<FunctionWithBody, Map<string, Ways>>;

/**
 * The ways out of a function, by how often it has called `done` on the WaitGroup of that key by then, tasks
 * and calls of its own included. Undefined where that cannot be said: the group goes to unknown code, a
 * callback counts it down, a loop does.
 */
export function donesOf(body: FunctionWithBody, key: string, snapshot: Snapshot, facts: Facts): Ways {
  return waysOf(body, key, snapshot, facts, 0, new Map());
}

function waysOf(
  body: FunctionWithBody,
  key: string,
  snapshot: Snapshot,
  facts: Facts,
  depth: number,
  memo: Memo,
): Ways {
  if (depth > maxDepth) return undefined;
  let known = memo.get(body);
  if (known === undefined) {
    known = new Map();
    memo.set(body, known);
  }
  // The deeper, the less is looked at.
  const question = `${depth} ${key}`;
  if (!known.has(question)) known.set(question, follow(body, key, snapshot, facts, depth, memo));
  return known.get(question);
}

function follow(
  body: FunctionWithBody,
  key: string,
  snapshot: Snapshot,
  facts: Facts,
  depth: number,
  memo: Memo,
): Ways {
  const ways = new Map<string, Dones>();
  let known = true;
  const giveUp = (): readonly Counted[] => {
    known = false;
    return [];
  };
  const add = (state: Counted, counts: readonly number[], at: ts.Node): readonly Counted[] =>
    counts.map((more) => {
      const count = state.count + more;
      if (count > maxCount) known = false;
      const call = ts.isCallExpression(at) ? at : undefined;
      return { count, second: state.second ?? (count > 1 && more > 0 ? call : undefined) };
    });
  const nested = (inner: FunctionWithBody, innerKey: string): readonly number[] | undefined => {
    const counts = waysOf(inner, innerKey, snapshot, facts, depth + 1, memo);
    return counts && [...new Set(counts.filter(({ how }) => how === "normal").map(({ count }) => count))];
  };

  const step = (op: Op, state: Counted): readonly Counted[] => {
    if (!known) return [];
    switch (op.kind) {
      case "wg":
        if (op.place.key !== key || op.what === "wait") return [state];
        return op.what === "add" ? giveUp() : add(state, [1], op.call);
      case "escape":
        return op.place.key === key ? giveUp() : [state];
      case "closure":
      case "fork":
        return counts(facts.of(op.body).summary.waitGroups, key) ? giveUp() : [state];
      case "spawn": {
        if (op.counted?.key === key) return giveUp();
        const uses = facts.of(op.body).summary.waitGroups;
        if (!counts(uses, key)) return [state];
        const inner = isAdded(uses, key) ? undefined : nested(op.body, key);
        return inner === undefined ? giveUp() : add(state, inner, op.call);
      }
      case "call": {
        const inner = innerKey(op, key, facts);
        if (inner === "unknown") return giveUp();
        if (inner === undefined) return [state];
        const more = nested(op.target, inner);
        return more === undefined ? giveUp() : add(state, more, op.call);
      }
      default:
        return [state];
    }
  };

  const complete = followPaths<Counted>(body, snapshot, {
    start: { count: 0, second: undefined },
    key: ({ count, second }) => `${count}:${second?.pos ?? ""}`,
    step,
    leave(how, { count, second }, left) {
      ways.set(`${count}:${how}:${left?.pos ?? ""}`, {
        count,
        how,
        left: left === body ? undefined : left,
        second,
      });
    },
  });
  return known && complete ? [...ways.values()] : undefined;
}

function counts(uses: readonly WaitGroupUse[], key: string): boolean {
  return uses.some((use) => use.what !== "wait" && use.place.key === key);
}

function isAdded(uses: readonly WaitGroupUse[], key: string): boolean {
  return uses.some((use) => use.what === "add" && use.place.key === key);
}

/** What the callee calls the group that it counts down; undefined where it does not. */
function innerKey(op: CallOp, key: string, facts: Facts): string | "unknown" | undefined {
  const inCallback = op.callbacks.some(
    (callback) => callback !== undefined && counts(facts.of(callback).summary.waitGroups, key),
  );
  if (inCallback) return "unknown";
  const { summary } = facts.of(op.target);
  const bind = binder(op);
  const uses = summary.waitGroups.filter((use) => use.what !== "wait" && bind(use.place)?.key === key);
  if (uses.some((use) => use.what === "add")) return "unknown";
  if (summary.opaque && op.arguments.some((argument) => argument?.key === key)) return "unknown";
  return uses[0]?.place.key;
}

/** A place of a function's own, as the code that calls or starts it names it. */
export function placeAtCall(
  place: Place,
  call: ts.CallExpression,
  body: FunctionWithBody,
  snapshot: Snapshot,
): Place | undefined {
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "body" || callee.declaration !== body) return place;
  if (place.root === thisRoot && !ts.isArrowFunction(body)) {
    const receiver = callee.receiver && placeOf(callee.receiver, snapshot);
    return receiver && rebase(place, receiver);
  }
  if (place.parameter !== undefined && place.home?.parent === body) {
    const argument = call.arguments[place.parameter];
    const base = argument && placeOf(argument, snapshot);
    return base && rebase(place, base);
  }
  return place;
}
