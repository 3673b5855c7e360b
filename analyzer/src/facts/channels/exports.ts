import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import type { CallTable } from "./gather-calls.js";
import type { Slots } from "./slots.js";
import type { FlowGraph, Slot } from "./values.js";

/** Whether other modules can name a declaration at the top of its file. */
export function isExported(node: ts.Node): boolean {
  const statement = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const marked =
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false);
  if (marked) return true;
  const name = ts.getNameOfDeclaration(node as ts.Declaration);
  return name !== undefined && ts.isIdentifier(name) && exportedNames(node.getSourceFile()).has(name.text);
}

const lists = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

/** `export { a, b }`, `export default a`, `module.exports = …`. */
function exportedNames(file: ts.SourceFile): ReadonlySet<string> {
  const known = lists.get(file);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const all = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, all);
  };
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier) all(statement);
    if (ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression)) all(statement);
    if (ts.isExpressionStatement(statement) && /^\s*(module\.)?exports\b/.test(statement.getText()))
      all(statement);
  }
  lists.set(file, names);
  return names;
}

export function isPrivateMember(member: ts.Node): boolean {
  const name = ts.getNameOfDeclaration(member as ts.Declaration);
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (
    (name !== undefined && ts.isPrivateIdentifier(name)) ||
    (ts.getCombinedModifierFlags(member as ts.Declaration) & hidden) !== 0
  );
}

/** Names of classes whose instances others get hold of: made in what is exported. */
export function handedOutClasses(files: readonly ts.SourceFile[]): ReadonlySet<string> {
  const found = new Set<string>();
  const made = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && ts.isIdentifier(node.expression)) found.add(node.expression.text);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, made);
  };
  for (const file of files) {
    for (const statement of file.statements) {
      if (ts.isVariableStatement(statement))
        for (const declaration of statement.declarationList.declarations)
          if (declaration.initializer && isExported(declaration)) made(declaration.initializer);
      if (ts.isExportAssignment(statement)) made(statement.expression);
      if (ts.isExpressionStatement(statement) && /^\s*(module\.)?exports\b/.test(statement.getText()))
        made(statement);
      if (ts.isFunctionDeclaration(statement) && isExported(statement)) {
        const returns = (node: ts.Node): void => {
          if (ts.isReturnStatement(node) && node.expression) made(node.expression);
          if (!ts.isFunctionLike(node) || node === statement) ts.forEachChild(node, returns);
        };
        returns(statement);
      }
    }
  }
  return found;
}

/**
 * What other modules can get hold of and nobody here is seen to use belongs to programs that are not seen:
 * results of exported functions that nobody calls, fields of exported classes that nobody constructs,
 * exported variables that no other file mentions.
 */
export function exposeExports(
  files: readonly ts.SourceFile[],
  snapshot: Snapshot,
  graph: FlowGraph,
  slots: Slots,
  table: CallTable,
): void {
  const called = new Set<ts.Node>();
  for (const site of table.sites.values())
    for (const body of [...site.runs, ...site.starts]) called.add(body);
  const mentioned = mentions(files);
  const out = (slot: Slot) => graph.flow(slot, slots.outside);

  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.body && isExported(node) && !called.has(node))
      out(slots.result(node as FunctionWithBody));
    if (ts.isClassDeclaration(node) && isExported(node)) exposeClass(node);
    if (ts.isVariableDeclaration(node) && isTopLevel(node) && isExported(node)) exposeVariable(node);
    if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };

  function exposeClass(node: ts.ClassDeclaration): void {
    const made = node.name !== undefined && table.constructions.has(node.name.text);
    for (const member of node.members) {
      if (isPrivateMember(member)) continue;
      if ((ts.isMethodDeclaration(member) || ts.isGetAccessor(member)) && member.body) {
        const used = ts.isGetAccessor(member) ? made : called.has(member);
        if (!used) out(slots.result(member as FunctionWithBody));
      }
      if (ts.isPropertyDeclaration(member) && !made && ts.isIdentifier(member.name)) {
        const variable = snapshot.variableOf(member.name);
        if (variable) out(slots.variable(variable.id));
      }
    }
  }

  function exposeVariable(node: ts.VariableDeclaration): void {
    if (!ts.isIdentifier(node.name)) return;
    const elsewhere = [...(mentioned.get(node.name.text) ?? [])].some(
      (file) => file !== node.getSourceFile(),
    );
    const variable = elsewhere ? undefined : snapshot.variableOf(node.name);
    if (variable === undefined) return;
    for (const value of slots.variable(variable.id).values)
      if (value.kind !== "function") graph.add(slots.outside, value);
      else if (!called.has(value.body)) out(slots.result(value.body));
  }

  for (const file of files) visit(file);
}

function isTopLevel(node: ts.VariableDeclaration): boolean {
  return ts.isVariableStatement(node.parent.parent) && ts.isSourceFile(node.parent.parent.parent);
}

function mentions(files: readonly ts.SourceFile[]): Map<string, Set<ts.SourceFile>> {
  const found = new Map<string, Set<ts.SourceFile>>();
  for (const file of files) {
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) found.set(node.text, (found.get(node.text) ?? new Set()).add(file));
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}
