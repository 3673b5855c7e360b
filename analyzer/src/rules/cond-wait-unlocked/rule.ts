import ts from "typescript";
import { callersOf } from "../../facts/callers.js";
import { type CondLock, condLock, isHeldFor } from "../../facts/cond-lock.js";
import { placeOf } from "../../ir/place.js";
import type { FunctionWithBody } from "../../project/port.js";
import { enclosingFunction, isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import { calledName, eventOf, modelled, receiverOf } from "../events.js";
import type { Note, Rule, RuleContext, UnitFacts } from "../rule.js";
import { doc, sources } from "./doc.js";

/** How far up the callers are asked whether they hold the lock. */
const maxDepth = 4;

export const condWaitUnlocked: Rule = {
  id: "cond-wait-unlocked",
  title: "Waits without the condition's lock",
  severity: "error",
  doc,
  sources,
  *run(context) {
    for (const call of context.calls) {
      if (calledName(call) !== "wait" || eventOf(call, context.snapshot) !== "cond-wait") continue;
      const receiver = receiverOf(call);
      const cond = receiver && placeOf(receiver, context.snapshot);
      if (cond === undefined) continue;
      const lock = condLock(cond, context.snapshot);
      const unheld = whereUnheld(call, lock, context, 0);
      if (unheld === undefined) continue;
      yield {
        node: call,
        message: `\`${cond.text}.wait()\` without holding ${lock === undefined ? `\`${cond.text}.l\`` : `\`${lock.text}\``}: wait gives the lock up first, and nobody holds it`,
        related: unheld,
      };
    }
  },
};

/** The calls that lead to a point at which the lock is surely not held; undefined where it may be. */
function whereUnheld(
  call: ts.CallExpression,
  lock: CondLock | undefined,
  context: RuleContext,
  depth: number,
): Note[] | undefined {
  const seen = unitsWith(call, context);
  const [{ observations, unit } = {}] = seen;
  if (observations === undefined || unit === undefined || seen.length > 1) return undefined;
  if (observations.abandoned || observations.unsure.has(call)) return undefined;
  const ways = observations.held.get(call) ?? [];
  if (ways.length === 0 || ways.every((holds) => isHeldFor(holds, lock))) return undefined;
  // Held on some of the paths: the others took no lock although this function is where it is taken.
  if (ways.some((holds) => isHeldFor(holds, lock))) return [];
  if (ts.isSourceFile(unit) || ts.isClassStaticBlockDeclaration(unit)) return [];
  return unheldByCaller(unit, lock, context, depth);
}

/** The function that runs the call: for a callback that runs at once, the one around it. */
function unitsWith(call: ts.CallExpression, context: RuleContext): UnitFacts[] {
  const file = call.getSourceFile();
  const units = file === context.file ? context.units : context.program();
  const all = units.filter(
    ({ observations, unit }) => unit.getSourceFile() === file && observations.held.has(call),
  );
  const home = enclosingFunction(call);
  const outer = all.filter(({ unit }) => unit !== home);
  return outer.length > 0 ? outer : all;
}

function unheldByCaller(
  unit: FunctionWithBody,
  lock: CondLock | undefined,
  context: RuleContext,
  depth: number,
): Note[] | undefined {
  const { snapshot } = context;
  if (depth >= maxDepth || requiresLock(unit)) return undefined;
  if (isFunctionLiteral(unit)) {
    const { parent, child } = meaningfulParent(unit);
    if (ts.isCallExpression(parent) && parent.expression !== child)
      return startsTask(parent, snapshot)
        ? [{ node: parent, message: "the task that waits is started here" }]
        : undefined;
  }
  const { calls, spawns, passed } = callersOf(unit, snapshot);
  if (passed) return undefined;
  const [spawn] = spawns;
  if (spawn !== undefined) return [{ node: spawn, message: "the task that waits is started here" }];
  if (calls.length === 0) return [];
  for (const call of calls) {
    const above = whereUnheld(call, lock, context, depth + 1);
    if (above !== undefined) return [...above, { node: call, message: "called from here without the lock" }];
  }
  return undefined;
}

function startsTask(call: ts.CallExpression, snapshot: RuleContext["snapshot"]): boolean {
  const op = modelled(call, snapshot)?.operation.op;
  return op === "spawn" || op === "wg-go";
}

/** `@requires mu`: the caller holds it, in writing. */
function requiresLock(unit: ts.Node): boolean {
  return ts
    .getJSDocTags(unit)
    .some((tag) => tag.tagName.text === "requires" || tag.tagName.text === "acquires");
}
