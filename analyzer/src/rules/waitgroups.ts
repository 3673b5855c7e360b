import ts from "typescript";
import { syntaxOf } from "../facts/syntax-index.js";
import type { Sum } from "../facts/wg-balance.js";
import type { Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import type { RuleContext } from "./rule.js";

type OwnGroup = ts.VariableDeclaration & { readonly name: ts.Identifier };

const known = new WeakMap<Snapshot, Map<ts.SourceFile, readonly OwnGroup[]>>();

/** `const wg = new WaitGroup()` in a function: what is all its own business. */
export function ownGroups({ file, snapshot }: RuleContext): readonly OwnGroup[] {
  const { names, variables } = syntaxOf(file);
  if (!names.has("WaitGroup")) return [];
  const files = known.get(snapshot) ?? new Map<ts.SourceFile, readonly OwnGroup[]>();
  known.set(snapshot, files);
  let found = files.get(file);
  if (found === undefined) {
    found = variables.filter(isNamed).filter(({ initializer }) => {
      const made = initializer && bare(initializer);
      if (made === undefined || !ts.isNewExpression(made)) return false;
      return snapshot.constructed(made)?.model.kind === "waitgroup";
    });
    files.set(file, found);
  }
  return found;
}

function isNamed(declaration: ts.VariableDeclaration): declaration is OwnGroup {
  return ts.isIdentifier(declaration.name);
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
