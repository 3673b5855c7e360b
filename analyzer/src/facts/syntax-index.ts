import ts from "typescript";
import type { Unit } from "../ir/lower.js";
import { pieceOf } from "../project/pieces.js";

/**
 * What rules and tables look for in the syntax of one file, found in one walk. It is kept with the file's
 * tree: while somebody edits another file, this one's stands.
 */
export interface SyntaxIndex {
  /** Identifiers by their text, `#mu` with its sign; in the order of the text, as everything here. */
  readonly names: ReadonlyMap<string, readonly ts.Identifier[]>;
  readonly calls: readonly ts.CallExpression[];
  /** Functions that have a body, and what else has a graph of its own; the file itself first. */
  readonly units: readonly Unit[];
  readonly constructions: readonly ts.NewExpression[];
  readonly variables: readonly ts.VariableDeclaration[];
  readonly spreads: readonly ts.SpreadAssignment[];
  readonly properties: readonly ts.PropertyAssignment[];
  readonly assignments: readonly ts.BinaryExpression[];
  /** `import { a as b }`: the local names by the imported one. */
  readonly renamedImports: ReadonlyMap<string, readonly string[]>;
}

const indexes = new WeakMap<ts.SourceFile, SyntaxIndex>();

export function syntaxOf(file: ts.SourceFile): SyntaxIndex {
  let index = indexes.get(file);
  if (index === undefined) {
    index = walk(file);
    indexes.set(file, index);
  }
  return index;
}

/** The calls in a node of the file, those of nested functions too. */
export function callsWithin({ calls }: SyntaxIndex, { pos, end }: ts.Node): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  for (let at = firstFrom(calls, pos); at < calls.length; at += 1) {
    const call = calls[at];
    if (call === undefined || call.pos >= end) break;
    if (call.end <= end) found.push(call);
  }
  return found;
}

const pieces = new WeakMap<SyntaxIndex, ReadonlyMap<ts.Node, readonly ts.CallExpression[]>>();

/** The calls of the file by the piece that they are in. */
export function callsByPiece(index: SyntaxIndex): ReadonlyMap<ts.Node, readonly ts.CallExpression[]> {
  let found = pieces.get(index);
  if (found === undefined) {
    const groups = new Map<ts.Node, ts.CallExpression[]>();
    for (const call of index.calls) {
      const piece = pieceOf(call);
      const known = groups.get(piece);
      if (known === undefined) groups.set(piece, [call]);
      else known.push(call);
    }
    found = groups;
    pieces.set(index, found);
  }
  return found;
}

/** The nodes are in the order of the text. */
function firstFrom(nodes: readonly ts.Node[], pos: number): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.pos ?? pos) < pos) low = middle + 1;
    else high = middle;
  }
  return low;
}

function walk(file: ts.SourceFile): SyntaxIndex {
  const names = new Map<string, ts.Identifier[]>();
  const calls: ts.CallExpression[] = [];
  const units: Unit[] = [file];
  const constructions: ts.NewExpression[] = [];
  const variables: ts.VariableDeclaration[] = [];
  const spreads: ts.SpreadAssignment[] = [];
  const properties: ts.PropertyAssignment[] = [];
  const assignments: ts.BinaryExpression[] = [];
  const renamedImports = new Map<string, string[]>();
  // By kind: every node of every file comes by here.
  const visit = (node: ts.Node): void => {
    if (isUnit(node)) units.push(node);
    switch (node.kind) {
      case ts.SyntaxKind.Identifier:
      case ts.SyntaxKind.PrivateIdentifier:
        add(names, (node as ts.Identifier).text, node as ts.Identifier);
        return;
      case ts.SyntaxKind.CallExpression:
        calls.push(node as ts.CallExpression);
        break;
      case ts.SyntaxKind.NewExpression:
        constructions.push(node as ts.NewExpression);
        break;
      case ts.SyntaxKind.VariableDeclaration:
        variables.push(node as ts.VariableDeclaration);
        break;
      case ts.SyntaxKind.SpreadAssignment:
        spreads.push(node as ts.SpreadAssignment);
        break;
      case ts.SyntaxKind.PropertyAssignment:
        properties.push(node as ts.PropertyAssignment);
        break;
      case ts.SyntaxKind.BinaryExpression:
        if ((node as ts.BinaryExpression).operatorToken.kind === ts.SyntaxKind.EqualsToken)
          assignments.push(node as ts.BinaryExpression);
        break;
      case ts.SyntaxKind.ImportSpecifier: {
        const { propertyName, name } = node as ts.ImportSpecifier;
        if (propertyName !== undefined) add(renamedImports, propertyName.text, name.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return { names, calls, units, constructions, variables, spreads, properties, assignments, renamedImports };
}

function isUnit(node: ts.Node): node is Unit {
  if (node.kind === ts.SyntaxKind.ClassStaticBlockDeclaration) return true;
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

function add<T>(table: Map<string, T[]>, name: string, item: T): void {
  const known = table.get(name);
  if (known === undefined) table.set(name, [item]);
  else known.push(item);
}
