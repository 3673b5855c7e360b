import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../../../project/port.js";
import { bare } from "../../../project/syntax.js";
import type { Gathering } from "./part.js";
import { outside } from "./refs.js";
import type { ChannelValue } from "./values.js";
import { callOf } from "./written-calls.js";

export function construct(g: Gathering, node: ts.NewExpression): void {
  const made = g.snapshot.constructed(node);
  if (made?.model.kind === "channel") makeChannel(g, node, made.name);
  const callee = bare(node.expression);
  const name = ts.isIdentifier(callee) ? callee : undefined;
  if (name !== undefined) {
    const { text } = name;
    g.step((s) => s.construction(text, node));
  }
  if (name?.text === "Promise") {
    const executor = node.arguments?.[0] && g.ref(node.arguments[0]);
    if (executor !== undefined) g.step((s) => s.callback(node, executor, { when: "runs" }));
    return;
  }
  const container = name !== undefined && /^(Map|Set|WeakMap|WeakSet|Array|WeakRef)$/.test(name.text);
  if (container) for (const argument of node.arguments ?? []) g.flow(g.ref(argument), node);
  const called = name && constructorOf(name, g.snapshot);
  if (called === "none" || container || made !== undefined) return;
  const call = callOf(g, node);
  if (called !== undefined) g.step((s) => s.call(call, called));
  else for (const argument of call.given) g.flow(argument, outside);
}

function makeChannel(g: Gathering, node: ts.NewExpression, className: string): void {
  const given = node.arguments?.[0];
  const value: ChannelValue = {
    kind: "channel",
    node,
    made: className === "Channel" ? "new" : "library",
    capacity: given === undefined ? 0 : constantNumber(given),
  };
  g.step((s) => s.add(node, value));
}

export function callSuper(g: Gathering, node: ts.CallExpression): void {
  for (let at: ts.Node = node; at !== undefined; at = at.parent) {
    if (!ts.isClassLike(at)) continue;
    const name = baseOf(at);
    const target = name && ts.isIdentifier(name) ? constructorOf(name, g.snapshot) : undefined;
    if (target === undefined || target === "none") return;
    const call = callOf(g, node);
    return g.step((s) => s.call(call, target));
  }
}

function constructorOf(
  name: ts.Identifier,
  snapshot: Snapshot,
  depth = 0,
): FunctionWithBody | "none" | undefined {
  const declaration = snapshot.variableOf(name)?.declaration;
  if (declaration === undefined || !ts.isClassLike(declaration) || depth > 8) return undefined;
  const own = declaration.members.find(
    (member) => ts.isConstructorDeclaration(member) && member.body !== undefined,
  );
  if (own !== undefined) return own as ts.ConstructorDeclaration & { body: ts.Block };
  const base = baseOf(declaration);
  return base === undefined
    ? "none"
    : ts.isIdentifier(base)
      ? constructorOf(base, snapshot, depth + 1)
      : undefined;
}

function baseOf(owner: ts.ClassLikeDeclaration): ts.Expression | undefined {
  const clause = owner.heritageClauses?.find((each) => each.token === ts.SyntaxKind.ExtendsKeyword);
  return clause?.types[0]?.expression;
}

export function constantNumber(expression: ts.Expression): number | undefined {
  const at = bare(expression);
  return ts.isNumericLiteral(at) ? Number(at.text) : undefined;
}
