import ts from "typescript";
import { syntaxOf } from "../facts/syntax-index.js";
import { isFunctionLiteral, isGenerator } from "../project/syntax.js";

/** A function that is worth running by itself. */
export interface Entry {
  readonly node: ts.SignatureDeclaration | ts.SourceFile;
  /** What its file declares belongs to this one call: nobody else is at work. */
  readonly closed: boolean;
}

const primitives =
  /\bnew\s+(?:\w+\.)?(?:Mutex|RWMutex|RecursiveMutex|Channel|WaitGroup|Cond|Once|Semaphore|CyclicBarrier|ErrGroup|SingleFlight)\b|\b(?:withCancel|withCancelCause|withTimeout|onceFunc|onceValue)\(/;
const tasks = /\bgo\(|\bPromise\.(?:all|allSettled|race|any)\(|\.join\(\)/;
const waits = /\bawait\b|\bgo\(/;
const library = /["']@lockscope\/sync(?:\/(?:channel|context|group|patterns|atomic))?["']/;
const runners = new Set(["it", "test", "specify"]);

/** Functions that make what they work with, or start tasks; the file's own scenario or top level. */
export function entriesOf(file: ts.SourceFile): readonly Entry[] {
  let entries = known.get(file);
  if (entries === undefined) {
    entries = find(file);
    known.set(file, entries);
  }
  return entries;
}

const known = new WeakMap<ts.SourceFile, readonly Entry[]>();

function find(file: ts.SourceFile): Entry[] {
  const { text } = file;
  if (!waits.test(text) || !library.test(text)) return [];
  const entries: Entry[] = [];
  const whole = defaultExport(file);
  if (whole !== undefined) entries.push({ node: whole, closed: true });
  else if (file.statements.some(isProgram)) entries.push({ node: file, closed: true });
  if (!primitives.test(text) && !tasks.test(text)) return entries;
  for (const node of outerFunctions(file))
    if (node !== whole && isWorthwhile(node)) entries.push({ node, closed: false });
  return entries;
}

function isWorthwhile(node: ts.SignatureDeclaration): boolean {
  if (isGenerator(node) || !("body" in node) || node.body === undefined) return false;
  if (ts.isConstructorDeclaration(node) || ts.isAccessor(node)) return false;
  const text = node.getText();
  if (!waits.test(text)) return false;
  return primitives.test(text) || (/\bnew\s+[A-Z]/.test(text) && tasks.test(text));
}

/** Functions of the file and of its classes, and the bodies of tests: what runs with nothing of others around it. */
function outerFunctions(file: ts.SourceFile): ts.SignatureDeclaration[] {
  const found: ts.SignatureDeclaration[] = [];
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement)) found.push(statement);
    else if (ts.isClassDeclaration(statement))
      found.push(...statement.members.filter(ts.isMethodDeclaration));
    else if (ts.isVariableStatement(statement)) {
      for (const { initializer } of statement.declarationList.declarations)
        if (initializer !== undefined && isFunctionLiteral(initializer)) found.push(initializer);
    }
  }
  for (const call of syntaxOf(file).calls)
    if (isTest(call)) found.push(...call.arguments.filter(isFunctionLiteral));
  return found.sort((a, b) => a.pos - b.pos);
}

function isTest(call: ts.CallExpression): boolean {
  let callee: ts.Expression = call.expression;
  while (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) callee = callee.expression;
  return ts.isIdentifier(callee) && runners.has(callee.text);
}

/** `export default async function scenario()`, without parameters that must be given. */
function defaultExport(file: ts.SourceFile): ts.SignatureDeclaration | undefined {
  for (const statement of file.statements) {
    if (
      ts.isFunctionDeclaration(statement) &&
      ts.getCombinedModifierFlags(statement) & ts.ModifierFlags.Default
    )
      return statement.body !== undefined && callable(statement) ? statement : undefined;
    if (!ts.isExportAssignment(statement)) continue;
    const { expression } = statement;
    if (ts.isArrowFunction(expression) || ts.isFunctionExpression(expression))
      return callable(expression) ? expression : undefined;
    if (!ts.isIdentifier(expression)) return undefined;
    const named = functionNamed(file, expression.text);
    return named !== undefined && callable(named) ? named : undefined;
  }
  return undefined;
}

function functionNamed(file: ts.SourceFile, name: string): ts.SignatureDeclaration | undefined {
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name?.text === name && statement.body)
      return statement;
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name: own, initializer } of statement.declarationList.declarations)
      if (
        ts.isIdentifier(own) &&
        own.text === name &&
        initializer !== undefined &&
        (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
      )
        return initializer;
  }
  return undefined;
}

function callable(node: ts.SignatureDeclaration): boolean {
  return node.parameters.every(
    ({ initializer, questionToken, dotDotDotToken }) =>
      initializer !== undefined || questionToken !== undefined || dotDotDotToken !== undefined,
  );
}

/** A statement by which a file does something when it is loaded, and not only registers tests. */
function isProgram(statement: ts.Statement): boolean {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.some(
      ({ initializer }) => initializer !== undefined && ts.isAwaitExpression(initializer),
    );
  if (!ts.isExpressionStatement(statement))
    return ts.isIterationStatement(statement, false) || ts.isTryStatement(statement);
  let at: ts.Expression = statement.expression;
  while (ts.isAwaitExpression(at) || ts.isVoidExpression(at)) at = at.expression;
  if (!ts.isCallExpression(at)) return false;
  const root = at.expression.getText();
  return !/^(?:describe|it|test|suite|before|after|specify)\b/.test(root);
}
