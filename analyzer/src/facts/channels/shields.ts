import ts from "typescript";
import { nodesOf, reachable } from "./arrival.js";
import type { World } from "./concurrency.js";
import { askedVariables, leadingTo, writtenIn } from "./guards.js";
import type { ChannelOperation, ChannelProgram } from "./program.js";

/** What runs only once, or asks the channel, or expects the error. */
export function isShielded(operation: ChannelOperation): boolean {
  for (let at = operation.node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isTryStatement(parent) && parent.tryBlock === at && parent.catchClause) return true;
    if (ts.isIfStatement(parent) && /\.closed\b/.test(parent.expression.getText())) return true;
    if (ts.isBinaryExpression(parent) && parent.right === at && /\.closed\b/.test(parent.left.getText()))
      return true;
    if (ts.isConditionalExpression(parent) && /\.closed\b/.test(parent.condition.getText())) return true;
    if (ts.isWhileStatement(parent) && /\.closed\b/.test(parent.expression.getText())) return true;
    if (ts.isCallExpression(parent) && isOnce(parent)) return true;
    if (ts.isFunctionLike(at)) {
      if (returnsWhenClosed(at)) return true;
      if (!ts.isCallExpression(parent)) return false;
    }
  }
  return false;
}

function isOnce(call: ts.CallExpression): boolean {
  return /once/i.test(call.expression.getText()) && /\bdo$|once$/i.test(call.expression.getText());
}

/** `if (this.done.closed) return;` at the top. */
function returnsWhenClosed(body: ts.Node): boolean {
  if (!("body" in body) || !body.body || !ts.isBlock(body.body as ts.Node)) return false;
  return (body.body as ts.Block).statements.some(
    (statement) => ts.isIfStatement(statement) && /\.closed\b/.test(statement.expression.getText()),
  );
}

/** Whether some path through the function ends it without the operation. */
export function isAvoidable(operation: ChannelOperation, program: ChannelProgram): boolean {
  const graph = program.graph(operation.unit);
  if (graph === undefined) return true;
  const targets = nodesOf(graph, operation);
  return [...reachable([graph.entry], (node) => targets.has(node))].some(
    (node) => node.op?.kind === "exit" && node.op.how === "normal",
  );
}

export function isConditional(operation: ChannelOperation): boolean {
  for (let at = operation.node; at.parent !== undefined && !ts.isFunctionLike(at.parent); at = at.parent) {
    const { parent } = at;
    if (ts.isIfStatement(parent) || ts.isConditionalExpression(parent) || ts.isCaseClause(parent))
      return true;
    if (ts.isBinaryExpression(parent) && parent.right === at) return true;
  }
  return operation.node.getText().includes("?.");
}

/** A flag that whoever closes sets, and that the other side asks first; or a function that runs once. */
export function isGuarded(
  close: ChannelOperation,
  operation: ChannelOperation,
  { tasks, snapshot }: World,
): boolean {
  const asked = askedVariables(leadingTo(operation.unit, tasks), tasks, snapshot);
  const setters = [close.unit, ...tasks.callers(close.unit).map((place) => place.unit)];
  for (const unit of setters)
    for (const variable of writtenIn(unit, tasks, snapshot)) if (asked.has(variable)) return true;
  return [close, operation].some((each) =>
    [each.unit, ...tasks.callers(each.unit).map((place) => place.unit)].some((unit) =>
      tasks.callers(unit).some(({ node }) => {
        const op = node?.op;
        return op?.kind === "operation" && op.event === "once-do";
      }),
    ),
  );
}
