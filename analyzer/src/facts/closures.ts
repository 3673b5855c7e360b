import ts from "typescript";
import type { SpawnOp } from "../ir/cfg.js";
import type { FunctionWithBody } from "../project/port.js";
import { bare } from "../project/syntax.js";
import type { PathContext } from "./path.js";
import { letGo, type State, setLock, withEntry } from "./state.js";
import type { Summary } from "./summary.js";

export function applyClosure(
  { body, returned }: { readonly body: FunctionWithBody; readonly returned?: boolean },
  state: State,
  context: PathContext,
): State {
  for (const use of context.summaryOf(body).waitGroups) {
    if (use.what === "done" && context.isOutside(use.place)) context.addWaitGroupUse(use);
  }
  const summary = context.summaryOf(body);
  return returned && !summary.opaque ? handOver(summary, state) : applyLater(summary, state);
}

/** A task of its own starts: which WaitGroups it adds to, and which it waits for, beside this path. */
export function applySpawn(op: SpawnOp, state: State, context: PathContext): State {
  const summary = context.summaryOf(op.body);
  let after = applyLater(summary, state);
  const places = new Map(summary.waitGroups.map((use) => [use.place.key, use.place]));
  for (const [key, place] of places) {
    const uses = summary.waitGroups.filter((use) => use.place.key === key);
    const adding = uses.filter((use) => use.what === "add").map((use) => use.call);
    const adds = adding.filter((add) => !runsAtOnce(add, op));
    const counted = after.added.has(key) || op.counted?.key === key || adds.length < adding.length;
    if (adds.length > 0 && !counted) {
      if (uses.some((use) => use.what === "done")) {
        for (const add of adds) context.observations.addsInTask.push({ add, place, spawn: op.call });
      } else after = { ...after, strayAdds: withEntry(after.strayAdds, key, adds) };
    }
    if (adds.length === 0 && !counted && uses.some((use) => use.what === "done")) {
      after = { ...after, uncounted: withEntry(after.uncounted, key, { waited: undefined }) };
    }
    const wait = uses.find((use) => use.what === "wait");
    if (wait !== undefined && !after.waits.has(key) && op.counted?.key !== key) {
      after = {
        ...after,
        waits: withEntry(after.waits, key, { node: wait.call, begun: false, counted: after.added.has(key) }),
      };
    }
  }
  if (op.counted !== undefined) after = { ...after, added: new Set(after.added).add(op.counted.key) };
  return after;
}

/**
 * Whether an add in a task comes before the code behind its start: an async function that is called, rather
 * than started by `go`, runs up to its first await at once.
 */
export function runsAtOnce(add: ts.Node, { call, body }: SpawnOp): boolean {
  const called = ts.isCallExpression(call) ? bare(call.expression) : call;
  if (!ts.isFunctionLike(called)) return false;
  let suspended = false;
  const visit = (node: ts.Node): void => {
    if (node.end > add.pos && node.getSourceFile() === add.getSourceFile() && ts.isAwaitExpression(node))
      return;
    if (ts.isAwaitExpression(node)) suspended = true;
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return !suspended;
}

export function letGoOfAll(state: State): State {
  return [...state.locks.keys()].reduce((before, key) => letGo(before, key), state);
}

/** What somebody runs later, or beside this path, may release what is held here. */
export function applyLater(summary: Summary, state: State): State {
  if (summary.opaque) return letGoOfAll(state);
  return summary.effects.reduce((before, effect) => letGo(before, effect.place.key), state);
}

/** `return () => this.mu.unlock()`: the caller has the lock from here on, and what releases it. */
function handOver(summary: Summary, state: State): State {
  return summary.effects.reduce((before, effect) => {
    const lock = before.locks.get(effect.place.key);
    if (effect.net !== "released" || lock?.status !== "held") return letGo(before, effect.place.key);
    return setLock(before, { ...lock, holds: lock.holds.map((hold) => ({ ...hold, escaped: true })) });
  }, state);
}
