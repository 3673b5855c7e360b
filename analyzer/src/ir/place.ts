import ts from "typescript";
import type { LockMode, Operation } from "../model/index.js";
import type { Snapshot, Variable } from "../project/port.js";
import { bare } from "../project/syntax.js";
import { elementOfCall, keptElement } from "./elements.js";
import { madeWith } from "./made.js";

/**
 * An access path: where a lock (or a WaitGroup) lives. Two places with the same key are surely the
 * same object at one moment; two with different keys are taken to be different.
 */
export interface Place {
  readonly key: string;
  /** The variable that the path starts from; `this` is 0. */
  readonly root: number;
  /** Where the root is declared; undefined for `this`. */
  readonly home: ts.Node | undefined;
  /** The root's position among the function's parameters, if it is one. */
  readonly parameter: number | undefined;
  /** From the root down. */
  readonly path: readonly string[];
  /** The declaration of the last step: what all instances of a class have in common. */
  readonly field: Variable | undefined;
  /** As written. */
  readonly text: string;
  /** `rw.rLocker()`: its `lock` is the read side's. */
  readonly view: LockMode | undefined;
  /** The variables that name steps of the path, as `id` does in `locks[id]`: where they are declared. */
  readonly namedBy: readonly ts.Node[];
  /** For an element of a collection: the collection, which is what all of its elements have in common. */
  readonly container?: Variable | undefined;
  /** What a field of the object here was made from, where that is known: see `madeWith`. */
  readonly made?: ((name: string) => Place | undefined) | undefined;
  /** Reached by a face that rejects instead of waiting: `tryAcquire(mutex)`. */
  readonly impatient?: boolean;
}

export const thisRoot = 0;
const maxAliasDepth = 8;

export function placeOf(expression: ts.Expression, snapshot: Snapshot, depth = 0): Place | undefined {
  if (depth > maxAliasDepth) return undefined;
  const at = bare(expression);
  if (at.kind === ts.SyntaxKind.ThisKeyword || at.kind === ts.SyntaxKind.SuperKeyword) {
    const owner = staticOwner(at);
    const variable = owner?.name && snapshot.variableOf(owner.name);
    if (variable) return rootPlace(variable);
    return thisPlace;
  }
  if (ts.isIdentifier(at)) return variablePlace(at, snapshot, depth);
  if (ts.isPropertyAccessExpression(at)) {
    const base = placeOf(at.expression, snapshot, depth);
    const field = snapshot.variableOf(at.name as ts.Identifier);
    if (base === undefined) return undefined;
    const behind = behindGetter(field?.declaration, base, snapshot, depth) ?? madeOf(base, at.name.text);
    const made = madeWith(field, snapshot, depth);
    return behind ?? { ...step(base, at.name.text, field, at.getText()), ...(made && { made }) };
  }
  if (ts.isElementAccessExpression(at)) return elementPlace(at, snapshot, depth);
  if (ts.isCallExpression(at)) {
    const callee = snapshot.calleeOf(at);
    if (callee.kind === "function") return wrappedPlace(at, callee.operation, snapshot, depth);
    if (callee.kind === "builtin" || callee.kind === "body") return elementOfCall(at, snapshot, depth);
    if (callee.kind !== "method" || callee.operation.op !== "view") return undefined;
    const base = placeOf(callee.receiver, snapshot, depth);
    return base && { ...base, view: callee.operation.mode };
  }
  // `locks.get(key) ?? this.add(key)`
  if (ts.isBinaryExpression(at) && at.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
    const left = bare(at.left);
    return ts.isCallExpression(left) ? elementOfCall(left, snapshot, depth) : undefined;
  }
  return undefined;
}

/** `withTimeout(mutex, 100)` is the mutex; what wraps a new one is a lock of its own. */
function wrappedPlace(
  call: ts.CallExpression,
  operation: Operation,
  snapshot: Snapshot,
  depth: number,
): Place | undefined {
  if (operation.op !== "wrap") return undefined;
  const inner = call.arguments[operation.argument];
  const place = inner && placeOf(inner, snapshot, depth + 1);
  return place && (operation.impatient ? { ...place, impatient: true } : place);
}

/** `get lock() { return this.mu; }`: another name for the field. */
function behindGetter(
  declaration: ts.Declaration | undefined,
  base: Place,
  snapshot: Snapshot,
  depth: number,
): Place | undefined {
  if (declaration === undefined || !ts.isGetAccessor(declaration)) return undefined;
  const [only, ...others] = declaration.body?.statements ?? [];
  if (only === undefined || others.length > 0 || !ts.isReturnStatement(only)) return undefined;
  const place = only.expression && placeOf(only.expression, snapshot, depth + 1);
  return place?.root === thisRoot ? rebase(place, base) : place;
}

/** In a static member `this` is the class itself. */
function staticOwner(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isClassStaticBlockDeclaration(at)) return at.parent;
    if (ts.isClassElement(at) && ts.isClassLike(at.parent)) {
      return ts.getCombinedModifierFlags(at) & ts.ModifierFlags.Static ? at.parent : undefined;
    }
    if (ts.isFunctionDeclaration(at) || ts.isFunctionExpression(at)) return undefined;
  }
  return undefined;
}

function variablePlace(name: ts.Identifier, snapshot: Snapshot, depth: number): Place | undefined {
  const variable = snapshot.variableOf(name);
  if (variable === undefined) return undefined;
  const alias = variable.constant
    ? aliasOf(variable.declaration, snapshot, depth)
    : keptElement(variable.declaration, snapshot, depth);
  if (alias !== undefined) return { ...alias, text: name.text };
  const made = madeWith(variable, snapshot, depth);
  return { ...rootPlace(variable), ...(made && { made }) };
}

export function rootPlace(variable: Variable): Place {
  const declaration = variable.declaration;
  const parameter =
    declaration && ts.isParameter(declaration)
      ? declaration.parent.parameters.indexOf(declaration)
      : undefined;
  return make({ root: variable.id, home: declaration, parameter, namedBy: [] }, [], variable, variable.name);
}

/** `const mu = this.mu`, `const { mu } = this`, `({ mu }: Owner) => …`: another name for the same place. */
function aliasOf(
  declaration: ts.Declaration | undefined,
  snapshot: Snapshot,
  depth: number,
): Place | undefined {
  if (declaration === undefined) return undefined;
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
    return placeOf(declaration.initializer, snapshot, depth + 1);
  }
  if (
    !ts.isBindingElement(declaration) ||
    declaration.dotDotDotToken !== undefined ||
    declaration.initializer !== undefined
  ) {
    return undefined;
  }
  const pattern = declaration.parent;
  const property = declaration.propertyName ?? declaration.name;
  if (!ts.isObjectBindingPattern(pattern) || !ts.isIdentifier(property)) return undefined;
  const owner = pattern.parent;
  let base: Place | undefined;
  if (ts.isBindingElement(owner)) base = aliasOf(owner, snapshot, depth + 1);
  else if (ts.isParameter(owner)) {
    const parameter = owner.parent.parameters.indexOf(owner);
    base = make(
      { root: -owner.pos - 1, home: owner, parameter, namedBy: [] },
      [],
      undefined,
      owner.name.getText(),
    );
  } else if (owner.initializer !== undefined) base = placeOf(owner.initializer, snapshot, depth + 1);
  return base && step(base, property.text, snapshot.boundProperty(declaration), property.text);
}

/** Two elements are the same only when the same constant names them: a literal or a variable never assigned. */
function elementPlace(
  access: ts.ElementAccessExpression,
  snapshot: Snapshot,
  depth: number,
): Place | undefined {
  const base = placeOf(access.expression, snapshot, depth);
  const key = bare(access.argumentExpression);
  if (base === undefined) return undefined;
  if (ts.isStringLiteralLike(key) || ts.isNumericLiteral(key))
    return { ...step(base, `[${key.text}]`, undefined, access.getText()), container: base.field };
  if (!ts.isIdentifier(key)) return undefined;
  const variable = snapshot.variableOf(key);
  return variable?.constant ? namedStep(base, variable, access.getText()) : undefined;
}

/** The element that a variable names: the same only for the same variable, in the same call of its function. */
export function namedStep(base: Place, variable: Variable, text: string): Place {
  const { declaration } = variable;
  const namedBy = declaration === undefined ? base.namedBy : [...base.namedBy, declaration];
  return { ...step({ ...base, namedBy }, `[#${variable.id}]`, undefined, text), container: base.field };
}

export const thisPlace: Place = make(
  { root: thisRoot, home: undefined, parameter: undefined, namedBy: [] },
  [],
  undefined,
  "this",
);

type Root = Pick<Place, "root" | "home" | "parameter" | "namedBy">;

/** The member of what a place holds. */
export function step(base: Place, name: string, field: Variable | undefined, text: string): Place {
  return make(base, [...base.path, name], field, text);
}

function make(
  { root, home, parameter, namedBy }: Root,
  path: readonly string[],
  field: Variable | undefined,
  text: string,
): Place {
  return {
    key: [root, ...path].join("."),
    root,
    home,
    parameter,
    path,
    field,
    text,
    view: undefined,
    namedBy,
  };
}

/** The callee's place as the caller names it: the callee's root replaced by what the caller passed. */
export function rebase(place: Place, base: Place): Place {
  const [first, ...rest] = place.path;
  const inner = first === undefined ? undefined : madeOf(base, first);
  if (inner !== undefined) return rebase({ ...place, path: rest }, inner);
  const text = [base.text, ...written(place)].join(".").replaceAll(".[", "[");
  const field = first === undefined ? base.field : place.field;
  const rebased = make(base, [...base.path, ...place.path], field, text);
  const impatient = place.impatient || base.impatient;
  return {
    ...rebased,
    view: place.view,
    namedBy: [...base.namedBy, ...place.namedBy],
    ...(impatient && { impatient }),
    container: place.path.length > 0 ? place.container : base.container,
    made: place.path.length > 0 ? place.made : base.made,
  };
}

/** What was made in a field was made from what its owner has; in a variable, from what its function has. */
function madeOf(base: Place, name: string): Place | undefined {
  const place = base.made?.(name);
  if (place?.root !== thisRoot || base.path.length === 0) return place;
  const path = base.path.slice(0, -1);
  return rebase(place, { ...base, path, key: [base.root, ...path].join("."), made: undefined });
}

/** The steps of a path for people: an element by the name of the variable that names it. */
function written({ path, namedBy }: Place): string[] {
  const names = [...namedBy];
  return path.map((segment) => {
    const declaration = segment.startsWith("[#") ? names.shift() : undefined;
    const name = declaration && ts.getNameOfDeclaration(declaration as ts.Declaration);
    return name === undefined ? segment : `[${name.getText()}]`;
  });
}

/** What the place is a member of; undefined for a variable, whose owner has no name. */
export function parentOf(place: Place): Place | undefined {
  if (place.path.length === 0) return undefined;
  const text = place.text.replace(/(?:\.[^.[\]]+|\[[^\]]*\])$/, "");
  return make(place, place.path.slice(0, -1), undefined, text);
}

/** Whether a path starts with another: what a write to `outer` makes stale. */
export function isWithin(key: string, outer: string): boolean {
  return key === outer || key.startsWith(`${outer}.`);
}
