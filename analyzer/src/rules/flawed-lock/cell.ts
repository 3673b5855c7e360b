import ts from "typescript";
import type { Binding, Scopes } from "../../plain/scopes.js";
import { bare } from "../../project/syntax.js";

/**
 * A place that several calls of a function share: a field, a variable of an outer scope, an entry of a map
 * that is one of these. Two cells with the same key are taken for the same at one moment.
 */
export interface Cell {
  readonly key: string;
  /** The key without the map's key: `this.locks` of `this.locks.get(id)`. */
  readonly owner: string;
  readonly text: string;
  /** The variable that the path starts from; undefined for `this`. */
  readonly root: Binding | undefined;
}

const lookups = new Set(["get", "has"]);
const maxDepth = 6;

const known = new WeakMap<Scopes, Map<ts.Node, Cell | undefined>>();

/** What an expression reads or writes, if that is a cell. */
export function cellOf(expression: ts.Expression, scopes: Scopes): Cell | undefined {
  let cells = known.get(scopes);
  if (cells === undefined) {
    cells = new Map();
    known.set(scopes, cells);
  }
  let cell = cells.get(expression);
  if (cell === undefined && !cells.has(expression)) {
    cell = resolve(expression, scopes, false, 0);
    cells.set(expression, cell);
  }
  return cell;
}

/** An entry of a map or record, by the text of its key. */
export function entryOf(container: ts.Expression, key: ts.Expression, scopes: Scopes): Cell | undefined {
  return entry(container, key, container.parent, scopes, 0);
}

/** `through`: `const map = this.map` is another name for an object, but only yesterday's value of a field. */
function resolve(
  expression: ts.Expression,
  scopes: Scopes,
  through: boolean,
  depth: number,
): Cell | undefined {
  const at = bare(expression);
  if (depth > maxDepth) return undefined;
  if (at.kind === ts.SyntaxKind.ThisKeyword) {
    const key = `this@${thisHome(at).pos}`;
    return { key, owner: key, text: "this", root: undefined };
  }
  if (ts.isIdentifier(at)) {
    const binding = scopes.bindingOf(at);
    if (binding === undefined) return undefined;
    const alias = aliased(binding, through);
    if (alias !== undefined) return resolve(alias, scopes, through, depth + 1);
    const key = `${binding.name}@${binding.id.pos}`;
    return { key, owner: key, text: at.text, root: binding };
  }
  if (ts.isPropertyAccessExpression(at)) {
    const base = resolve(at.expression, scopes, true, depth + 1);
    return base && step(base, `.${at.name.text}`, at);
  }
  if (ts.isElementAccessExpression(at)) return entry(at.expression, at.argumentExpression, at, scopes, depth);
  if (ts.isCallExpression(at) && at.arguments.length === 1) {
    const callee = bare(at.expression);
    const [key] = at.arguments;
    if (key !== undefined && ts.isPropertyAccessExpression(callee) && lookups.has(callee.name.text))
      return entry(callee.expression, key, at, scopes, depth);
  }
  return undefined;
}

function entry(
  container: ts.Expression,
  key: ts.Expression,
  at: ts.Node,
  scopes: Scopes,
  depth: number,
): Cell | undefined {
  const base = resolve(container, scopes, true, depth + 1);
  const name = bare(key);
  const plain =
    ts.isIdentifier(name) ||
    ts.isStringLiteralLike(name) ||
    ts.isNumericLiteral(name) ||
    ts.isPropertyAccessExpression(name) ||
    ts.isTemplateExpression(name);
  if (base === undefined || !plain) return undefined;
  return step(base, `<${name.getText()}>`, at, base.key);
}

function step(base: Cell, name: string, at: ts.Node, owner?: string): Cell {
  const key = base.key + name;
  return {
    key,
    owner: owner ?? key,
    // Few cells ever come into a message.
    get text() {
      return at.getText();
    },
    root: base.root,
  };
}

/** `const self = this`, `const locks = this.locks`. */
function aliased({ kind, declaration }: Binding, through: boolean): ts.Expression | undefined {
  if (kind !== "const" || !ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name))
    return undefined;
  const value = declaration.initializer && bare(declaration.initializer);
  if (value === undefined) return undefined;
  if (value.kind === ts.SyntaxKind.ThisKeyword) return value;
  return through && ts.isPropertyAccessExpression(value) ? value : undefined;
}

/** What `this` stands for: a class, an object literal, or whatever the file's functions are called on. */
function thisHome(node: ts.Node): ts.Node {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isClassLike(at)) return at;
    if ((ts.isMethodDeclaration(at) || ts.isAccessor(at)) && ts.isObjectLiteralExpression(at.parent))
      return at.parent;
  }
  return node.getSourceFile();
}

/** Whether calls of the function beside each other see one and the same cell. */
export function isShared(cell: Cell, unit: ts.Node): boolean {
  if (cell.root === undefined) return cell.key.includes(".");
  for (let at: ts.Node | undefined = unit.parent; at !== undefined; at = at.parent)
    if (at === cell.root.home) return true;
  return false;
}
