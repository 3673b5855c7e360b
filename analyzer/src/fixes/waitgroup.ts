import ts from "typescript";
import { placeOf } from "../ir/place.js";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { bare, isFunctionLiteral } from "../project/syntax.js";
import type { Edit, FixPlan } from "../rules/rule.js";
import { indentOf, indentUnit, lineStart, newLine, removal } from "./layout.js";
import { enclosingStatement, listOf, statementOf } from "./statements.js";

/** `go(() => { wg.add(1); … })` → `wg.add(1); go(() => { … })`. */
export function addBeforeTask(add: ts.CallExpression, spawn: ts.Node): FixPlan | undefined {
  const statement = statementOf(add);
  const started = enclosingStatement(spawn);
  // A callback of forEach is many tasks: one add before it is not enough.
  if (!ts.isCallExpression(spawn)) return undefined;
  if (statement === undefined || started === undefined || !isInside(add, spawn) || !isPlain(add))
    return undefined;
  return {
    title: "Add before the task starts",
    safety: "safe",
    edits: [removal(statement), insertBefore(started, `${add.getText()};`)],
  };
}

/** `await wg.wait(); … wg.add(1);` in one block: the add goes first. */
export function addBeforeWait(add: ts.CallExpression, wait: ts.Node): FixPlan | undefined {
  const statement = statementOf(add);
  const list = statement && listOf(statement);
  if (statement === undefined || list === undefined || !isPlain(add)) return undefined;
  const waiting = list.find((other) => isInside(wait, other));
  if (waiting === undefined || list.indexOf(waiting) >= list.indexOf(statement)) return undefined;
  return {
    title: "Add before the wait",
    safety: "unsafe",
    edits: [removal(statement), insertBefore(waiting, `${add.getText()};`)],
  };
}

/** The waiter was started first, and the adds come in a loop: the waiter goes behind it. */
export function waitAfterAdds(add: ts.CallExpression, wait: ts.Node): FixPlan | undefined {
  const waiting = outermostApart(wait, add);
  const list = waiting && listOf(waiting);
  const adding = list?.find((other) => isInside(add, other));
  if (waiting === undefined || list === undefined || adding === undefined) return undefined;
  const [from, to] = [list.indexOf(waiting), list.indexOf(adding)];
  // Within one block the add itself can move, and what is used in between has to stay before it.
  if (from >= to || statementOf(add) === adding || isUsedIn(waiting, list.slice(from + 1, to + 1)))
    return undefined;
  const file = add.getSourceFile();
  const end = adding.getEnd();
  const moved = `${newLine(file)}${newLine(file)}${indentOf(adding)}${waiting.getText()}`;
  return {
    title: "Wait after the adds",
    safety: "unsafe",
    edits: [removal(waiting), { file, start: end, end, text: moved }],
  };
}

/** The largest statement around one node that the other is not part of. */
function outermostApart(inner: ts.Node, other: ts.Node): ts.Statement | undefined {
  let found: ts.Statement | undefined;
  for (let at: ts.Node = inner; at.parent !== undefined && !isInside(other, at); at = at.parent) {
    if (ts.isStatement(at) && listOf(at) !== undefined) found = at;
  }
  return found;
}

function isUsedIn(declaring: ts.Statement, statements: readonly ts.Statement[]): boolean {
  if (!ts.isVariableStatement(declaring)) return false;
  const names = new Set(declaring.declarationList.declarations.map((each) => each.name.getText()));
  let used = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.has(node.text)) used = true;
    ts.forEachChild(node, visit);
  };
  statements.forEach(visit);
  return used;
}

/** `go(() => { wg.add(1); try { … } finally { wg.done(); } })` → `wg.go(() => { … })`. */
export function countedByGroup(
  add: ts.CallExpression,
  spawn: ts.Node,
  snapshot: Snapshot,
): FixPlan | undefined {
  const statement = statementOf(add);
  if (
    statement === undefined ||
    !ts.isCallExpression(spawn) ||
    spawn.arguments.length !== 1 ||
    !isInside(add, spawn)
  )
    return undefined;
  const callee = snapshot.calleeOf(spawn);
  const task = spawn.arguments[0] && bare(spawn.arguments[0]);
  const counter = ts.isPropertyAccessExpression(bare(add.expression))
    ? (bare(add.expression) as ts.PropertyAccessExpression).expression
    : undefined;
  if (
    callee.kind !== "function" ||
    callee.operation.op !== "spawn" ||
    task === undefined ||
    counter === undefined
  )
    return undefined;
  if (!isFunctionLiteral(task) || !ts.isBlock(task.body) || add.arguments[0]?.getText() !== "1")
    return undefined;
  const undone = withoutDone(
    task as FunctionWithBody & { body: ts.Block },
    placeOf(counter, snapshot)?.key,
    snapshot,
  );
  if (undone === undefined) return undefined;
  const name: Edit = {
    file: spawn.getSourceFile(),
    start: spawn.expression.getStart(),
    end: spawn.expression.getEnd(),
    text: `${counter.getText()}.go`,
  };
  return {
    title: `Start it by ${counter.getText()}.go()`,
    safety: "safe",
    edits: [name, removal(statement), ...undone],
  };
}

/** Edits that take the task's one `done()` away; undefined where it is not in one of the usual places. */
function withoutDone(
  task: FunctionWithBody & { readonly body: ts.Block },
  group: string | undefined,
  snapshot: Snapshot,
): Edit[] | undefined {
  const dones: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = snapshot.calleeOf(node);
      const isDone = callee.kind === "method" && callee.operation.op === "wg-done";
      if (isDone && placeOf(callee.receiver, snapshot)?.key === group) dones.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(task.body);
  const [done] = dones;
  if (done === undefined || dones.length !== 1) return undefined;
  const deferred = enclosingStatement(done);
  if (deferred !== undefined && ts.isVariableStatement(deferred) && deferred.parent === task.body)
    return [removal(deferred)];
  const statement = statementOf(done);
  const last = task.body.statements.at(-1);
  if (statement === undefined || last === undefined) return undefined;
  if (statement === last) return [removal(statement)];
  const isFinally =
    ts.isTryStatement(last) &&
    last.finallyBlock?.statements.length === 1 &&
    last.finallyBlock.statements[0] === statement;
  return isFinally && last.catchClause === undefined ? unwrapTry(last) : undefined;
}

/** `try { … } finally { … }` → what is in the try, one level to the left. */
function unwrapTry(statement: ts.TryStatement): Edit[] | undefined {
  const file = statement.getSourceFile();
  const { statements } = statement.tryBlock;
  const [first, last] = [statements[0], statements.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const body = file.text.slice(lineStart(file.text, first.getStart()), last.getEnd());
  const level = indentUnit(file);
  const lines = body.split("\n").map((line) => (line.startsWith(level) ? line.slice(level.length) : line));
  return [
    {
      file,
      start: lineStart(file.text, statement.getStart()),
      end: statement.getEnd(),
      text: lines.join("\n"),
    },
  ];
}

function insertBefore(statement: ts.Statement, text: string): Edit {
  const file = statement.getSourceFile();
  const start = statement.getStart();
  return { file, start, end: start, text: `${text}${newLine(file)}${indentOf(statement)}` };
}

/** An argument that means the same anywhere. */
function isPlain(add: ts.CallExpression): boolean {
  return add.arguments.every((argument) => ts.isNumericLiteral(argument));
}

function isInside(inner: ts.Node, outer: ts.Node): boolean {
  return (
    inner.getSourceFile() === outer.getSourceFile() &&
    outer.getStart() <= inner.getStart() &&
    inner.getEnd() <= outer.getEnd()
  );
}
