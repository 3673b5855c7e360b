import ts from "typescript";
import { isWaitedFor } from "../../ir/cfg.js";
import { placeOf } from "../../ir/place.js";
import { bare } from "../../project/syntax.js";
import { calledName, eventOf, modelled, receiverOf } from "../events.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { lineOf } from "../text.js";
import { doc, sources } from "./doc.js";

export const onceReentrant: Rule = {
  id: "once-reentrant",
  title: "The function waits for its own end",
  severity: "error",
  doc,
  sources,
  *run(context) {
    for (const call of context.calls) {
      if (calledName(call) === "do" && eventOf(call, context.snapshot) === "once-do")
        yield* innerDos(call, context);
    }
    yield* selfCalls(context);
  },
};

function* innerDos(outer: ts.CallExpression, { snapshot, facts }: RuleContext): Iterable<Report> {
  const receiver = receiverOf(outer);
  const place = receiver && placeOf(receiver, snapshot);
  const body = outer.arguments[0] && snapshot.bodyOf(outer.arguments[0]);
  if (place === undefined || body === undefined) return;
  for (const { event, place: inner, call, use, chain } of facts.of(body).summary.reached) {
    if (event !== "once-do" || inner?.key !== place.key || !isWaitedFor(use) || !ts.isCallExpression(call))
      continue;
    yield {
      node: call,
      message: `\`${place.text}.do\` is reached from inside the function that it runs (line ${lineOf(outer)}): each waits for the other`,
      related: [
        { node: outer, message: `\`${place.text}\` runs its function here` },
        ...chain.map((node) => ({ node, message: "which calls this" })),
      ],
    };
  }
}

/** `const init = onceFunc(async () => { … await init(); })`. */
function* selfCalls({ calls, snapshot }: RuleContext): Iterable<Report> {
  for (const made of calls) {
    const name = calledName(made);
    if (name !== "onceFunc" && name !== "onceValue") continue;
    const { parent } = made;
    const isBound =
      (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) && parent.initializer === made;
    if (!isBound || ts.isObjectBindingPattern(parent.name) || ts.isArrayBindingPattern(parent.name)) continue;
    const body = made.arguments[0] && snapshot.bodyOf(made.arguments[0]);
    const variable = snapshot.variableOf(parent.name as ts.Identifier);
    if (body === undefined || variable === undefined || modelled(made, snapshot)?.kind !== "function")
      continue;
    for (const call of awaitedCalls(body)) {
      const callee = bare(call.expression);
      const called = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
      if (!ts.isIdentifier(called) && !ts.isPrivateIdentifier(called)) continue;
      if (called.text !== parent.name.getText() || snapshot.variableOf(called)?.id !== variable.id) continue;
      yield {
        node: call,
        message: `\`${parent.name.getText()}\` is called from inside the function that it runs once: it waits for its own end`,
        related: [{ node: made, message: "it is made here" }],
      };
    }
  }
}

/** The calls of a function's own code that it waits for. */
function awaitedCalls(body: ts.Node): ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    const waited =
      ts.isAwaitExpression(node) || ts.isReturnStatement(node)
        ? node.expression && bare(node.expression)
        : undefined;
    if (waited !== undefined && ts.isCallExpression(waited)) found.push(waited);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  if (ts.isArrowFunction(body) && !ts.isBlock(body.body) && ts.isCallExpression(bare(body.body)))
    found.push(bare(body.body) as ts.CallExpression);
  return found;
}
