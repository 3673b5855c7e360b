import ts from "typescript";
import { conflicts } from "../../facts/path.js";
import type { Hold } from "../../facts/state.js";
import { placeOf } from "../../ir/place.js";
import type { Snapshot } from "../../project/port.js";
import { isUsing } from "../../project/syntax.js";
import type { RuleContext, UnitFacts } from "../rule.js";

/** A lock call where an unlock was meant. `before`: the hold that it should have given back. */
export interface MistakenLock {
  readonly call: ts.CallExpression;
  readonly text: string;
  readonly before: Hold | undefined;
}

const known = new WeakMap<RuleContext, ReadonlyMap<ts.Node, MistakenLock>>();

/** By the call: other rules have nothing to add to it. */
export function mistakenLocks(context: RuleContext): ReadonlyMap<ts.Node, MistakenLock> {
  let found = known.get(context);
  if (found === undefined) {
    found = new Map(context.units.flatMap((unit) => inUnit(unit, context)).map((each) => [each.call, each]));
    known.set(context, found);
  }
  return found;
}

/** Whether one of them should have given this hold back: then it needs no word of its own. */
export function isMistakenFor(hold: Hold, context: RuleContext): boolean {
  for (const { before } of mistakenLocks(context).values()) if (before?.site === hold.site) return true;
  return false;
}

function inUnit(unit: UnitFacts, context: RuleContext): MistakenLock[] {
  const { observations } = unit;
  if (observations.abandoned) return [];
  const found = new Map<ts.CallExpression, MistakenLock>();
  for (const [node, ways] of observations.held) {
    if (!ts.isCallExpression(node)) continue;
    const call = ownLockCall(node, unit, context);
    if (call === undefined || observations.releases.has(node)) continue;
    for (const hold of ways.flat())
      if (hold.place.key === call.key && hold.site !== node && conflictsOrRepeats(hold, call.mode))
        found.set(node, { call: node, text: hold.place.text, before: hold });
  }
  for (const { hold, how } of observations.leaks) {
    const { site } = hold;
    if (how === "thrown" || found.has(site) || observations.releases.has(site)) continue;
    if (ownLockCall(site, unit, context) !== undefined)
      found.set(site, { call: site, text: hold.place.text, before: undefined });
  }
  return [...found.values()];
}

/** A read lock taken twice waits only now and then, but leaves two where one is given back. */
function conflictsOrRepeats(hold: Hold, mode: Hold["mode"]): boolean {
  return conflicts(hold.mode, mode) || (hold.mode === "read" && mode === "read");
}

function ownLockCall(
  call: ts.CallExpression,
  unit: UnitFacts,
  { snapshot }: RuleContext,
): { key: string; mode: Hold["mode"] } | undefined {
  if (!isAtTheEnd(call, unit, snapshot)) return undefined;
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "method" || callee.operation.op !== "acquire" || callee.operation.form !== "plain")
    return undefined;
  const place = placeOf(callee.receiver, snapshot);
  return place && { key: place.key, mode: place.view ?? callee.operation.mode };
}

/** In a `finally` of this function, or in `using _ = defer(() => …)`. */
function isAtTheEnd(call: ts.Node, { unit }: UnitFacts, snapshot: Snapshot): boolean {
  for (let at = call; at.parent !== undefined && at !== unit; at = at.parent) {
    const { parent } = at;
    if (ts.isTryStatement(parent) && parent.finallyBlock === at) return true;
    if (ts.isFunctionLike(at)) return isDeferred(parent, snapshot);
  }
  return false;
}

function isDeferred(call: ts.Node, snapshot: Snapshot): boolean {
  if (!ts.isCallExpression(call) || !isUsing(call.parent)) return false;
  const callee = snapshot.calleeOf(call);
  return callee.kind === "function" && callee.operation.op === "defer";
}
