import type ts from "typescript";
import type { UnitFacts } from "../rules/rule.js";
import type { Observations } from "./observations.js";

/**
 * Whether one and the same lock call protects everything between two nodes: every point in between at
 * which the task may be suspended is passed with that lock held, on every path.
 */
export function guardedBy(units: readonly UnitFacts[]): (from: ts.Node, to: ts.Node) => boolean {
  const passages = units
    .map(({ observations }) => passagesOf(observations))
    .filter((each) => each.length > 0);
  return (from, to) => {
    if (passages.length === 0) return false;
    const file = from.getSourceFile();
    return passages.some((own) => {
      const between = own.filter(
        ({ node }) => node.end >= from.pos && node.pos <= to.end && node.getSourceFile() === file,
      );
      const [first, ...others] = between.map(({ sites }) => sites);
      return [...(first ?? [])].some((site) => others.every((each) => each.has(site)));
    });
  };
}

interface Passage {
  readonly node: ts.Node;
  /** The lock calls that hold there, whichever way it is passed. */
  readonly sites: ReadonlySet<ts.Node>;
}

/** Where the task may be suspended; none of a function that holds nothing at any of them. */
function passagesOf({ held, suspensions }: Observations): Passage[] {
  const found: Passage[] = [];
  for (const node of suspensions) {
    const [first = [], ...others] = held.get(node) ?? [];
    const common = first.filter(({ site }) =>
      others.every((ways) => ways.some((hold) => hold.site === site)),
    );
    found.push({ node, sites: new Set(common.map(({ site }) => site)) });
  }
  return found.some(({ sites }) => sites.size > 0) ? found : [];
}
