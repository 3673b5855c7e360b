import ts from "typescript";
import type { AcquireOptions, ClassModel, LockMode, Operation } from "../model/index.js";
import type { Callee, Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import { namedStep, type Place, placeOf, step } from "./place.js";

type Acquire = Operation & { readonly op: "acquire" };

/** What a lock call asks for: which locks, and how. */
export interface Request {
  /** In the order in which they are taken; none where they cannot be named. */
  readonly places: readonly Place[];
  readonly mode: LockMode;
  /** Rejects, or goes on without it, where it would have to wait. */
  readonly impatient: boolean;
}

export function requestOf(
  call: ts.CallExpression,
  callee: Callee & { readonly kind: "method" },
  operation: Acquire,
  snapshot: Snapshot,
): Request {
  const options = operation.options && optionsOf(call, operation, operation.options);
  const base = basePlace(callee, snapshot);
  const known = base !== undefined && options !== "unknown" && !isReentrant(base, callee.model);
  const places = known ? keyedPlaces(base, call, operation, snapshot) : [];
  const mode = options === "read" ? "read" : (base?.view ?? operation.mode);
  const impatient = options === "impatient" || base?.impatient === true || isMadeImpatient(base, snapshot);
  return { places, mode, impatient };
}

/** Where there is one for all, it does not matter by which name it is reached. */
function basePlace(callee: Callee & { readonly kind: "method" }, snapshot: Snapshot): Place | undefined {
  if (callee.model.singleton !== true) return placeOf(callee.receiver, snapshot);
  const root = -1;
  return {
    key: callee.owner,
    root,
    home: undefined,
    parameter: undefined,
    path: [],
    field: undefined,
    text: callee.receiver.getText(),
    view: undefined,
    namedBy: [],
  };
}

function keyedPlaces(
  base: Place,
  call: ts.CallExpression,
  { key }: Acquire,
  snapshot: Snapshot,
): readonly Place[] {
  if (key === undefined) return [base];
  const argument = call.arguments[key];
  if (argument === undefined) return [];
  const at = bare(argument);
  const keys = ts.isArrayLiteralExpression(at) ? at.elements : [at];
  return keys.flatMap((each) => keyedPlace(base, each, snapshot) ?? []);
}

/** Two keys are the same when they are the same string, or the same variable, which nothing assigns. */
function keyedPlace(base: Place, argument: ts.Expression, snapshot: Snapshot): Place | undefined {
  const at = bare(argument);
  const text = `${base.text}[${at.getText()}]`;
  const from = base.root === -1 ? { ...base, path: [base.key] } : base;
  const literal = ts.isNumericLiteral(at) ? at.text : snapshot.literalOf(at);
  if (literal !== undefined) return step(from, `[${literal}]`, base.field, text);
  const variable = ts.isIdentifier(at) ? snapshot.variableOf(at) : undefined;
  return variable?.constant ? { ...namedStep(from, variable, text), field: base.field } : undefined;
}

/** `new AsyncLock({ domainReentrant: true })`: whoever holds it may take it again. */
function isReentrant(place: Place, { reentrantBy }: ClassModel): boolean {
  if (reentrantBy === undefined) return false;
  const made = initializerOf(place);
  const options = made !== undefined && ts.isNewExpression(made) ? made.arguments?.[0] : undefined;
  return options?.getText().includes(reentrantBy) ?? false;
}

/** `const once = tryAcquire(new Mutex())`. */
function isMadeImpatient(place: Place | undefined, snapshot: Snapshot): boolean {
  const made = place && initializerOf(place);
  if (made === undefined || !ts.isCallExpression(made)) return false;
  const callee = snapshot.calleeOf(made);
  return callee.kind === "function" && callee.operation.op === "wrap" && callee.operation.impatient;
}

function initializerOf({ field }: Place): ts.Expression | undefined {
  const declaration = field?.declaration;
  const initializer =
    declaration !== undefined &&
    (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration))
      ? declaration.initializer
      : undefined;
  return initializer && bare(initializer);
}

/** What the options of a call say; `unknown` where they cannot be read. */
function optionsOf(
  call: ts.CallExpression,
  { callback }: Acquire,
  { argument, read, impatient }: AcquireOptions,
): "read" | "impatient" | "unknown" | undefined {
  const given = call.arguments[argument];
  if (given === undefined || (callback === "last" && argument === call.arguments.length - 1))
    return undefined;
  const at = bare(given);
  if (!ts.isObjectLiteralExpression(at) || at.properties.some(ts.isSpreadAssignment)) return "unknown";
  const named = (name: string) => at.properties.find((property) => property.name?.getText() === name);
  for (const name of impatient ?? []) {
    const property = named(name);
    if (property === undefined) continue;
    const value = ts.isPropertyAssignment(property) ? bare(property.initializer).kind : undefined;
    if (value !== ts.SyntaxKind.FalseKeyword) return "impatient";
  }
  const mode = read && named(read.property);
  if (read === undefined || mode === undefined) return undefined;
  if (!ts.isPropertyAssignment(mode)) return "unknown";
  const value = bare(mode.initializer);
  if (!ts.isStringLiteralLike(value)) return "unknown";
  return value.text === read.value ? "read" : undefined;
}
