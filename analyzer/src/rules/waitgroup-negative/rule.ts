import type ts from "typescript";
import { balanceOf } from "../../facts/wg-balance.js";
import { donesOf } from "../../facts/wg-dones.js";
import { isDoneOnceFinally } from "../../facts/wg-finally.js";
import { addedBy, addFor, countingTasks } from "../../facts/wg-tasks.js";
import { refused } from "../deadlock/reports.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { firstPerNode, lineOf } from "../text.js";
import { ownGroups, surplus } from "../waitgroups.js";
import { doc, sources } from "./doc.js";
import { doneTooEarly } from "./early.js";
import { belowZero } from "./sequence.js";

export const waitGroupNegative: Rule = {
  id: "waitgroup-negative",
  title: "Counted down below zero",
  severity: "error",
  doc,
  sources,
  *run(context) {
    const found = [
      ...twiceByTasks(context),
      ...ofOwnGroups(context),
      ...refused(context, "waitgroup-negative"),
    ];
    yield* firstPerNode(found, (report) => report.node);
  },
};

/** A task that was counted once is done twice on a path. */
function* twiceByTasks(context: RuleContext): Iterable<Report> {
  const { snapshot, facts } = context;
  for (const task of countingTasks(context.file, snapshot, facts)) {
    if (isDoneOnceFinally(task, snapshot)) continue;
    const ways = donesOf(task.body, task.inner.key, snapshot, facts);
    const add = ways && addFor(task, snapshot);
    if (ways === undefined || add === undefined) continue;
    const added = addedBy(add);
    const twice = ways.find(({ count, second }) => count > 1 && second !== undefined);
    // Whatever was added for the task, a path with more dones than another one is wrong.
    const fewest = Math.min(...ways.filter(({ how }) => how === "normal").map(({ count }) => count));
    if (twice?.second === undefined || (added !== 1 && !(added === undefined && fewest === 1))) continue;
    yield {
      node: twice.second,
      message: `\`${task.place.text}\` is counted down ${twice.count} times on one path of a task that was counted once`,
      related: [
        { node: add, message: "it is counted here" },
        { node: task.start, message: "the task is started here" },
      ],
    };
  }
}

function* ofOwnGroups(context: RuleContext): Iterable<Report> {
  for (const group of ownGroups(context)) {
    const name = group.name.text;
    const balance = balanceOf(group, context.snapshot);
    const done = balance?.dones.at(-1);
    if (balance !== undefined && done !== undefined && surplus(balance.total) === "dones") {
      yield {
        node: done,
        message: `\`${name}\` is counted down more often than it is added to`,
        related: balance.adds.map((node) => ({ node, message: "added to here" })),
      };
    }
    yield* belowZero(group, context);
    for (const { call, add } of doneTooEarly(group, context)) yield earlyReport(call, add, name);
  }
}

function earlyReport(call: ts.CallExpression, add: ts.CallExpression, name: string): Report {
  return {
    node: call,
    message: `\`${name}.done()\` may run before the add at line ${lineOf(add)} that counts it: what it answers to has been caused by then`,
    related: [{ node: add, message: "counted only here" }],
  };
}
