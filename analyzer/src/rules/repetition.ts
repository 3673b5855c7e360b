import ts from "typescript";
import type { Report } from "./rule.js";

/** Leaves out what a more precise rule says of the same defect. */
export function withoutRepetition<T extends Report & { readonly rule: string }>(reports: readonly T[]): T[] {
  return reports.filter(({ unlessSaid }) => {
    if (unlessSaid === undefined) return true;
    const { rules, places, around } = unlessSaid;
    const classes = new Set(around && places.map(classAround).filter((found) => found !== undefined));
    return !reports.some(
      ({ rule, node }) =>
        rules.has(rule) &&
        (places.some((place) => isSamePlace(place, node)) ||
          classes.has(classAround(node) as ts.Node) ||
          (around !== undefined && !ts.isSourceFile(around) && isInside(node, around))),
    );
  });
}

function isSamePlace(one: ts.Node, other: ts.Node): boolean {
  return one.getSourceFile() === other.getSourceFile() && one.getStart() === other.getStart();
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  return (
    node.getSourceFile() === outer.getSourceFile() &&
    node.getStart() >= outer.getStart() &&
    node.end <= outer.end
  );
}

function classAround(node: ts.Node): ts.Node | undefined {
  for (let at = node; at !== undefined; at = at.parent) if (ts.isClassLike(at)) return at;
  return undefined;
}
