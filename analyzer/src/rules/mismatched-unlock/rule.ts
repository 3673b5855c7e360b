import ts from "typescript";
import type { MismatchedRelease } from "../../facts/observations.js";
import type { Hold } from "../../facts/state.js";
import { methodFor } from "../../model/index.js";
import { bare } from "../../project/syntax.js";
import type { FixPlan, Report, Rule, RuleContext } from "../rule.js";
import { firstPerNode, heldAs, lineOf, lockName, takenNote } from "../text.js";
import { doc, sources } from "./doc.js";

export const mismatchedUnlock: Rule = {
  id: "mismatched-unlock",
  title: "Released on the wrong side",
  severity: "error",
  doc,
  sources,
  *run(context) {
    for (const { observations } of context.units) {
      if (observations.abandoned) continue;
      for (const mismatch of firstPerNode(observations.mismatches, (each) => each.call))
        yield report(mismatch, context);
    }
  },
};

function report({ call, place, mode, hold }: MismatchedRelease, context: RuleContext): Report {
  const released = mode === "read" ? "its read side is released" : "its write side is released";
  return {
    node: call,
    message: `${lockName(call, place.text, context.snapshot)} is ${heldAs(hold.mode)} at line ${lineOf(hold.site)} but ${released} here`,
    related: [takenNote(hold)],
    fixes: [renamed(call, hold, context)],
  };
}

/** `unlock` → `rUnlock` and back: the release that belongs to what is held. */
function renamed(call: ts.CallExpression, hold: Hold, context: RuleContext): FixPlan | undefined {
  const callee = context.snapshot.calleeOf(call);
  const name = bare(call.expression);
  if (callee.kind !== "method" || !ts.isPropertyAccessExpression(name)) return undefined;
  const method = methodFor(
    callee.model,
    (operation) => operation.op === "release" && operation.mode === hold.mode,
  );
  if (method === undefined) return undefined;
  const file = call.getSourceFile();
  return {
    title: `Call ${method}() instead`,
    safety: "safe",
    edits: [{ file, start: name.name.getStart(), end: name.name.getEnd(), text: method }],
  };
}
