import ts from "typescript";
import { passSignal } from "../../fixes/signal.js";
import type { EventKind } from "../../model/index.js";
import { meaningfulParent } from "../../project/syntax.js";
import { calledName, eventOf, modelled, ownNodes } from "../events.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { ownContexts } from "./contexts.js";
import { doc, sources } from "./doc.js";
import { heeds, isTiedElsewhere, isWindingDown } from "./heeding.js";

export const contextIgnored: Rule = {
  id: "context-ignored",
  title: "Waits on when the context is cancelled",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    if (!/\bContext\b|\bctx\b|orchestrate|@lockscope\/sync\/context/.test(context.file.text)) return;
    for (const { unit } of context.units) {
      if (ts.isFunctionLike(unit)) yield* ignored(unit, context);
    }
  },
};

/** Where a signal goes among the arguments; undefined for what takes none. */
const waits = new Map<EventKind, { readonly options: number | undefined; readonly what: string }>([
  ["chan-send", { options: 1, what: "a receiver" }],
  ["chan-receive", { options: 0, what: "a value" }],
  ["cond-wait", { options: 0, what: "the condition" }],
  ["barrier-wait", { options: 0, what: "the others" }],
  ["task-join", { options: undefined, what: "the task" }],
  ["sleep", { options: 1, what: "the timer" }],
  ["select", { options: undefined, what: "one of its cases" }],
]);

function* ignored(unit: ts.SignatureDeclaration, context: RuleContext): Iterable<Report> {
  const waiting = ownNodes(unit).flatMap((node) => waitAt(node, context));
  if (waiting.length === 0) return;
  const contexts = ownContexts(unit, context.snapshot);
  const [own] = contexts;
  if (own === undefined || isTiedElsewhere(unit, contexts)) return;
  for (const { node, options, what } of waiting) {
    if (heeds(node, contexts, context) || isWindingDown(node, unit, contexts)) continue;
    const fix =
      options === undefined || !ts.isCallExpression(node)
        ? undefined
        : passSignal(node, options, `${own.text}.signal`);
    yield {
      node,
      message: `waits for ${what} without \`${own.text}\`: when it is cancelled, this waits on`,
      fixes: [fix],
    };
  }
}

interface Wait {
  readonly node: ts.CallExpression | ts.ForOfStatement;
  readonly options: number | undefined;
  readonly what: string;
}

const waitingNames = new Set(["send", "receive", "receiveOk", "wait", "join", "sleep", "select"]);

/** A call that the function itself waits for, or a loop over a channel. */
function waitAt(node: ts.Node, { snapshot }: RuleContext): Wait[] {
  if (ts.isForOfStatement(node)) {
    if (node.awaitModifier === undefined) return [];
    if (snapshot.primitiveOf(node.expression)?.model.kind !== "channel") return [];
    return [{ node, options: undefined, what: "the channel's next value" }];
  }
  if (!ts.isCallExpression(node) || !isWaitedFor(node)) return [];
  const name = calledName(node);
  const callee = modelled(node, snapshot);
  if (callee === undefined || (!waitingNames.has(name ?? "") && callee.kind === "method")) return [];
  if (callee.operation.op === "wg-wait") return [{ node, options: 0, what: "the group" }];
  const event = eventOf(node, snapshot);
  const wait = event && waits.get(event);
  return wait === undefined ? [] : [{ node, ...wait }];
}

function isWaitedFor(call: ts.CallExpression): boolean {
  const { parent, child } = meaningfulParent(call);
  if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent)) return true;
  return ts.isArrowFunction(parent) && parent.body === child;
}
