import type ts from "typescript";
import { constantOf, permitsOf } from "../../facts/permits.js";
import { placeOf } from "../../ir/place.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { lockName } from "../text.js";
import { doc, sources } from "./doc.js";

export const semaphoreOverAcquire: Rule = {
  id: "semaphore-over-acquire",
  title: "More permits than there are",
  severity: "error",
  doc,
  sources,
  *run(context) {
    for (const call of context.calls) {
      const report = reportOf(call, context);
      if (report !== undefined) yield report;
    }
  },
};

function reportOf(call: ts.CallExpression, { snapshot }: RuleContext): Report | undefined {
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "method" || callee.model.kind !== "semaphore") return undefined;
  const { operation } = callee;
  if (operation.op !== "acquire" && operation.op !== "try-acquire") return undefined;
  const argument = operation.amount === undefined ? undefined : call.arguments[operation.amount];
  const wanted = argument && constantOf(argument, snapshot);
  if (wanted === undefined) return undefined;
  const place = placeOf(callee.receiver, snapshot);
  const size = place && permitsOf(place, snapshot);
  if (place === undefined || size === undefined || wanted <= size) return undefined;
  const made = place.field?.declaration;
  const waits = operation.op === "acquire" ? "this waits for ever" : "this never succeeds";
  return {
    node: call,
    message: `${lockName(call, place.text, snapshot)} has ${size} ${size === 1 ? "permit" : "permits"}, and ${wanted} are asked for: ${waits}`,
    related: made ? [{ node: made, message: `\`${place.text}\` is made here, with ${size}` }] : [],
  };
}
