import ts from "typescript";
import { placeOf } from "../ir/place.js";
import { isAssignment } from "../project/assignments.js";
import type { Snapshot } from "../project/port.js";
import { bare, meaningfulParent } from "../project/syntax.js";
import type { Facts } from "./facts.js";

/** Of the variables and fields of these names, those whose value goes somewhere: whoever gets it may release it. */
export function handedOn(names: ReadonlySet<string>, snapshot: Snapshot, facts: Facts): ReadonlySet<number> {
  const found = new Set<number>();

  function visit(node: ts.Node): void {
    if (ts.isBindingElement(node)) noteBinding(node);
    else if ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && names.has(node.text)) {
      if (isValue(node) && isGivenAway(node)) {
        const variable = snapshot.variableOf(node);
        if (variable !== undefined) found.add(variable.id);
      }
    }
    ts.forEachChild(node, visit);
  }

  /** `const { mu } = this` is another name for it; `const { mu } = find()` is somebody's lock under a new one. */
  function noteBinding(element: ts.BindingElement): void {
    const property = element.propertyName ?? element.name;
    if (!ts.isIdentifier(property) || !names.has(property.text)) return;
    const field = snapshot.boundProperty(element);
    const place = ts.isIdentifier(element.name) ? placeOf(element.name, snapshot) : undefined;
    if (field !== undefined && place?.field?.id !== field.id) found.add(field.id);
  }

  function isGivenAway(name: ts.Identifier | ts.PrivateIdentifier): boolean {
    const access = accessOf(name);
    const { parent, child } = meaningfulParent(access);
    if (ts.isPropertyAccessExpression(parent) && parent.expression === child) return isMethodValue(parent);
    if (ts.isVariableDeclaration(parent)) {
      return !(ts.getCombinedNodeFlags(parent) & ts.NodeFlags.Const) || !ts.isIdentifier(parent.name);
    }
    if (ts.isBinaryExpression(parent)) {
      const { kind } = parent.operatorToken;
      if (isAssignment(kind)) return parent.right === child;
      return kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
    }
    if (ts.isCallExpression(parent) && parent.expression !== child)
      return !isTakenThere(parent, parent.arguments.indexOf(child as ts.Expression));
    return !ts.isExpressionStatement(parent) && !ts.isPrefixUnaryExpression(parent);
  }

  /** `mu.unlock.bind(mu)`, `onClose(mu.unlock)`. */
  function isMethodValue(access: ts.PropertyAccessExpression): boolean {
    if (ts.isCallExpression(access.parent) && access.parent.expression === access) return false;
    return snapshot.primitiveOf(access.expression)?.model.methods[access.name.text] !== undefined;
  }

  /** `runExclusive(mu, work)`: a function that takes the lock itself gives back its own turn. */
  function isTakenThere(call: ts.CallExpression, index: number): boolean {
    const callee = snapshot.calleeOf(call);
    if (callee.kind !== "body") return false;
    const { summary } = facts.of(callee.declaration);
    const isArgument = ({ place }: { place: { parameter: number | undefined; path: readonly string[] } }) =>
      place.parameter === index && place.path.length === 0;
    return (
      summary.taken.some(isArgument) &&
      !summary.effects.some((effect) => isArgument(effect) && effect.net !== "acquired")
    );
  }

  for (const file of snapshot.files) {
    const source = snapshot.sourceFile(file);
    if (source !== undefined) visit(source);
  }
  return found;
}

/** Names stand in declarations, imports and types as well. */
function isValue(name: ts.Identifier | ts.PrivateIdentifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent) || ts.isShorthandPropertyAssignment(parent)) return true;
  if ("name" in parent && parent.name === name) return false;
  if (ts.isBindingElement(parent) && parent.propertyName === name) return false;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  return ts.isExpression(parent) || ts.isStatement(parent) || isInitializer(parent, name);
}

function isInitializer(parent: ts.Node, name: ts.Node): boolean {
  return "initializer" in parent && parent.initializer === name;
}

/** `this.mu` of `mu`. */
function accessOf(name: ts.Identifier | ts.PrivateIdentifier): ts.Expression {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent) && parent.name === name) return bare(parent);
  return name as ts.Identifier;
}
