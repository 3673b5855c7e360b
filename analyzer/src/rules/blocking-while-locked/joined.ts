import ts from "typescript";
import { keepsOut } from "../../facts/permits.js";
import type { Hold } from "../../facts/state.js";
import type { FunctionWithBody } from "../../project/port.js";
import { bare, isAsync, isFunctionLiteral } from "../../project/syntax.js";
import type { Report, RuleContext } from "../rule.js";
import { heldAs, lineOf, takenNote } from "../text.js";

/** `await Promise.all(items.map(async (item) => { await mu.lock(); … }))` with `mu` held. */
export function* joinedUnderLock(context: RuleContext): Iterable<Report> {
  for (const { observations } of context.units) {
    if (observations.abandoned) continue;
    for (const [node, ways] of observations.held) {
      if (!ts.isCallExpression(node) || ways.every((holds) => holds.length === 0)) continue;
      if (!observations.suspensions.has(node) || !isJoin(node, context)) continue;
      const found = firstThatNeeds(node, ways.flat(), context);
      if (found === undefined) continue;
      const { hold, site } = found;
      yield {
        node,
        message: `This waits with \`${hold.place.text}\` ${heldAs(hold.mode)} since line ${lineOf(hold.site)} for functions that need that lock (line ${lineOf(site)}): neither goes on`,
        related: [takenNote(hold), { node: site, message: `\`${hold.place.text}\` is needed here` }],
      };
    }
  }
}

function isJoin(call: ts.CallExpression, { snapshot }: RuleContext): boolean {
  const callee = snapshot.calleeOf(call);
  return (
    callee.kind === "builtin" &&
    callee.owner === "PromiseConstructor" &&
    (callee.name === "all" || callee.name === "allSettled")
  );
}

function firstThatNeeds(
  join: ts.CallExpression,
  holds: readonly Hold[],
  { facts, snapshot }: RuleContext,
): { hold: Hold; site: ts.Node } | undefined {
  const list = join.arguments[0] && bare(join.arguments[0]);
  if (list === undefined || !ts.isCallExpression(list)) return undefined;
  const callback = list.arguments[0] && bare(list.arguments[0]);
  const access = bare(list.expression);
  const maps = ts.isPropertyAccessExpression(access) && access.name.text === "map";
  if (!maps || callback === undefined || !isFunctionLiteral(callback)) return undefined;
  const body = callback as FunctionWithBody;
  // What is not async runs here and now, and is `reentrant-lock`'s.
  if (!isAsync(callback)) return undefined;
  for (const wanted of facts.of(body).summary.acquires) {
    const hold = holds.find(
      (each) => each.place.key === wanted.place.key && keepsOut(each.mode, wanted.mode, each.place, snapshot),
    );
    if (hold !== undefined) return { hold, site: wanted.site };
  }
  return undefined;
}
