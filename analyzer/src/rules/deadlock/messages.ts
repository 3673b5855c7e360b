import ts from "typescript";
import { shortText } from "../../project/syntax.js";
import type { Step, WaitKind } from "../../search/heap.js";
import type { Finding, Misuse } from "../../search/index.js";
import type { StuckTask } from "../../search/stuck.js";
import type { Note } from "../rule.js";
import { lineOf } from "../text.js";

const verbs: Readonly<Record<WaitKind, string>> = {
  lock: "waits for the lock",
  rLock: "waits for the read lock",
  send: "waits to send",
  receive: "waits to receive",
  select: "waits for one of its cases",
  "wait-group": "waits for the WaitGroup",
  cond: "waits for a signal",
  join: "waits for a task to end",
  permit: "waits for a permit",
  barrier: "waits for the others at the barrier",
  sleep: "sleeps",
  other: "waits",
};

const done: Readonly<Record<WaitKind, string>> = {
  ...verbs,
  lock: "locks",
  rLock: "read-locks",
  send: "sends",
  receive: "receives",
  select: "selects",
  "wait-group": "finds nothing to wait for",
  permit: "takes a permit",
  join: "finds the task ended",
};

/** `store.send(…)` as `store.send`: what is called says it. */
function operation(node: ts.Node): string {
  if (ts.isCallExpression(node)) return `\`${shortText(node.expression)}\``;
  return ts.isForOfStatement(node)
    ? `\`for await (… of ${shortText(node.expression)})\``
    : `\`${shortText(node)}\``;
}

function who(task: StuckTask): string {
  return task.name.startsWith("the ") ? task.name : `\`${task.name}\``;
}

function waiting(task: StuckTask, from: ts.Node): string {
  const { kind, site } = task.wait;
  return `${who(task)} ${verbs[kind]} at ${operation(site)} (${where(site, from)})`;
}

function where(node: ts.Node, from: ts.Node): string {
  const file = node.getSourceFile();
  return file === from.getSourceFile()
    ? `line ${lineOf(node)}`
    : `${file.fileName.split("/").at(-1) ?? ""}:${lineOf(node)}`;
}

export function message({ node, tasks, blame, mainEnded }: Finding): string {
  const all = tasks.map((task) => waiting(task, node)).join(", ");
  const text =
    tasks.length > 1
      ? `Nobody can go on: ${all}`
      : mainEnded
        ? `${all} for ever: everything else has ended`
        : `${all} for ever: nobody is left who could let it go on`;
  const [first] = tasks;
  const abandoned = first?.abandoned[0];
  const why =
    blame === "locks" && tasks.length === 1 && abandoned !== undefined
      ? `; the task that took it (${where(abandoned.site, node)}) has ended`
      : blame === "counter"
        ? "; nothing counts it down any more"
        : "";
  return text.charAt(0).toUpperCase() + text.slice(1) + why;
}

/** Who holds what and waits where, then the way there. */
export function notes({ tasks, schedule }: Finding): Note[] {
  const found: Note[] = [];
  for (const task of tasks) {
    for (const { holder } of task.holds)
      found.push({ node: holder.site, message: `${who(task)} holds it since here` });
    for (const { site } of task.abandoned)
      found.push({ node: site, message: "taken here by a task that has ended" });
    found.push({ node: head(task.wait.site), message: `${who(task)} ${verbs[task.wait.kind]} here` });
  }
  return [...found, ...steps({ schedule })];
}

/** The way there. */
export function steps({ schedule }: Pick<Finding, "schedule">): Note[] {
  return schedule.map((step, index) => ({
    node: head(step.site),
    message: `schedule ${index + 1}: ${told(step)}`,
  }));
}

export function refusal({ node, error }: Misuse): string {
  return `${operation(node)} throws "${error}" when tasks take turns as below, and nobody catches it`;
}

function told({ name, fiber, kind, waits }: Step): string {
  const task = fiber === 0 ? "the function itself" : name === "" ? "a task" : `\`${name}\``;
  return `${task} ${(waits ? verbs : done)[kind]}`;
}

/** A loop as a place is its head. */
function head(node: ts.Node): ts.Node {
  return ts.isForOfStatement(node) ? node.expression : node;
}
