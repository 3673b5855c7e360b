import ts from "typescript";
import type { Random } from "../support/random.js";
import { header } from "./header.js";

/** Statements about what the header declares, and about locks of their own. */
const alone = [
  "await mu.lock();",
  "mu.unlock();",
  "if (mu.tryLock()) mu.unlock();",
  "await rw.rLock();",
  "rw.rUnlock();",
  "await rw.lock();",
  "rw.unlock();",
  "wg.add(1);",
  "wg.done();",
  "await wg.wait();",
  "go(async () => { await ch.send(1); });",
  "wg.go(async () => { await ch.receive(); });",
  "ch.close();",
  "for await (const each of ch) console.log(each);",
  "await select(onReceive(ch, (v) => v), otherwise(() => 0));",
  "while (!mu.locked) await cond.wait();",
  "cond.signal();",
  "await once.do(async () => { await mu.lock(); });",
  "await sem.acquire(2);",
  "sem.release(2);",
  "const [context, cancel] = withCancel(background());",
  "{ const own = new Mutex(), line = new Channel(); go(async () => { await own.lock(); await line.send(1); own.unlock(); }); await own.lock(); await line.receive(); own.unlock(); }",
  "/** @guardedBy mu */",
];

const around = [
  ["await mu.withLock(async () => {", "});"],
  ["await rw.withRLock(async () => {", "});"],
  ["await mu.lock(); try {", "} finally { mu.unlock(); }"],
  ["go(async () => {", "});"],
  ["{ using guard = await mu.acquire();", "}"],
  ["for (;;) { await mu.lock();", "mu.unlock(); }"],
  ["if (mu.locked) {", "} else { await mu.lock(); }"],
] as const;

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** The text with lock calls between its statements and around some, and with more functions that may wait. */
export function withLockCalls(file: string, text: string, random: Random): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const insertions: Insertion[] = [];
  const density = 60 / (60 + text.length / 100);

  function visitStatement(statement: ts.Statement): void {
    const start = statement.getStart();
    if (random.chance(density)) insertions.push({ at: start, text: `${random.pick(alone)} ` });
    if (!canBeWrapped(statement) || !random.chance(density / 2)) return visit(statement);
    const [before, after] = random.pick(around);
    insertions.push({ at: start, text: `${before} ` });
    visit(statement);
    insertions.push({ at: statement.end, text: ` ${after}` });
  }

  function visit(node: ts.Node): void {
    const into = mayWait(node) ? undefined : asyncPlace(node);
    if (into !== undefined && random.chance(0.5)) insertions.push({ at: into, text: " async " });
    ts.forEachChild(node, (child) =>
      holdsStatements(node) && ts.isStatement(child) ? visitStatement(child) : visit(child),
    );
  }

  visit(source);
  return header + applied(text, insertions);
}

function holdsStatements(node: ts.Node): boolean {
  return (
    ts.isSourceFile(node) || ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node)
  );
}

function canBeWrapped(statement: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(statement) ||
    ts.isIfStatement(statement) ||
    ts.isIterationStatement(statement, false) ||
    ts.isReturnStatement(statement) ||
    ts.isThrowStatement(statement)
  );
}

function mayWait(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)
  );
}

/** Where `async` goes in a function that can be one. */
function asyncPlace(node: ts.Node): number | undefined {
  const isFunction =
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node);
  return isFunction && node.body !== undefined ? (node.modifiers?.end ?? node.getStart()) : undefined;
}

/** In the order of the text; what goes to the same place, in the order in which it was thought of. */
function applied(text: string, insertions: readonly Insertion[]): string {
  let result = "";
  let done = 0;
  for (const { at, text: inserted } of [...insertions].sort((a, b) => a.at - b.at)) {
    result += text.slice(done, at) + inserted;
    done = at;
  }
  return result + text.slice(done);
}
