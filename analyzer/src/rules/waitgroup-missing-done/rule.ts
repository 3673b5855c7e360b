import ts from "typescript";
import { usesOf } from "../../facts/uses.js";
import { balanceOf } from "../../facts/wg-balance.js";
import { donesOf } from "../../facts/wg-dones.js";
import { isDoneOnceFinally } from "../../facts/wg-finally.js";
import { addedBy, addFor, countingTasks } from "../../facts/wg-tasks.js";
import { doneInFinally } from "../../fixes/done.js";
import { placeOf } from "../../ir/place.js";
import type { Variable } from "../../project/port.js";
import { bare, enclosingFunction, isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import { calledName, isInside, modelled, receiverOf } from "../events.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { firstPerNode, lineOf } from "../text.js";
import { ownGroups, surplus } from "../waitgroups.js";
import { doc, sources } from "./doc.js";

export const waitGroupMissingDone: Rule = {
  id: "waitgroup-missing-done",
  title: "The count never comes back to zero",
  severity: "error",
  doc,
  sources,
  *run(context) {
    const found = [...skippedByTasks(context), ...neverDone(context), ...unbalanced(context)];
    yield* firstPerNode(found, (report) => report.node);
  },
};

/** A path through the task that was counted leaves without done. */
function* skippedByTasks(context: RuleContext): Iterable<Report> {
  const { snapshot, facts } = context;
  for (const task of countingTasks(context.file, snapshot, facts)) {
    if (isDoneOnceFinally(task, snapshot)) continue;
    const ways = donesOf(task.body, task.inner.key, snapshot, facts)?.filter(({ how }) => how !== "thrown");
    const skipped = ways?.find(({ count }) => count === 0);
    if (skipped === undefined || !ways?.some(({ count }) => count > 0)) continue;
    const add = addFor(task, snapshot) ?? onlyAdd(task.place.field, context);
    if (add === undefined || isSharedCount(add, task.start)) continue;
    const at = skipped.left ?? task.start;
    yield {
      node: add,
      message: `a path through the task that this counts never calls \`${task.place.text}.done()\`: wait() never returns`,
      related: [
        { node: task.start, message: "the task is started here" },
        { node: at, message: skipped.left ? "it leaves here without done" : "it can end without done" },
      ],
      fixes: [doneInFinally(task, snapshot)],
    };
  }
}

/** Counted once for all the tasks of a loop: the last of them is done for all. */
function isSharedCount(add: ts.CallExpression, start: ts.CallExpression): boolean {
  if (addedBy(add) !== 1) return false;
  for (let at: ts.Node = start; at.parent !== undefined && !isInside(add, at); at = at.parent) {
    const { parent } = at;
    if (ts.isIterationStatement(parent, false) && !isInside(add, parent)) return true;
    if (isFunctionLiteral(at) && ts.isCallExpression(parent) && !isInside(add, at)) return true;
  }
  return false;
}

/** The one add of the program, where the starter of the task does not add itself. */
function onlyAdd(variable: Variable | undefined, { snapshot }: RuleContext): ts.CallExpression | undefined {
  const { calls, escapes } = usesOf(variable, snapshot);
  const [only, ...others] = calls.filter(({ method }) => method === "add");
  return escapes || others.length > 0 ? undefined : only?.call;
}

/** Nobody in the program counts the group down. */
function* neverDone({ calls, snapshot }: RuleContext): Iterable<Report> {
  for (const call of calls) {
    if (calledName(call) !== "add" || modelled(call, snapshot)?.operation.op !== "wg-add") continue;
    const receiver = receiverOf(call);
    const place = receiver && placeOf(receiver, snapshot);
    const uses = usesOf(place?.field, snapshot);
    if (place === undefined || uses.escapes || uses.constructions.length === 0) continue;
    const has = (wanted: string) =>
      uses.calls.some(({ method }) => method === wanted) || uses.methodsPassed.has(wanted);
    const mayCountDown = uses.calls.some((use) => use.method === "add" && !isPositive(use.call));
    if (has("done") || mayCountDown || !has("wait")) continue;
    yield {
      node: call,
      message: `nobody calls \`${place.text}.done()\`: wait() never returns`,
      related: uses.calls
        .filter(({ method }) => method === "wait")
        .slice(0, 1)
        .map((use) => ({ node: use.call, message: "this waits for ever" })),
    };
  }
}

function isPositive(add: ts.CallExpression): boolean {
  const delta = add.arguments[0] && bare(add.arguments[0]);
  if (delta !== undefined && ts.isPropertyAccessExpression(delta))
    return delta.name.text === "length" || delta.name.text === "size";
  return (addedBy(add) ?? 0) > 0;
}

/** More adds than dones in all, or a wait in the loop that starts the tasks it waits for. */
function* unbalanced(context: RuleContext): Iterable<Report> {
  for (const group of ownGroups(context)) {
    const balance = balanceOf(group, context.snapshot);
    const add = balance?.adds.at(-1);
    const [wait] = balance?.waits ?? [];
    if (balance === undefined || add === undefined || wait === undefined) continue;
    const name = group.name.text;
    if (surplus(balance.total) === "adds") {
      yield {
        node: add,
        message: `\`${name}\` is added to more often than it is done: wait() never returns`,
        related: [{ node: wait, message: "this waits for ever" }],
      };
    }
    const early = balance.waits.find((each) => isTooEarly(each, balance.adds, balance.dones));
    if (balance.total.size === 0 && early !== undefined) {
      yield {
        node: add,
        message: `\`${name}\` is waited for in the loop at line ${lineOf(loopOf(early) ?? early)}, when only the first of the tasks counted here is started: wait() never returns`,
        related: [{ node: early, message: "this waits for tasks that later rounds start" }],
      };
    }
  }
}

function loopOf(node: ts.Node): ts.IterationStatement | undefined {
  const home = enclosingFunction(node);
  for (let at = node.parent; at !== undefined && at !== home; at = at.parent)
    if (ts.isIterationStatement(at, false)) return at;
  return undefined;
}

/** Every task is counted before the loop, and the loop starts one of them a round and waits for all. */
function isTooEarly(
  wait: ts.CallExpression,
  adds: readonly ts.CallExpression[],
  dones: readonly ts.CallExpression[],
): boolean {
  const loop = loopOf(wait);
  if (loop === undefined || !ts.isAwaitExpression(meaningfulParent(wait).parent)) return false;
  const many = adds.some((add) => addedBy(add) !== 1);
  return (
    many &&
    adds.every((add) => !isInside(add, loop)) &&
    dones.length > 0 &&
    dones.every((done) => isInside(done, loop))
  );
}
