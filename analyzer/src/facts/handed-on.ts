import ts from "typescript";
import { placeOf } from "../ir/place.js";
import { isAssignment } from "../project/assignments.js";
import type { Snapshot, Variable } from "../project/port.js";
import { bare, meaningfulParent } from "../project/syntax.js";
import type { Facts } from "./facts.js";
import { occurrencesOf } from "./occurrences.js";

/** Whether the value of a variable or field goes somewhere: whoever gets it may release it. */
export function isHandedOn(variable: Variable, snapshot: Snapshot, facts: Facts): boolean {
  return occurrencesOf(variable, snapshot).some((name) =>
    isBound(name) ? isTakenOut(name) : isValue(name) && isGivenAway(name) && means(name),
  );

  function means(name: ts.Identifier): boolean {
    return snapshot.variableOf(name)?.id === variable.id;
  }

  /** `const { mu } = this` is another name for it; `const { mu } = find()` is somebody's lock under a new one. */
  function isTakenOut(name: ts.Identifier & { readonly parent: ts.BindingElement }): boolean {
    const element = name.parent;
    if ((element.propertyName ?? element.name) !== name) return false;
    const field = snapshot.boundProperty(element);
    if (field?.id !== variable.id) return false;
    const place = ts.isIdentifier(element.name) ? placeOf(element.name, snapshot) : undefined;
    return place?.field?.id !== field.id;
  }

  function isGivenAway(name: ts.Identifier): boolean {
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
    const methods = snapshot.primitiveOf(access.expression)?.model.methods;
    return methods !== undefined && Object.hasOwn(methods, access.name.text);
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
}

/** A name in a pattern: `{ mu }`, `{ mu: own }`. The value that it falls back on is no such name. */
function isBound(name: ts.Identifier): name is ts.Identifier & { readonly parent: ts.BindingElement } {
  const { parent } = name;
  return ts.isBindingElement(parent) && parent.initializer !== name;
}

/** Names stand in declarations, imports and types as well. */
function isValue(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent) || ts.isShorthandPropertyAssignment(parent)) return true;
  if ("name" in parent && parent.name === name) return false;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  return ts.isExpression(parent) || ts.isStatement(parent) || isInitializer(parent, name);
}

function isInitializer(parent: ts.Node, name: ts.Node): boolean {
  return "initializer" in parent && parent.initializer === name;
}

/** `this.mu` of `mu`. */
function accessOf(name: ts.Identifier): ts.Expression {
  const { parent } = name;
  return ts.isPropertyAccessExpression(parent) && parent.name === name ? bare(parent) : name;
}
