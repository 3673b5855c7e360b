import ts from "typescript";
import type { Snapshot, Variable } from "../../project/port.js";
import { enclosingFunction, meaningfulParent } from "../../project/syntax.js";
import { isConfined, occurrencesOf } from "../occurrences.js";

type Named = Pick<Variable, "name" | "declaration">;

/** The files that can come to a variable or field: by its name, or by that of what gives it back. */
export function filesReaching(variable: Named, snapshot: Snapshot): readonly ts.SourceFile[] {
  const files = new Set<ts.SourceFile>();
  const declarations = new Set<ts.Node>();
  const pending: Named[] = [variable];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const name of occurrencesOf(next, snapshot)) {
      files.add(name.getSourceFile());
      const giver = giverOf(name);
      if (giver === undefined || declarations.has(giver.declaration)) continue;
      declarations.add(giver.declaration);
      pending.push(giver);
    }
  }
  return [...files];
}

/** `get items() { return this.#items; }`, `export const items = store.items`. */
function giverOf(name: ts.Identifier): (Named & { readonly declaration: ts.Declaration }) | undefined {
  const access = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name;
  const { parent, child } = meaningfulParent(access);
  if (ts.isVariableDeclaration(parent))
    return parent.initializer === child && !isConfined(parent) ? named(parent) : undefined;
  if (!ts.isReturnStatement(parent)) return undefined;
  const around = enclosingFunction(parent);
  return ts.isGetAccessor(around) ? named(around) : undefined;
}

function named(declaration: ts.Declaration): (Named & { readonly declaration: ts.Declaration }) | undefined {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))
    ? { name: name.text, declaration }
    : undefined;
}
