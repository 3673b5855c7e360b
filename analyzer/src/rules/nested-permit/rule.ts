import type { Reacquisition } from "../../facts/observations.js";
import { permitsOf } from "../../facts/permits.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { firstPerNode, lineOf, lockName } from "../text.js";
import { doc, sources } from "./doc.js";

export const nestedPermit: Rule = {
  id: "nested-permit",
  title: "A permit is waited for while one is held",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const { observations } of context.units) {
      if (observations.abandoned) continue;
      const found = observations.reacquisitions.filter((each) => isOfMany(each, context));
      for (const each of firstPerNode(found, (one) => one.call)) yield report(each, context);
    }
  },
};

/** Of a semaphore: who holds a recursive mutex may take it again. */
function isOfMany({ call, hold, mode, through }: Reacquisition, { snapshot }: RuleContext): boolean {
  if (mode !== "permit" || hold.mode !== "permit") return false;
  const callee = snapshot.calleeOf(through?.site ?? call);
  return callee.kind === "method" && callee.model.kind === "semaphore";
}

function report({ call, place, hold, through }: Reacquisition, { snapshot }: RuleContext): Report {
  const name = lockName(through?.site ?? call, place.text, snapshot);
  const size = permitsOf(place, snapshot);
  const starve =
    size === 1
      ? "there is no other, so the task waits for itself"
      : "as many such tasks as there are permits wait for each other for ever";
  const where = through === undefined ? "" : ` by this call (line ${lineOf(through.site)})`;
  return {
    node: call,
    message: `Another permit of ${name} is waited for${where} while the one of line ${lineOf(hold.site)} is held: ${starve}`,
    related: [
      { node: hold.site, message: `a permit of \`${hold.place.text}\` is taken here` },
      ...(through === undefined
        ? []
        : [
            ...through.chain.map((node) => ({ node, message: "which calls this" })),
            { node: through.site, message: `another permit of \`${place.text}\` is waited for here` },
          ]),
    ],
  };
}
