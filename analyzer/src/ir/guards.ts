import ts from "typescript";
import type { Callee, FunctionWithBody } from "../project/port.js";
import { bare } from "../project/syntax.js";
import type { CfgNode, Use } from "./cfg.js";
import type { Lowering } from "./lowering.js";

/** The variable that an acquired guard goes to: `const guard = …`, or its element of `const [value, release] = …`. */
export function guardVariable(
  l: Lowering,
  name: ts.BindingName | ts.Expression,
  call: ts.CallExpression,
): number | undefined {
  if (ts.isIdentifier(name)) return l.snapshot.variableOf(name)?.id;
  const element = elementOf(l.snapshot.calleeOf(call));
  if (element === undefined) return undefined;
  const part =
    ts.isArrayBindingPattern(name) || ts.isArrayLiteralExpression(name) ? name.elements[element] : undefined;
  if (part === undefined) return undefined;
  const at = ts.isBindingElement(part) ? part.name : part;
  return ts.isIdentifier(at) ? l.snapshot.variableOf(at)?.id : undefined;
}

/** Which element of its tuple an acquire's guard is. */
export function elementOf(callee: Callee): number | undefined {
  return callee.kind === "method" && callee.operation.op === "acquire" ? callee.operation.element : undefined;
}

/** `release` of `release()`, `guard` of `guard.release()`, `ticket` of `ticket[1]()`. */
export function releaserName(callee: ts.Expression): ts.Identifier | undefined {
  const at = bare(callee);
  const name = ts.isElementAccessExpression(at) ? bare(at.expression) : at;
  return ts.isIdentifier(name) ? name : undefined;
}

/** Guards that a function which somebody calls later, or elsewhere, may release: it mentions their variables. */
export function guardsIn(l: Lowering, body: FunctionWithBody, next: CfgNode): CfgNode {
  const variables = l.snapshot.guardVariables(body.getSourceFile());
  if (variables.size === 0) return next;
  const mentioned = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) {
      const variable = l.snapshot.variableOf(node);
      if (variable !== undefined && variables.has(variable.id)) mentioned.add(variable.id);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return [...mentioned].reduce((after, guard) => l.node({ kind: "guard-escape", guard }, after), next);
}

/** A guard as a value goes to somebody who may release it. */
export function lowerGuardValue(
  l: Lowering,
  at: ts.Identifier,
  next: CfgNode,
  use: Use,
): CfgNode | undefined {
  const variables = l.snapshot.guardVariables(l.file);
  if (variables.size === 0) return undefined;
  const variable = l.snapshot.variableOf(at);
  if (variable === undefined) return undefined;
  if (variables.has(variable.id))
    return l.node({ kind: "guard-escape", guard: variable.id, returned: use === "returned" }, next);
  // `stream.on("end", finish)`: the function that it names may release.
  const { declaration } = variable;
  const isFunction =
    declaration !== undefined && ts.isFunctionDeclaration(declaration) && declaration.body !== undefined;
  return isFunction ? guardsIn(l, declaration as FunctionWithBody, next) : undefined;
}
