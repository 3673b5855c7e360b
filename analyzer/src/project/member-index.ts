import ts from "typescript";
import { type Assigned, assignedIn } from "./assignments.js";
import type { Reader } from "./readings.js";

/**
 * Where members are declared, objects made, functions called and variables assigned, by name: one walk a
 * file, and again only where a file changed. Who asks for a name is said to have read it.
 */
export interface MemberIndex {
  /** Methods and function-valued properties of classes and object literals. */
  named(name: string): readonly ts.Declaration[];
  /** Whether an interface, a type or an abstract class declares a member of this name, for others to implement. */
  isSignature(name: string): boolean;
  isExtended(owner: ts.ClassLikeDeclaration): boolean;
  constructions(owner: ts.ClassLikeDeclaration, checker: ts.TypeChecker): readonly ts.NewExpression[];
  calls(body: ts.SignatureDeclaration, checker: ts.TypeChecker): readonly ts.CallExpression[];
  callsNamed(name: string): readonly ts.CallExpression[];
  /** `x.name = value`. */
  assignments(name: string): readonly ts.BinaryExpression[];
  /** What is assigned under that name in one file, other than where it is declared: see `Assigned`. */
  assignedIn(file: ts.SourceFile, name: string): readonly Assigned[];
}

/** The index of one program after the other. */
export interface MemberIndexes {
  of(program: ts.Program): MemberIndex;
  /** Names, as readers know them, that mean something else than they did in the program before. */
  readonly changed: ReadonlySet<string>;
}

const none: readonly Assigned[] = [];

interface Parts {
  readonly members: ts.Declaration;
  readonly signatures: ts.Declaration;
  readonly news: ts.NewExpression;
  readonly calls: ts.CallExpression;
  readonly assignments: ts.BinaryExpression;
  readonly bases: ts.Node;
  readonly assigned: Assigned;
}
type Part = keyof Parts;
type FileTable = { readonly [P in Part]: ReadonlyMap<string, readonly Parts[P][]> };
const partNames: readonly Part[] = [
  "members",
  "signatures",
  "news",
  "calls",
  "assignments",
  "bases",
  "assigned",
];

export function createMemberIndexes(reader: Reader): MemberIndexes {
  const tables = new Map<string, { readonly source: ts.SourceFile; readonly table: FileTable }>();
  /** By part and name: the files that have it. */
  const holders = new Map<string, Set<string>>();
  const keys: { readonly [P in Part]: Map<string, string> } = {
    members: new Map(),
    signatures: new Map(),
    news: new Map(),
    calls: new Map(),
    assignments: new Map(),
    bases: new Map(),
    assigned: new Map(),
  };
  let changed = new Set<string>();
  let order = new Map<string, number>();

  /** Made once: names are read again and again. */
  function keyOf(part: Part, name: string): string {
    let key = keys[part].get(name);
    if (key === undefined) {
      key = `${part} ${name}`;
      keys[part].set(name, key);
    }
    return key;
  }

  function update(program: ts.Program): void {
    order = new Map();
    changed = new Set();
    for (const source of program.getSourceFiles()) {
      if (source.isDeclarationFile || source.fileName.includes("/node_modules/")) continue;
      order.set(source.fileName, order.size);
      const before = tables.get(source.fileName);
      if (before?.source === source) continue;
      const table = walk(source);
      tables.set(source.fileName, { source, table });
      note(source.fileName, before?.table, table);
    }
    for (const [file, { table }] of tables) {
      if (order.has(file)) continue;
      tables.delete(file);
      note(file, table, undefined);
    }
  }

  function note(file: string, before: FileTable | undefined, table: FileTable | undefined): void {
    for (const part of partNames) {
      const [was, is] = [before?.[part], table?.[part]];
      for (const name of new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])) {
        if (isSame(was?.get(name) ?? [], is?.get(name) ?? [])) continue;
        const key = keyOf(part, name);
        changed.add(key);
        const files = holders.get(key);
        if (!is?.has(name)) files?.delete(file);
        else if (files === undefined) holders.set(key, new Set([file]));
        else files.add(file);
      }
    }
  }

  function look<P extends Part>(part: P, name: string): readonly Parts[P][] {
    const key = keyOf(part, name);
    reader.name(key);
    const files = [...(holders.get(key) ?? [])].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    return files.flatMap((file): readonly Parts[P][] => tables.get(file)?.table[part].get(name) ?? []);
  }

  function has(part: Part, name: string): boolean {
    const key = keyOf(part, name);
    reader.name(key);
    return (holders.get(key)?.size ?? 0) > 0;
  }

  const index: MemberIndex = {
    named: (name) => look("members", name),
    isSignature: (name) => has("signatures", name),
    isExtended: (owner) => owner.name !== undefined && has("bases", owner.name.text),
    constructions(owner, checker) {
      const symbol = owner.name && checker.getSymbolAtLocation(owner.name);
      return look("news", owner.name?.text ?? "").filter(
        ({ expression }) => resolved(expression, checker) === symbol,
      );
    },
    calls: (body, checker) =>
      look("calls", body.name?.getText() ?? "").filter(
        ({ expression }) => resolved(expression, checker)?.declarations?.includes(body) === true,
      ),
    callsNamed: (name) => look("calls", name),
    assignments: (name) => look("assignments", name),
    assignedIn(file, name) {
      reader.name(keyOf("assigned", name));
      const known = tables.get(file.fileName);
      // A file of declarations has no code.
      return (known?.source === file && known.table.assigned.get(name)) || none;
    },
  };

  return {
    of(program) {
      update(program);
      return index;
    },
    get changed() {
      return changed;
    },
  };
}

function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, n) => each === other[n]);
}

function walk(file: ts.SourceFile): FileTable {
  const members = new Map<string, ts.Declaration[]>();
  const signatures = new Map<string, ts.Declaration[]>();
  const news = new Map<string, ts.NewExpression[]>();
  const calls = new Map<string, ts.CallExpression[]>();
  const assignments = new Map<string, ts.BinaryExpression[]>();
  const bases = new Map<string, ts.Node[]>();
  const assigned = new Map<string, Assigned[]>();

  function visit(node: ts.Node): void {
    for (const target of assignedIn(node)) add(assigned, target.text, target);
    if (ts.isMethodDeclaration(node) || ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) {
      if (isFunctionMember(node)) add(members, node.name.getText(file), node);
      else if (!ts.isPropertyAssignment(node)) add(signatures, node.name.getText(file), node);
    } else if (ts.isMethodSignature(node) || ts.isPropertySignature(node)) {
      add(signatures, node.name.getText(file), node);
    } else if (ts.isNewExpression(node)) add(news, lastName(node.expression), node);
    else if (ts.isCallExpression(node)) add(calls, lastName(node.expression), node);
    else if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ExtendsKeyword) {
      for (const base of node.types) add(bases, lastName(base.expression), base);
    } else if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left)
    ) {
      add(assignments, node.left.name.text, node);
    }
    ts.forEachChild(node, visit);
  }
  visit(file);
  return { members, signatures, news, calls, assignments, bases, assigned };
}

function resolved(expression: ts.Expression, checker: ts.TypeChecker): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(
    ts.isPropertyAccessExpression(expression) ? expression.name : expression,
  );
  return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}

function isFunctionMember(
  node: ts.MethodDeclaration | ts.PropertyAssignment | ts.PropertyDeclaration,
): boolean {
  if (ts.isMethodDeclaration(node)) return node.body !== undefined;
  const value = node.initializer;
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
}

function add<T>(table: Map<string, T[]>, name: string, item: T): void {
  const known = table.get(name);
  if (known === undefined) table.set(name, [item]);
  else known.push(item);
}

function lastName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : "";
}
