import ts from "typescript";
import { runsCallbackAtOnce } from "../../../ir/harmless.js";
import type { Callee } from "../../../project/port.js";
import { bare } from "../../../project/syntax.js";
import { callSuper, construct } from "./constructions.js";
import { modelledCall } from "./modelled.js";
import type { Gathering } from "./part.js";
import type { CallNode } from "./solving.js";
import { store } from "./targets.js";
import { callOf, isWaited } from "./written-calls.js";

const storing = new Set(["push", "unshift", "add", "set", "splice", "fill", "enqueue"]);

/** What a call gives: arguments to parameters, results to the call, callbacks to what runs them. */
export function gatherCall(g: Gathering, node: CallNode): void {
  if (ts.isNewExpression(node)) return construct(g, node);
  const callee = bare(node.expression);
  if (callee.kind === ts.SyntaxKind.SuperKeyword) return callSuper(g, node);
  const known = g.snapshot.calleeOf(node);
  if (known.kind === "method" || known.kind === "function") return modelledCall(g, node, known);
  if (isNilChannel(g, node)) {
    const value = { kind: "channel", node, made: "nil", capacity: 0 } as const;
    return g.step((s) => s.add(node, value));
  }
  if (known.kind === "body") {
    const call = callOf(g, node);
    const { declaration } = known;
    return g.step((s) => s.call(call, declaration));
  }
  if (known.kind === "builtin") return builtinCall(g, node, known);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
  if (ts.isPropertyAccessExpression(callee) && (name === "bind" || name === "call" || name === "apply")) {
    const fn = g.ref(callee.expression);
    const when = isWaited(node) ? "runs" : "starts";
    if (name === "bind") g.flow(fn, node);
    else g.step((s) => s.callback(node, fn, { when, result: node }));
    return;
  }
  const call = callOf(g, node);
  const target = g.ref(callee);
  g.step((s) => s.open(call, target));
}

function isNilChannel({ snapshot }: Gathering, node: ts.CallExpression): boolean {
  const callee = bare(node.expression);
  return (
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === "nil" &&
    node.arguments.length === 0 &&
    snapshot.primitiveOf(node)?.model.kind === "channel"
  );
}

function builtinCall(g: Gathering, node: ts.CallExpression, callee: Callee & { kind: "builtin" }): void {
  const target = bare(node.expression);
  const receiver = ts.isPropertyAccessExpression(target) ? target.expression : undefined;
  const from = receiver && g.ref(receiver);
  if (callee.owner === "Console") return;
  if (receiver !== undefined && from !== undefined) {
    g.flow(from, node);
    if (storing.has(callee.name)) for (const argument of node.arguments) store(g, receiver, g.ref(argument));
  }
  const atOnce = runsCallbackAtOnce(callee);
  const handing = {
    when: atOnce ? "runs" : "starts",
    parameters: atOnce || callee.owner === "Promise" ? [from, from, from] : [],
    result: node,
    builtin: true,
  } as const;
  for (const argument of node.arguments) {
    const given = g.ref(argument);
    if (!storing.has(callee.name)) g.flow(given, node);
    g.step((s) => s.callback(node, given, handing));
  }
}
