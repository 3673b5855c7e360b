import ts from "typescript";
import { isAssignment } from "../project/assignments.js";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import { namedStep, type Place, type PlaceOf, rebase, step, thisRoot } from "./access-path.js";

/** `locks.get(key)`, and `this.lockFor(key)` that looks there: the lock of that key, as long as it stays the key's. */
export function elementOfCall(
  call: ts.CallExpression,
  snapshot: Snapshot,
  depth: number,
  placeOf: PlaceOf,
): Place | undefined {
  const callee = snapshot.calleeOf(call);
  if (callee.kind === "builtin") {
    const access = bare(call.expression);
    if (callee.name !== "get" || !/^(Readonly|Weak)?Map$/.test(callee.owner ?? "")) return undefined;
    if (!ts.isPropertyAccessExpression(access)) return undefined;
    const base = placeOf(access.expression, snapshot, depth + 1);
    return base && elementOf(base, call.arguments[0], call.getText(), snapshot);
  }
  if (callee.kind !== "body") return undefined;
  const found = lookupOf(callee.declaration, snapshot, depth, placeOf);
  if (found === undefined) return undefined;
  const receiver = callee.receiver && placeOf(callee.receiver, snapshot, depth + 1);
  if (found.root === thisRoot && receiver === undefined) return undefined;
  const places = call.arguments.map((argument) => placeOf(argument, snapshot, depth + 1));
  const named = renamed(found, callee.declaration, call, places);
  if (named === undefined) return undefined;
  const place = named.root === thisRoot && receiver !== undefined ? rebase(named, receiver) : named;
  return { ...place, text: call.getText() };
}

/** The element that a key names: a literal, or a variable that nothing assigns. */
function elementOf(
  base: Place,
  key: ts.Expression | undefined,
  text: string,
  snapshot: Snapshot,
): Place | undefined {
  const at = key && bare(key);
  if (at === undefined) return undefined;
  const container = base.field;
  if (ts.isStringLiteralLike(at) || ts.isNumericLiteral(at))
    return { ...step(base, `[${at.text}]`, undefined, text), container };
  const variable = ts.isIdentifier(at) ? snapshot.variableOf(at) : undefined;
  return variable?.constant ? { ...namedStep(base, variable, text), container } : undefined;
}

/** What a function that only looks something up gives back, in its own terms. */
function lookupOf(
  body: FunctionWithBody,
  snapshot: Snapshot,
  depth: number,
  placeOf: PlaceOf,
): Place | undefined {
  if (depth > 4 || ts.isConstructorDeclaration(body)) return undefined;
  const returned = ts.isBlock(body.body) ? returnsOf(body.body) : [body.body as ts.Expression];
  const [first, ...others] = returned.map((each) => placeOf(each, snapshot, depth + 1));
  if (first === undefined || others.some((other) => other?.key !== first.key)) return undefined;
  const own = (node: ts.Node | undefined): boolean =>
    node !== undefined && (node === body || own(node.parent));
  // An element, and nothing that the function itself has made.
  if (first.namedBy.length === 0 && !first.path.some((name) => name.startsWith("["))) return undefined;
  return own(first.home) ? undefined : first;
}

function returnsOf(block: ts.Block): ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node)) found.push(node.expression ?? ts.factory.createVoidZero());
    else ts.forEachChild(node, visit);
  };
  ts.forEachChild(block, visit);
  return found;
}

/**
 * A callee's place with its keys as the caller names them: the callee's parameters replaced by what was
 * passed. Undefined where a key has no name outside the callee.
 */
export function renamed(
  place: Place,
  target: ts.Node,
  call: ts.CallExpression,
  places: readonly (Place | undefined)[],
): Place | undefined {
  if (!place.namedBy.some((declaration) => isInside(declaration, target))) return place;
  const path: string[] = [];
  const namedBy: ts.Node[] = [];
  const names = [...place.namedBy];
  for (const segment of place.path) {
    const declaration = segment.startsWith("[#") ? names.shift() : undefined;
    if (declaration === undefined || !isInside(declaration, target)) {
      path.push(segment);
      if (declaration !== undefined) namedBy.push(declaration);
      continue;
    }
    if (!ts.isParameter(declaration) || declaration.parent !== target) return undefined;
    const index = declaration.parent.parameters.indexOf(declaration);
    const passed = call.arguments[index] && bare(call.arguments[index]);
    const at = places[index];
    if (passed !== undefined && (ts.isStringLiteralLike(passed) || ts.isNumericLiteral(passed)))
      path.push(`[${passed.text}]`);
    else if (at !== undefined && at.path.length === 0 && at.field?.constant && at.home !== undefined) {
      path.push(`[#${at.root}]`);
      namedBy.push(at.home);
    } else return undefined;
  }
  return { ...place, key: [place.root, ...path].join("."), path, namedBy };
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent) if (at === outer) return true;
  return false;
}

/**
 * `let mu = locks.get(key); if (!mu) { mu = new Mutex(); locks.set(key, mu); }`: whichever it is, it is the
 * lock of that key from then on.
 */
export function keptElement(
  declaration: ts.Declaration | undefined,
  snapshot: Snapshot,
  depth: number,
  placeOf: PlaceOf,
): Place | undefined {
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const { name, initializer } = declaration;
  const looked = initializer && bare(initializer);
  if (!ts.isIdentifier(name) || looked === undefined || !ts.isCallExpression(looked)) return undefined;
  const callee = bare(looked.expression);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== "get") return undefined;
  const collection = callee.expression.getText();
  const scope = declaration.parent.parent.parent;
  let [made, kept] = [true, false];
  const visit = (node: ts.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      isAssignment(node.operatorToken.kind) &&
      node.left.getText() === name.text
    )
      made &&= ts.isNewExpression(bare(node.right));
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name: method } = node.expression;
      const value = node.arguments[1];
      if (method.text === "set" && expression.getText() === collection && value !== undefined)
        kept ||= new RegExp(`\\b${name.text}\\b`).test(value.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return made && kept ? elementOfCall(looked, snapshot, depth + 1, placeOf) : undefined;
}
