import { syntaxOf } from "../../facts/syntax-index.js";
import { addBeforeWait, waitAfterAdds } from "../../fixes/waitgroup.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { firstPerNode, lineOf } from "../text.js";
import { unorderedAdds } from "./across.js";
import { doc, sources } from "./doc.js";

export const waitGroupAddAfterWait: Rule = {
  id: "waitgroup-add-after-wait",
  title: "The wait may be over before the add",
  severity: "error",
  doc,
  sources,
  *run(context) {
    for (const { observations } of context.units) {
      if (observations.abandoned) continue;
      // Counted before the wait and counted down by the same code: the counter is above zero in between.
      const late = observations.lateAdds.filter(
        ({ counted, place }) => !counted || !observations.donesHere.has(place.key),
      );
      for (const { add, place, wait } of firstPerNode(late, (each) => each.add)) {
        yield {
          node: add,
          message: `WaitGroup \`${place.text}\` is added to after wait() at line ${lineOf(wait)} may have begun: the wait does not cover this`,
          related: [{ node: wait, message: `\`${place.text}\` is waited for here` }],
          fixes: [addBeforeWait(add, wait), waitAfterAdds(add, wait)],
        };
      }
    }
    yield* acrossTasks(context);
  },
};

/** Two tasks that some function starts: one adds, the other waits, and either may be first. */
function* acrossTasks({ units, file, snapshot, facts }: RuleContext): Iterable<Report> {
  if (!syntaxOf(file).names.has("go")) return;
  for (const { unit } of units) {
    const found = unorderedAdds(unit, snapshot, facts);
    for (const { add, place, wait, adder, waiter } of firstPerNode(found, (each) => each.add)) {
      yield {
        node: add,
        message: `WaitGroup \`${place.text}\` may be added to while wait() already waits, or has returned: nothing puts the two in order`,
        related: [
          { node: adder, message: "this leads to the add" },
          { node: waiter, message: "beside it, this leads to the wait" },
          { node: wait, message: `\`${place.text}\` is waited for here` },
        ],
      };
    }
  }
}
