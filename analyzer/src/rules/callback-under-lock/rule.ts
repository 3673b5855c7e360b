import ts from "typescript";
import type { Hold } from "../../facts/state.js";
import { shortText } from "../../project/syntax.js";
import type { Report, RuleContext, TypedRule, UnitFacts } from "../rule.js";
import { isInTest } from "../tests.js";
import { heldAs, lockName, takenNote } from "../text.js";
import { isWaited, type Origin, originOf } from "./callback.js";
import { doc, sources } from "./doc.js";
import { comesBack, isKnownAtCallers, isOpen, isWrapper, outermostFunction, publicTaker } from "./reach.js";

export const callbackUnderLock: TypedRule = {
  id: "callback-under-lock",
  title: "Somebody else's function runs under the lock",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const unit of context.units) {
      if (unit.observations.abandoned) continue;
      for (const [node, ways] of unit.observations.held) {
        if (!ts.isCallExpression(node) || node.getSourceFile() !== context.file) continue;
        const report = reportOf(node, ways, unit, context);
        if (report !== undefined) yield report;
      }
    }
  },
};

function reportOf(
  call: ts.CallExpression,
  ways: readonly (readonly Hold[])[],
  { observations }: UnitFacts,
  context: RuleContext,
): Report | undefined {
  // A lock taken further down comes round a loop: then the loop is the defect.
  const hold = ways
    .flat()
    .find((each) => each.mode !== "permit" && !each.escaped && each.site.pos < call.pos);
  if (hold === undefined || observations.unsure.has(call)) return undefined;
  const { snapshot } = context;
  if (snapshot.calleeOf(call).kind !== "unknown") return undefined;
  const origin = originOf(call, snapshot);
  if (origin === undefined || !isWaited(call, snapshot)) return undefined;
  const taker = publicTaker(hold, context);
  if (taker === undefined || isInTest(call, snapshot)) return undefined;
  const unit = outermostFunction(call);
  if (unit === undefined || !(isOpen(unit) || comesBack(unit, hold, context))) return undefined;
  if (origin === "parameter" && (isWrapper(call, hold) || isKnownAtCallers(call, context))) return undefined;
  return {
    node: call,
    message: `${described[origin]} \`${shortText(call.expression)}\` is called while ${lockName(hold.site, hold.place.text, snapshot)} is ${heldAs(hold.mode)}: if it comes back to ${named(taker)}, it waits for itself for ever`,
    related: [takenNote(hold)],
  };
}

const described: Readonly<Record<Origin, string>> = {
  parameter: "the caller's",
  stored: "the function handed in as",
  option: "the function handed in as",
  event: "whoever listens to",
};

function named(taker: ts.Node): string {
  const holder = ts.isArrowFunction(taker) || ts.isFunctionExpression(taker) ? taker.parent : taker;
  const name = "name" in holder ? (holder.name as ts.Node | undefined)?.getText() : undefined;
  return name === undefined ? "this code" : `\`${name}\``;
}
