import ts from "typescript";
import type { Sum } from "../facts/wg-balance.js";
import { bare } from "../project/syntax.js";
import type { RuleContext } from "./rule.js";

type OwnGroup = ts.VariableDeclaration & { readonly name: ts.Identifier };

/** `const wg = new WaitGroup()` in a function: what is all its own business. */
export function ownGroups({ file, snapshot }: RuleContext): OwnGroup[] {
  const found: OwnGroup[] = [];
  if (!/\bWaitGroup\b/.test(file.text)) return found;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) {
      const made = bare(node.initializer);
      if (ts.isNewExpression(made) && snapshot.constructed(made)?.model.kind === "waitgroup")
        found.push(node as OwnGroup);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** What a sum says for sure: too many adds, too many dones, or nothing. */
export function surplus(total: Sum): "adds" | "dones" | undefined {
  const [[name, factor] = ["", 0], second, ...others] = [...total].sort(([a], [b]) => (a < b ? -1 : 1));
  if (others.length > 0 || factor === 0) return undefined;
  // A constant, or a list's length once for each: an empty list is no excuse.
  if (second === undefined) return isCountable(name) ? (factor > 0 ? "adds" : "dones") : undefined;
  const [list, each] = second;
  if (name !== "" || !list.startsWith("len")) return undefined;
  // `1 - urls.length` and its like: one for all where one for each was meant.
  if (factor === 1 && each === -1) return "dones";
  return factor === -1 && each === 1 ? "adds" : undefined;
}

function isCountable(name: string): boolean {
  return name === "" || name.startsWith("len");
}
