import ts from "typescript";
import { type Place, placeOf } from "../ir/place.js";
import { keepAnswers } from "../project/kept-answers.js";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { bare, enclosingFunction, isAsync, isFunctionLiteral, meaningfulParent } from "../project/syntax.js";
import type { Facts } from "./facts.js";
import { callsByPiece, syntaxOf } from "./syntax-index.js";
import { placeAtCall } from "./wg-dones.js";

/** A task that counts a WaitGroup down, where it is started. */
export interface CountingTask {
  readonly start: ts.CallExpression;
  readonly body: FunctionWithBody;
  /** The group, as the task names it and as its starter does. */
  readonly inner: Place;
  readonly place: Place;
}

type Start = Pick<CountingTask, "start" | "body">;

/** The tasks that are started in a file: by `go`, or an async function that nobody waits for. */
export function countingTasks(file: ts.SourceFile, snapshot: Snapshot, facts: Facts): CountingTask[] {
  return [...callsByPiece(syntaxOf(file))].flatMap(([piece, calls]) =>
    startsAmong(piece, snapshot, () => calls.flatMap((call) => startOf(call, snapshot) ?? [])).flatMap(
      (start) => countedDown(start, snapshot, facts),
    ),
  );
}

const startsAmong = keepAnswers<readonly Start[]>();

function startOf(start: ts.CallExpression, snapshot: Snapshot): Start | undefined {
  const body = taskOf(start, snapshot);
  return body && { start, body };
}

/** The groups that a task counts down. */
function countedDown({ start, body }: Start, snapshot: Snapshot, facts: Facts): CountingTask[] {
  const found = new Map<string, CountingTask>();
  for (const use of facts.of(body).summary.waitGroups) {
    const place = use.what === "done" ? placeAtCall(use.place, start, body, snapshot) : undefined;
    if (place !== undefined) found.set(use.place.key, { start, body, inner: use.place, place });
  }
  return [...found.values()];
}

function taskOf(call: ts.CallExpression, snapshot: Snapshot): FunctionWithBody | undefined {
  if (!isDropped(call) && !mayStart(call, snapshot)) return undefined;
  const callee = snapshot.calleeOf(call);
  if (callee.kind === "function" || callee.kind === "method") {
    const starts = callee.operation.op === "spawn";
    return starts && call.arguments[0] ? snapshot.bodyOf(call.arguments[0]) : undefined;
  }
  if (!isDropped(call)) return undefined;
  const literal = bare(call.expression);
  if (isFunctionLiteral(literal)) return isAsync(literal) ? (literal as FunctionWithBody) : undefined;
  return callee.kind === "body" && isAsync(callee.declaration) ? callee.declaration : undefined;
}

/** By its text: `go(work)`, `sync.go(work)`, `tasks.run(work)`. */
function mayStart(call: ts.CallExpression, snapshot: Snapshot): boolean {
  if (call.arguments.length === 0) return false;
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return true;
  return ts.isIdentifier(callee.expression) || snapshot.isMethodName(callee.name.text);
}

function isDropped(call: ts.Node): boolean {
  const { parent } = meaningfulParent(call);
  return ts.isExpressionStatement(parent) || ts.isVoidExpression(parent);
}

/** The add that counts a task: the last one before its start, in its function or in one around it. */
export function addFor(task: CountingTask, snapshot: Snapshot): ts.CallExpression | undefined {
  let found: ts.CallExpression | undefined;
  const { start, place } = task;
  const visit = (node: ts.Node): void => {
    if (node.pos >= start.pos) return;
    if (ts.isCallExpression(node) && node.end <= start.pos && addsTo(node, snapshot) === place.key)
      found = node;
    ts.forEachChild(node, visit);
  };
  for (let home = enclosingFunction(start); found === undefined; home = enclosingFunction(home)) {
    visit(home);
    if (home.parent === undefined) break;
  }
  return found;
}

/** The key of the group that a call adds to. */
export function addsTo(call: ts.CallExpression, snapshot: Snapshot): string | undefined {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== "add") return undefined;
  const operation = snapshot.calleeOf(call);
  if (operation.kind !== "method" || operation.operation.op !== "wg-add") return undefined;
  return placeOf(callee.expression, snapshot)?.key;
}

/** The number that is added; undefined where it is not written there. */
export function addedBy(call: ts.CallExpression): number | undefined {
  const delta = call.arguments[0] && bare(call.arguments[0]);
  if (delta === undefined) return undefined;
  if (ts.isNumericLiteral(delta)) return Number(delta.text);
  const minus = ts.isPrefixUnaryExpression(delta) && delta.operator === ts.SyntaxKind.MinusToken;
  return minus && ts.isNumericLiteral(delta.operand) ? -Number(delta.operand.text) : undefined;
}
