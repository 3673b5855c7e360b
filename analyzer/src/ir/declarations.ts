import ts from "typescript";
import type { Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import { noteBinding } from "./accesses.js";
import type { CfgNode, Op } from "./cfg.js";
import { guardVariable } from "./guards.js";
import type { Flow, Lowering } from "./lowering.js";
import { placeOf, rootPlace } from "./place.js";
import { truth } from "./truth.js";

/** Every variable that a declaration (or the head of a loop) binds, patterns included. */
export function declaredVariables(initializer: ts.ForInitializer, snapshot: Snapshot): number[] {
  if (!ts.isVariableDeclarationList(initializer)) {
    const at = bare(initializer);
    const variable = ts.isIdentifier(at) ? snapshot.variableOf(at) : undefined;
    return variable ? [variable.id] : [];
  }
  const found: number[] = [];
  const visit = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) {
      const variable = snapshot.variableOf(name);
      if (variable) found.push(variable.id);
    } else for (const element of name.elements) if (ts.isBindingElement(element)) visit(element.name);
  };
  for (const declaration of initializer.declarations) visit(declaration.name);
  return found;
}

export function declareVariables(
  l: Lowering,
  declarations: readonly ts.VariableDeclaration[],
  next: CfgNode,
  flow: Flow,
): CfgNode {
  return declarations.reduceRight((after, declaration) => declareOne(l, declaration, after, flow), next);
}

function declareOne(l: Lowering, declaration: ts.VariableDeclaration, next: CfgNode, flow: Flow): CfgNode {
  if (!ts.isIdentifier(declaration.name)) {
    const request = declaration.initializer && awaitedCall(declaration.initializer);
    const guard = request && guardVariable(l, declaration.name, request);
    if (request !== undefined && guard !== undefined)
      return rebind(l, guard, declaration, l.call(request, next, flow, "awaited", guard));
    if (declaration.initializer === undefined) return next;
    const base = l.guardables.names.size > 0 ? placeOf(declaration.initializer, l.snapshot) : undefined;
    const read = noteBinding(l, declaration.name, base, next);
    return l.expression(declaration.initializer, read, flow, "value");
  }
  const variable = l.snapshot.variableOf(declaration.name);
  if (variable === undefined || declaration.initializer === undefined) {
    return declaration.initializer ? l.expression(declaration.initializer, next, flow, "value") : next;
  }
  const value = bare(declaration.initializer);
  const awaited = ts.isAwaitExpression(value) ? bare(value.expression) : undefined;
  // The result of a call is bound by the call's own operation: a guard, a tryLock's answer.
  if (awaited !== undefined && ts.isCallExpression(awaited)) {
    return rebind(l, variable.id, declaration, l.call(awaited, next, flow, "awaited", variable.id));
  }
  if (ts.isCallExpression(value))
    return rebind(l, variable.id, declaration, l.call(value, next, flow, "value", variable.id));
  let after = next;
  if (ts.isNewExpression(value) && l.snapshot.constructed(value)?.model.noCopy) {
    after = l.node({ kind: "fresh", place: rootPlace(variable), node: declaration }, after);
  }
  const assigned: Op = {
    kind: "assign",
    variable: variable.id,
    value: truth(value),
    place: undefined,
    from: value,
  };
  after = l.node(assigned, after);
  return rebind(l, variable.id, declaration, l.expression(declaration.initializer, after, flow, "value"));
}

function awaitedCall(expression: ts.Expression): ts.CallExpression | undefined {
  const value = bare(expression);
  const awaited = ts.isAwaitExpression(value) ? bare(value.expression) : undefined;
  return awaited !== undefined && ts.isCallExpression(awaited) ? awaited : undefined;
}

/** A declaration reached again, in a loop, makes a new variable: what was known of the old one is gone. */
function rebind(l: Lowering, variable: number, node: ts.Node, next: CfgNode): CfgNode {
  return l.node({ kind: "rebind", variable, node }, next);
}
