import ts from "typescript";
import { isAssignment } from "../../../project/assignments.js";
import type { FunctionWithBody, Snapshot } from "../../../project/port.js";
import { bare, enclosingFunction } from "../../../project/syntax.js";
import { gatherCall } from "./calls.js";
import { declareField, declareFunction, declareProperty } from "./declarations.js";
import { gatherExposures } from "./exposures.js";
import { createGathering, type Gathering, type Part } from "./part.js";
import { type Local, outside, resultOf } from "./refs.js";
import { assign, takingOf } from "./targets.js";

/** What a statement of a file, or a member of one of its classes, gives to the flow of values. */
export function gatherPiece(piece: ts.Node, snapshot: Snapshot): Part {
  const { g, part } = createGathering(snapshot);
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    constrain(g, node);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) gatherCall(g, node);
    ts.forEachChild(node, (child) => (isPieceOfItsOwn(child) ? undefined : visit(child)));
  };
  visit(piece);
  if (ts.isSourceFile(piece.parent)) gatherExposures(g, piece);
  return part;
}

/** Members of a file's classes: an edit leaves the others as they are. See `pieceOf`. */
export function isPieceOfItsOwn(node: ts.Node): boolean {
  return ts.isClassElement(node) && ts.isClassDeclaration(node.parent) && ts.isSourceFile(node.parent.parent);
}

/** One node's own constraints; its children have theirs. */
function constrain(g: Gathering, node: ts.Node): void {
  const { snapshot } = g;
  const into = (from: ts.Node | undefined, target: ts.Node = node) => {
    if (from !== undefined) g.give(from, () => ({ into: [target], flows: [] }));
  };
  if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
    declareFunction(g, node as FunctionWithBody);
  } else if (ts.isPropertyAccessExpression(node)) {
    readMember(g, node);
  } else if (ts.isReturnStatement(node) || ts.isYieldExpression(node)) {
    const owner = enclosingFunction(node);
    if (node.expression && ts.isFunctionLike(owner))
      g.give(node.expression, () => ({ into: [resultOf(owner as FunctionWithBody)], flows: [] }));
  } else if (ts.isVariableDeclaration(node) || ts.isParameter(node)) {
    const { name, initializer } = node;
    if (initializer) g.give(initializer, () => takingOf(name, snapshot));
  } else if (ts.isForOfStatement(node)) {
    loopVariable(g, node);
  } else if (ts.isPropertyDeclaration(node)) {
    declareField(g, node);
  } else if (ts.isBinaryExpression(node)) {
    combine(g, node);
  } else if (ts.isConditionalExpression(node)) {
    into(node.whenTrue);
    into(node.whenFalse);
  } else if (ts.isArrayLiteralExpression(node)) {
    for (const element of node.elements) into(ts.isSpreadElement(element) ? element.expression : element);
  } else if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) declareProperty(g, node, property);
  } else if (ts.isElementAccessExpression(node)) {
    into(node.expression);
    const key = bare(node.argumentExpression);
    if (ts.isStringLiteralLike(key)) g.flow(g.member(undefined, key.text, node), node);
  } else if (ts.isExportAssignment(node)) {
    g.flow(g.ref(node.expression), outside);
  } else if (ts.isJsxAttribute(node) || ts.isJsxExpression(node)) {
    const value = ts.isJsxAttribute(node) ? node.initializer : node.expression;
    if (value) g.flow(g.ref(value), outside);
  } else if (ts.isAwaitExpression(node) || ts.isSpreadElement(node)) {
    into(node.expression);
  }
}

function readMember(g: Gathering, node: ts.PropertyAccessExpression): void {
  const name = node.name.text;
  const owner =
    name === "done" || name === "c" ? g.snapshot.primitiveOf(node.expression)?.model.kind : undefined;
  if (owner === "context") {
    const from = g.ref(node.expression);
    return g.step((s) =>
      s.hear(from, (value) => {
        if (value.kind === "context") s.add(node, value.done);
      }),
    );
  }
  if (owner === "timer") {
    const value = { kind: "channel", node, made: "timer", capacity: 1 } as const;
    return g.step((s) => s.add(node, value));
  }
  const variable = g.snapshot.variableOf(node.name as ts.Identifier);
  const declaration = variable?.declaration;
  if (declaration !== undefined && ts.isGetAccessor(declaration) && declaration.body !== undefined) {
    g.flow(resultOf(declaration as FunctionWithBody), node);
  } else if (
    declaration !== undefined &&
    ts.isMethodDeclaration(declaration) &&
    declaration.body !== undefined
  ) {
    g.function(node, declaration as FunctionWithBody);
  } else g.flow(g.member(variable, name, node), node);
}

function loopVariable(g: Gathering, node: ts.ForOfStatement): void {
  const items: Local = { kind: "local" };
  const from = g.ref(node.expression);
  g.flow(from, items);
  if (node.awaitModifier !== undefined) {
    const operation = { node, event: "chan-range", channel: node.expression, select: undefined } as const;
    g.step((s) => {
      s.operation(operation, from);
      s.hear(from, (value) => {
        if (value.kind === "channel") s.flow(value, items);
      });
    });
  }
  if (!ts.isVariableDeclarationList(node.initializer)) return;
  for (const declaration of node.initializer.declarations)
    g.take(items, takingOf(declaration.name, g.snapshot));
}

function combine(g: Gathering, node: ts.BinaryExpression): void {
  const operator = node.operatorToken.kind;
  const into = (from: ts.Node) => g.give(from, () => ({ into: [node], flows: [] }));
  if (isAssignment(operator)) {
    assign(g, node.left, g.ref(node.right));
    into(node.right);
    if (operator !== ts.SyntaxKind.EqualsToken) into(node.left);
  } else if (operator === ts.SyntaxKind.CommaToken || operator === ts.SyntaxKind.AmpersandAmpersandToken) {
    into(node.right);
  } else if (operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.QuestionQuestionToken) {
    into(node.left);
    into(node.right);
  }
}
