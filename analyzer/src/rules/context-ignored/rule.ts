import ts from "typescript";
import { passSignal } from "../../fixes/signal.js";
import type { EventKind } from "../../model/index.js";
import { bare, isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import { calledName, contains, eventOf, modelled, ownNodes, receiverOf } from "../events.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { type OwnContext, ownContexts } from "./contexts.js";
import { doc, sources } from "./doc.js";

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
    if (heeds(node, contexts, context) || isAfterCancel(node, unit)) continue;
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

function mentions(node: ts.Node, contexts: readonly OwnContext[]): boolean {
  const texts = new Set(contexts.map((each) => each.text));
  return contains(
    node,
    (each) => (ts.isIdentifier(each) || ts.isPropertyAccessExpression(each)) && texts.has(each.getText()),
  );
}

/** The wait itself can end by a signal, by the context's own channel, or by what was made with the context. */
function heeds(node: Wait["node"], contexts: readonly OwnContext[], context: RuleContext): boolean {
  const on = ts.isForOfStatement(node) ? node.expression : receiverOf(node);
  const parts = ts.isForOfStatement(node) ? [] : [...node.arguments];
  if (parts.some((part) => contains(part, (each) => /^(signal|done)$/i.test(nameOf(each))))) return true;
  if (parts.some((part) => mentions(part, contexts) || isOptions(part))) return true;
  if (ts.isCallExpression(node) && calledName(node) === "select" && isBounded(node)) return true;
  return on !== undefined && isTied(bare(on), contexts, context, 0);
}

/** An options object from elsewhere may hold a signal; a list of cases may hold the context's. */
function isOptions(argument: ts.Expression): boolean {
  const at = bare(argument);
  return ts.isSpreadElement(at) || (ts.isIdentifier(at) && /opts|options/i.test(at.text));
}

function nameOf(node: ts.Node): string {
  return ts.isIdentifier(node) ? node.text : "";
}

/** `otherwise` does not wait; `after` and a timer end it. Other cases that nobody wrote here are unknown. */
function isBounded(select: ts.CallExpression): boolean {
  return contains(
    select,
    (each) => ts.isCallExpression(each) && ["otherwise", "after", "tick"].includes(calledName(each) ?? ""),
  );
}

/** The channel, task or group came from something that was given the context. */
function isTied(
  on: ts.Expression,
  contexts: readonly OwnContext[],
  context: RuleContext,
  depth: number,
): boolean {
  if (mentions(on, contexts)) return true;
  if (depth > 2) return false;
  if (ts.isCallExpression(on)) return ["after", "tick"].includes(calledName(on) ?? "");
  const declaration = ts.isIdentifier(on) ? context.snapshot.variableOf(on)?.declaration : undefined;
  if (declaration === undefined) return false;
  const at = ts.isBindingElement(declaration) ? declaration.parent.parent : declaration;
  if (ts.isVariableDeclaration(at)) {
    if (at.initializer !== undefined)
      return isTied(bare(at.initializer), contexts, context, depth + 1) || isCounted(on, at, contexts);
    const loop = at.parent.parent;
    return ts.isForOfStatement(loop) && isTied(bare(loop.expression), contexts, context, depth + 1);
  }
  return false;
}

/** A group or a list made here whose tasks use the context. */
function isCounted(
  on: ts.Expression,
  declaration: ts.VariableDeclaration,
  contexts: readonly OwnContext[],
): boolean {
  const home = declaration.parent.parent.parent;
  const name = on.getText();
  return contains(home, (each) => {
    if (!ts.isCallExpression(each) || !["go", "push", "tryGo"].includes(calledName(each) ?? "")) return false;
    const named = new RegExp(`\\b${name.replaceAll("$", "\\$")}\\b`).test(each.getText());
    return named && mentions(each, contexts);
  });
}

/** The context reaches the waits of this function another way: a listener, a task beside it. */
function isTiedElsewhere(unit: ts.SignatureDeclaration, contexts: readonly OwnContext[]): boolean {
  return contains(unit, (each) => {
    if (ts.isCallExpression(each)) {
      const name = calledName(each);
      if (name === "afterFunc") return each.arguments.some((argument) => mentions(argument, contexts));
      if (name === "addEventListener" || name === "once") return mentions(each.expression, contexts);
    }
    if (ts.isBinaryExpression(each) && /\.onabort$/.test(each.left.getText()))
      return mentions(each.left, contexts);
    return each !== unit && isFunctionLiteral(each) && waitsForEnd(each, contexts);
  });
}

/** `go(async () => { await ctx.done.receive(); ch.close(); })`. */
function waitsForEnd(nested: ts.Node, contexts: readonly OwnContext[]): boolean {
  return contains(
    nested,
    (each) =>
      ts.isCallExpression(each) &&
      ["receive", "receiveOk"].includes(calledName(each) ?? "") &&
      contexts.some(({ text }) => receiverOf(each)?.getText() === `${text}.done`),
  );
}

/** What the function itself has cancelled winds down: it waits for that. */
function isAfterCancel(node: ts.Node, unit: ts.Node): boolean {
  return ownNodes(unit).some(
    (each) =>
      ts.isCallExpression(each) &&
      each.end <= node.pos &&
      /cancel|abort|^stop/i.test(calledName(each) ?? "") &&
      !isInOwnFinally(each, node),
  );
}

function isInOwnFinally(call: ts.Node, node: ts.Node): boolean {
  for (let at = call; at.parent !== undefined; at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.finallyBlock === at) return node.pos < at.pos;
  }
  return false;
}
