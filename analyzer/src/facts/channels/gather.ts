import ts from "typescript";
import { isAssignment } from "../../project/assignments.js";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import { bare, enclosingFunction } from "../../project/syntax.js";
import { componentsOf } from "./components.js";
import { exposeExports } from "./exports.js";
import { type Calls, type CallTable, createCalls } from "./gather-calls.js";
import { createSlots, type Slots } from "./slots.js";
import { assign, bind, type Gathering } from "./targets.js";
import { createFlowGraph, type FunctionValue } from "./values.js";

export interface ValueFlow {
  readonly slots: Slots;
  readonly calls: CallTable;
}

/**
 * Which channels, functions and contexts each expression may stand for (Andersen's analysis, insensitive to
 * context; a container is one with what it holds). Files are read in full, once.
 */
export function gatherFlow(files: readonly ts.SourceFile[], snapshot: Snapshot): ValueFlow {
  const graph = createFlowGraph();
  const slots = createSlots(graph, componentsOf(files));
  const functions = new Map<ts.Node, FunctionValue>();
  const g: Gathering = {
    snapshot,
    graph,
    slots,
    functionValue(body) {
      let value = functions.get(body);
      if (value === undefined) {
        value = { kind: "function", body };
        functions.set(body, value);
      }
      return value;
    },
    bind: (name, from) => bind(g, name, from),
  };
  const calls = createCalls(g);
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    constrain(g, node, calls);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) calls.gather(node);
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  calls.finish();
  exposeExports(files, snapshot, graph, slots, calls.table);
  return { slots, calls: calls.table };
}

/** One node's own constraints; its children have theirs. */
function constrain(g: Gathering, node: ts.Node, calls: Calls): void {
  const { graph, slots, snapshot } = g;
  const into = (target: ts.Node, from: ts.Node | undefined) => {
    if (from !== undefined) graph.flow(slots.expression(from), slots.expression(target));
  };
  if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
    declareFunction(g, node as FunctionWithBody);
  } else if (ts.isIdentifier(node)) {
    if (isRead(node)) {
      const variable = snapshot.variableOf(node);
      if (variable) graph.flow(slots.variable(variable.id), slots.expression(node));
    }
  } else if (ts.isPropertyAccessExpression(node)) {
    readMember(g, node);
  } else if (ts.isReturnStatement(node) || ts.isYieldExpression(node)) {
    const owner = enclosingFunction(node);
    if (node.expression && ts.isFunctionLike(owner))
      graph.flow(slots.expression(node.expression), slots.result(owner as FunctionWithBody));
  } else if (ts.isVariableDeclaration(node)) {
    if (node.initializer) g.bind(node.name, slots.expression(node.initializer));
  } else if (ts.isForOfStatement(node)) {
    loopVariable(g, node, calls);
  } else if (ts.isParameter(node)) {
    if (node.initializer) g.bind(node.name, slots.expression(node.initializer));
  } else if (ts.isPropertyDeclaration(node)) {
    declareField(g, node);
  } else if (ts.isBinaryExpression(node)) {
    combine(g, node);
  } else if (ts.isConditionalExpression(node)) {
    into(node, node.whenTrue);
    into(node, node.whenFalse);
  } else if (ts.isArrayLiteralExpression(node)) {
    for (const element of node.elements)
      into(node, ts.isSpreadElement(element) ? element.expression : element);
  } else if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) declareProperty(g, node, property);
  } else if (ts.isElementAccessExpression(node)) {
    into(node, node.expression);
    const key = bare(node.argumentExpression);
    if (ts.isStringLiteralLike(key))
      graph.flow(slots.member(undefined, key.text, node), slots.expression(node));
  } else if (ts.isExportAssignment(node)) {
    graph.flow(slots.expression(node.expression), slots.outside);
  } else if (ts.isJsxAttribute(node) || ts.isJsxExpression(node)) {
    const value = ts.isJsxAttribute(node) ? node.initializer : node.expression;
    if (value) graph.flow(slots.expression(value), slots.outside);
  } else if (
    ts.isAwaitExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isSpreadElement(node)
  ) {
    into(node, node.expression);
  }
}

function declareFunction(g: Gathering, node: FunctionWithBody): void {
  const value = g.functionValue(node);
  const name = "name" in node ? node.name : undefined;
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body))
    g.graph.flow(g.slots.expression(node.body), g.slots.result(node));
  if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) {
    const variable = name && ts.isIdentifier(name) ? g.snapshot.variableOf(name) : undefined;
    if (variable) g.graph.add(g.slots.variable(variable.id), value);
  }
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) g.graph.add(g.slots.expression(node), value);
  if (ts.isMethodDeclaration(node) && ts.isClassLike(node.parent)) {
    const own = g.graph.slot();
    g.graph.add(own, value);
    g.slots.declareMember(node.name.getText(), own, node);
  }
  if (ts.isConstructorDeclaration(node)) {
    for (const parameter of node.parameters) {
      if (!ts.isParameterPropertyDeclaration(parameter, node) || !ts.isIdentifier(parameter.name)) continue;
      const variable = g.snapshot.variableOf(parameter.name);
      if (variable) g.slots.declareMember(variable.name, g.slots.variable(variable.id), node);
    }
  }
}

function declareField(g: Gathering, node: ts.PropertyDeclaration): void {
  if (!ts.isIdentifier(node.name) && !ts.isPrivateIdentifier(node.name)) return;
  const variable = g.snapshot.variableOf(node.name);
  if (variable === undefined) return;
  const slot = g.slots.variable(variable.id);
  if (ts.isIdentifier(node.name)) g.slots.declareMember(node.name.text, slot, node);
  if (node.initializer) g.graph.flow(g.slots.expression(node.initializer), slot);
}

function declareProperty(
  g: Gathering,
  owner: ts.ObjectLiteralExpression,
  property: ts.ObjectLiteralElementLike,
): void {
  const whole = g.slots.expression(owner);
  if (ts.isSpreadAssignment(property)) {
    g.graph.flow(g.slots.expression(property.expression), whole);
    return;
  }
  const from = g.graph.slot();
  if (ts.isPropertyAssignment(property)) g.graph.flow(g.slots.expression(property.initializer), from);
  else if (ts.isShorthandPropertyAssignment(property)) {
    const variable = g.snapshot.variableOf(property.name);
    if (variable) g.graph.flow(g.slots.variable(variable.id), from);
  } else if (ts.isMethodDeclaration(property) && property.body !== undefined) {
    g.graph.add(from, g.functionValue(property as FunctionWithBody));
  } else return;
  g.graph.flow(from, whole);
  if (ts.isIdentifier(property.name) || ts.isStringLiteralLike(property.name))
    g.graph.flow(from, g.slots.member(undefined, property.name.text, property));
}

function readMember(g: Gathering, node: ts.PropertyAccessExpression): void {
  const slot = g.slots.expression(node);
  const name = node.name.text;
  const owner =
    name === "done" || name === "c" ? g.snapshot.primitiveOf(node.expression)?.model.kind : undefined;
  if (owner === "context") {
    g.graph.hear(g.slots.expression(node.expression), (value) => {
      if (value.kind === "context") g.graph.add(slot, value.done);
    });
    return;
  }
  if (owner === "timer") {
    g.graph.add(slot, { kind: "channel", node, made: "timer", capacity: 1 });
    return;
  }
  const variable = g.snapshot.variableOf(node.name as ts.Identifier);
  const declaration = variable?.declaration;
  if (declaration !== undefined && ts.isGetAccessor(declaration) && declaration.body !== undefined) {
    g.graph.flow(g.slots.result(declaration as FunctionWithBody), slot);
    return;
  }
  if (declaration !== undefined && ts.isMethodDeclaration(declaration) && declaration.body !== undefined) {
    g.graph.add(slot, g.functionValue(declaration as FunctionWithBody));
    return;
  }
  g.graph.flow(g.slots.member(variable, name, node), slot);
}

function loopVariable(g: Gathering, node: ts.ForOfStatement, calls: Calls): void {
  const items = g.graph.slot();
  const from = g.slots.expression(node.expression);
  g.graph.flow(from, items);
  if (node.awaitModifier !== undefined) {
    calls.note({ node, event: "chan-range", channel: node.expression, select: undefined });
    g.graph.hear(from, (value) => {
      if (value.kind === "channel") g.graph.flow(g.slots.content(value), items);
    });
  }
  if (!ts.isVariableDeclarationList(node.initializer)) return;
  for (const declaration of node.initializer.declarations) g.bind(declaration.name, items);
}

function combine(g: Gathering, node: ts.BinaryExpression): void {
  const slot = g.slots.expression(node);
  const operator = node.operatorToken.kind;
  const right = g.slots.expression(node.right);
  if (isAssignment(operator)) {
    assign(g, node.left, right);
    g.graph.flow(right, slot);
    if (operator !== ts.SyntaxKind.EqualsToken) g.graph.flow(g.slots.expression(node.left), slot);
  } else if (operator === ts.SyntaxKind.CommaToken || operator === ts.SyntaxKind.AmpersandAmpersandToken) {
    g.graph.flow(right, slot);
  } else if (operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.QuestionQuestionToken) {
    g.graph.flow(g.slots.expression(node.left), slot);
    g.graph.flow(right, slot);
  }
}

/** Not the name in a declaration, a member's name, or a label. */
function isRead(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent) || ts.isImportClause(parent)) {
    return ts.isBindingElement(parent) && parent.initializer === node;
  }
  const named = parent as ts.Node & { readonly name?: ts.Node };
  return (
    !(
      ts.isDeclarationStatement(parent) ||
      ts.isClassElement(parent) ||
      ts.isParameter(parent) ||
      ts.isVariableDeclaration(parent)
    ) || named.name !== node
  );
}
