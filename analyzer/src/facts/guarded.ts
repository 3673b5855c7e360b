import type ts from "typescript";
import type { UnitFacts } from "../rules/rule.js";

/**
 * Whether one and the same lock call protects everything between two nodes: every point in between at
 * which the task may be suspended is passed with that lock held, on every path.
 */
export function guardedBy(units: readonly UnitFacts[]): (from: ts.Node, to: ts.Node) => boolean {
  return (from, to) =>
    units.some(({ observations }) => {
      let common: ReadonlySet<ts.Node> | undefined;
      for (const [node, ways] of observations.held) {
        if (node.getSourceFile() !== from.getSourceFile() || node.end < from.pos || node.pos > to.end)
          continue;
        if (!observations.suspensions.has(node)) continue;
        for (const holds of ways) {
          const sites = new Set<ts.Node>(holds.map((hold) => hold.site));
          common = common === undefined ? sites : new Set([...common].filter((site) => sites.has(site)));
        }
      }
      return common !== undefined && common.size > 0;
    });
}
