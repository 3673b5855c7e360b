import type { AnyNode, Program } from "acorn";
import { forEachChild, isFunction } from "./tree.js";
import { isLibrary } from "./vocabulary.js";

/** What a file calls the library's exports: by names of their own, or as members of a whole. */
export interface Imported {
  readonly names: ReadonlySet<string>;
  readonly wholes: ReadonlySet<string>;
}

/** Reads import declarations and, wherever they stand, variables that are given a `require` or an `import()`. */
export function findImports(program: Program): Imported {
  const names = new Set<string>();
  const wholes = new Set<string>();
  const visit = (node: AnyNode): void => {
    if (node.type === "ImportDeclaration" && isLibrary(String(node.source.value))) {
      for (const { type, local } of node.specifiers)
        (type === "ImportSpecifier" ? names : wholes).add(local.name);
    } else if (node.type === "VariableDeclarator" && node.init && loadsLibrary(node.init)) {
      if (node.id.type === "Identifier") wholes.add(node.id.name);
      else for (const name of boundBy(node.id)) names.add(name);
    }
    forEachChild(node, visit);
  };
  visit(program);
  return { names, wholes };
}

/** `require("@lockscope/sync")`, `await import("@lockscope/sync")`, and either wrapped as compilers do it. */
function loadsLibrary(node: AnyNode): boolean {
  if (isFunction(node)) return false;
  if (node.type === "ImportExpression") return isLibraryText(node.source);
  if (node.type === "AwaitExpression") return loadsLibrary(node.argument);
  if (node.type !== "CallExpression") return false;
  const [first] = node.arguments;
  if (first === undefined) return false;
  return isLibraryText(first) || loadsLibrary(first);
}

const isLibraryText = (node: AnyNode) => node.type === "Literal" && isLibrary(String(node.value));

function boundBy(pattern: AnyNode): string[] {
  if (pattern.type !== "ObjectPattern") return [];
  return pattern.properties.flatMap((property) =>
    property.type === "Property" && property.value.type === "Identifier" ? [property.value.name] : [],
  );
}
