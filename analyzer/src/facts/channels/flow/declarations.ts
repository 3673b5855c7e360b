import ts from "typescript";
import type { FunctionWithBody } from "../../../project/port.js";
import type { Gathering } from "./part.js";
import { type Local, resultOf } from "./refs.js";
import { parametersOf } from "./targets.js";

export function declareFunction(g: Gathering, node: FunctionWithBody): void {
  if (node.parameters.length > 0) g.parameters(node, parametersOf(node, g.snapshot));
  const name = "name" in node ? node.name : undefined;
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body))
    g.give(node.body, () => ({ into: [resultOf(node)], flows: [] }));
  if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) {
    const variable = name && ts.isIdentifier(name) ? g.snapshot.variableOf(name) : undefined;
    if (variable) g.function(variable.id, node);
  }
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) g.function(node, node);
  const file = node.getSourceFile().fileName;
  if (ts.isMethodDeclaration(node) && ts.isClassLike(node.parent)) {
    const own: Local = { kind: "local" };
    const called = node.name.getText();
    g.function(own, node);
    g.step((s) => s.declareMember(called, file, own));
  }
  if (ts.isConstructorDeclaration(node)) {
    for (const parameter of node.parameters) {
      if (!ts.isParameterPropertyDeclaration(parameter, node) || !ts.isIdentifier(parameter.name)) continue;
      const variable = g.snapshot.variableOf(parameter.name);
      if (variable) g.step((s) => s.declareMember(variable.name, file, variable.id));
    }
  }
}

export function declareField(g: Gathering, node: ts.PropertyDeclaration): void {
  if (!ts.isIdentifier(node.name) && !ts.isPrivateIdentifier(node.name)) return;
  const id = g.snapshot.variableOf(node.name)?.id;
  if (id === undefined) return;
  const name = node.name.text;
  const file = node.getSourceFile().fileName;
  if (ts.isIdentifier(node.name)) g.step((s) => s.declareMember(name, file, id));
  if (node.initializer) g.give(node.initializer, () => ({ into: [id], flows: [] }));
}

export function declareProperty(
  g: Gathering,
  owner: ts.ObjectLiteralExpression,
  property: ts.ObjectLiteralElementLike,
): void {
  if (ts.isSpreadAssignment(property)) return g.flow(g.ref(property.expression), owner);
  const from: Local = { kind: "local" };
  if (ts.isPropertyAssignment(property)) g.flow(g.ref(property.initializer), from);
  else if (ts.isShorthandPropertyAssignment(property)) {
    const variable = g.snapshot.variableOf(property.name);
    if (variable) g.flow(variable.id, from);
  } else if (ts.isMethodDeclaration(property) && property.body !== undefined) {
    g.function(from, property as FunctionWithBody);
  } else return;
  g.flow(from, owner);
  if (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name))
    g.flow(from, g.member(undefined, property.name.text, property));
}
