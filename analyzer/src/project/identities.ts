import ts from "typescript";

/**
 * Numbers of declarations, the same from one program to the next: an edit makes new nodes of what it is in,
 * and what is called the same at the same place in the nest of names is still the same variable.
 */
export interface Identities {
  of(symbol: ts.Symbol): number;
}

interface Named {
  readonly id: number;
  readonly declaration: WeakRef<ts.Declaration>;
}

/** `isCurrent`: whether a node is part of the program of now. */
export function createIdentities(isCurrent: (node: ts.Node) => boolean): Identities {
  const ids = new WeakMap<ts.Symbol | ts.Declaration, number>();
  const byName = new Map<string, Named>();
  let last = 0;

  function identify(declaration: ts.Declaration): number {
    const name = nameInFile(declaration);
    const before = byName.get(name);
    const other = before?.declaration.deref();
    // Two of one name in one program: the other blocks' are told apart by nothing but themselves.
    if (other !== undefined && isCurrent(other)) return ++last;
    const id = before?.id ?? ++last;
    byName.set(name, { id, declaration: new WeakRef(declaration) });
    return id;
  }

  return {
    /** By the declaration: a member of a generic class has a symbol for each instantiation. */
    of(symbol) {
      const declaration = symbol.valueDeclaration;
      const key = declaration ?? symbol;
      let id = ids.get(key);
      if (id === undefined) {
        id = declaration === undefined ? ++last : identify(declaration);
        ids.set(key, id);
      }
      return id;
    },
  };
}

function nameInFile(declaration: ts.Declaration): string {
  const names: string[] = [];
  let at: ts.Node = declaration;
  for (; at.parent !== undefined; at = at.parent) {
    const name = ts.getNameOfDeclaration(at as ts.Declaration);
    if (name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) names.push(name.text);
  }
  return `${names.join(" ")} ${declaration.kind} ${at.getSourceFile().fileName}`;
}

const numbers = new WeakMap<ts.Node, number>();
let numbered = 0;

/** A number of one node's own, for keys. */
export function nodeNumber(node: ts.Node): number {
  let number = numbers.get(node);
  if (number === undefined) {
    number = ++numbered;
    numbers.set(node, number);
  }
  return number;
}
