import ts from "typescript";
import { isAcquire } from "../../plain/race/names.js";
import { racesOf } from "../../plain/race/races.js";
import type { Race } from "../../plain/race/walker.js";
import { bare } from "../../project/syntax.js";
import { raceNotes } from "../races.js";
import type { PlainRule } from "../rule.js";
import { lineOf } from "../text.js";
import { doc, sources } from "./doc.js";
import { shareThePromise } from "./fix.js";

export const lazyInitRace: PlainRule = {
  id: "lazy-init-race",
  title: "Two tasks may both make it",
  severity: "warning",
  doc,
  sources,
  *plain(context) {
    for (const race of racesOf(context)) {
      if (race.kind !== "lazy-init" || isMarkedTwice(race) || isImported(race)) continue;
      const seen = `whoever looks at \`${race.place}\` (line ${lineOf(race.read)}) during the await at line ${lineOf(race.await)}`;
      yield {
        node: race.write,
        message: race.flag
          ? `${seen} does the same work again: it is set only here. Set it before the first await, or share the promise`
          : `${seen} makes it as well: two tasks may both get here. Share the promise, or use Once`,
        related: raceNotes(race),
        fixes: [shareThePromise(race, context.scopes)],
      };
    }
  },
};

/** A constant that is set once more does no harm where nothing but waiting for a lock lay in between. */
function isMarkedTwice({ flag, await: node }: Race): boolean {
  const waited = ts.isAwaitExpression(node) ? bare(node.expression) : node;
  return flag && ts.isCallExpression(waited) && isAcquire(waited);
}

/** `sharp ??= (await import("sharp")).default`: a module is loaded once, however often it is imported. */
function isImported({ write }: Race): boolean {
  if (!ts.isBinaryExpression(write)) return false;
  let value = bare(write.right);
  while (ts.isPropertyAccessExpression(value) || ts.isAwaitExpression(value)) value = bare(value.expression);
  return ts.isCallExpression(value) && value.expression.kind === ts.SyntaxKind.ImportKeyword;
}
