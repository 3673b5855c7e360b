import type ts from "typescript";
import { type Uses, usesOf } from "../../facts/uses.js";
import { placeOf } from "../../ir/place.js";
import { calledName, eventOf, receiverOf } from "../events.js";
import type { Note, Rule } from "../rule.js";
import { doc, sources } from "./doc.js";

export const condNeverSignalled: Rule = {
  id: "cond-never-signalled",
  title: "Nobody wakes this waiter",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const call of context.calls) {
      if (calledName(call) !== "wait" || eventOf(call, context.snapshot) !== "cond-wait") continue;
      const receiver = receiverOf(call);
      const cond = receiver && placeOf(receiver, context.snapshot);
      const uses = usesOf(cond?.field, context.snapshot);
      // A parameter that nobody was seen to pass something for is the callers' business.
      if (cond === undefined || uses.escapes || uses.constructions.length === 0) continue;
      if (hasSignal(uses) || isTimed(call)) continue;
      yield {
        node: call,
        message: `nobody signals \`${cond.text}\`: who waits here is never woken`,
        related: madeAt(uses),
      };
    }
  },
};

function hasSignal({ calls, methodsPassed }: Uses): boolean {
  const wakes = (method: string) => method === "signal" || method === "broadcast";
  return calls.some(({ method }) => wakes(method)) || [...methodsPassed].some(wakes);
}

/** Given a signal, the wait ends another way. */
function isTimed(call: ts.CallExpression): boolean {
  return call.arguments.length > 0;
}

function madeAt({ constructions }: Uses): Note[] {
  return constructions.map((node) => ({ node, message: "the condition is made here" }));
}
