import ts from "typescript";
import { joinAtTheEnd } from "../../fixes/join.js";
import type { FunctionWithBody } from "../../project/port.js";
import { bare, meaningfulParent } from "../../project/syntax.js";
import { calledName, contains, ownNodes } from "../events.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { firstPerNode, lineOf } from "../text.js";
import { testBodies } from "./bodies.js";
import { doc, sources } from "./doc.js";
import { type Time, timeOf } from "./time.js";

const maxDepth = 4;

export const taskOutlivesTest: Rule = {
  id: "task-outlives-test",
  title: "Still running when the test is over",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    // Under fake timers no time is what it says.
    if (!/\bgo\b|\.run\b/.test(context.file.text) || /useFakeTimers|mock\.timers/.test(context.file.text))
      return;
    const found: Report[] = [];
    for (const test of testBodies(context.file, context.snapshot)) {
      for (const started of startedBy(test, context, [], 0)) {
        const report = outlives(started, test, context);
        if (report !== undefined) found.push(report);
      }
    }
    yield* firstPerNode(found, (report) => report.node);
  },
};

/** A task, and how the test comes to it. */
interface Started {
  readonly spawn: ts.CallExpression;
  /** From the test on: in which function, behind which call the rest of it runs. */
  readonly chain: readonly { readonly body: FunctionWithBody; readonly call: ts.CallExpression }[];
}

/** The tasks that a function starts, itself or through what it calls, that nobody can join. */
function startedBy(
  body: FunctionWithBody,
  context: RuleContext,
  chain: Started["chain"],
  depth: number,
): Started[] {
  const { snapshot } = context;
  return ownNodes(body).flatMap((node): Started[] => {
    if (!ts.isCallExpression(node)) return [];
    const here = [...chain, { body, call: node }];
    const callee = snapshot.calleeOf(node);
    if (callee.kind === "function")
      return callee.operation.op === "spawn" && isDropped(node) ? [{ spawn: node, chain: here }] : [];
    if (callee.kind !== "body" || depth >= maxDepth || chain.some((each) => each.body === callee.declaration))
      return [];
    return startedBy(callee.declaration, context, here, depth + 1);
  });
}

function isDropped(call: ts.CallExpression): boolean {
  const { parent } = meaningfulParent(call);
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return true;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const name = parent.name.text;
  const list = parent.parent.parent.parent;
  return !contains(list, (node) => ts.isIdentifier(node) && node.text === name && node !== parent.name);
}

function outlives(
  { spawn, chain }: Started,
  test: FunctionWithBody,
  context: RuleContext,
): Report | undefined {
  const { snapshot, facts } = context;
  const task = spawn.arguments[0] && snapshot.bodyOf(spawn.arguments[0]);
  if (task === undefined || tells(task, context) || heedsSignal(task)) return undefined;
  const { taken, waitGroups, reached } = facts.of(task).summary;
  if (taken.length > 0 || waitGroups.length > 0) return undefined;
  if (
    reached.some(({ event }) => event !== "sleep" && !event.startsWith("atomic") && !event.startsWith("map"))
  )
    return undefined;
  const rest = chain.map(({ body, call }) => timeOf(body, snapshot, call.end));
  if (rest.some(({ unknown }) => unknown)) return undefined;
  const left = rest.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const own = timeOf(task, snapshot);
  const waits = rest.some(({ suspends }) => suspends);
  if (!isLonger(own, left, waits)) return undefined;
  const name = test.parent && ts.isCallExpression(test.parent) ? test.parent : test;
  return {
    node: spawn,
    message: `the task started here is still running when the test (line ${lineOf(name)}) returns: nothing waits for it`,
    related: chain.slice(0, -1).map(({ call }) => ({ node: call, message: "the test comes here" })),
    fixes: [chain.length === 1 ? joinAtTheEnd(spawn) : undefined],
  };
}

function isLonger(own: Time, left: number, waits: boolean): boolean {
  if (own.endless) return true;
  return waits ? own.milliseconds > left : own.suspends;
}

/** Something in the task may tell the test that it is over: a callback, a promise resolved. */
function tells(task: FunctionWithBody, { snapshot }: RuleContext): boolean {
  return contains(task, (node) => {
    if (!ts.isCallExpression(node)) return false;
    if (
      /^(?:resolve|reject|done|finish|notify|emit|abort|cancel|next|end|close|dispatchEvent)/i.test(
        calledName(node) ?? "",
      )
    )
      return true;
    const name = bare(node.expression);
    if (!ts.isIdentifier(name) || snapshot.calleeOf(node).kind !== "unknown") return false;
    const declaration = snapshot.variableOf(name)?.declaration;
    return (
      declaration !== undefined && (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration))
    );
  });
}

/** A task that heeds a signal ends when that aborts. */
function heedsSignal(task: FunctionWithBody): boolean {
  return contains(task, (node) => ts.isIdentifier(node) && /signal|ctx|context|stop/i.test(node.text));
}
