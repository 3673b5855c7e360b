import ts from "typescript";
import { placeOf } from "../ir/place.js";
import type { FunctionWithBody, Snapshot, Variable } from "../project/port.js";
import { enclosingFunction, meaningfulParent } from "../project/syntax.js";
import type { Facts } from "./facts.js";
import { isHandedOn } from "./handed-on.js";
import { occurrencesOf, sourcesOf } from "./occurrences.js";
import { syntaxOf } from "./syntax-index.js";

/** Who takes and who releases the locks of a declaration (a field of a class, a variable), in the whole program. */
export interface ProgramIndex {
  acquirers(variable: Variable): readonly ts.CallExpression[];
  /** Whether somebody releases it whose turn it is not: it was taken for that code. */
  isReleasedForOthers(variable: Variable): boolean;
  /** Whether it goes somewhere as a value: whoever gets it may release it. */
  isHandedOn(variable: Variable): boolean;
}

/** The calls that take and release the locks of one declaration. */
interface LockCalls {
  readonly acquires: ts.CallExpression[];
  readonly releases: ts.CallExpression[];
}

const none: LockCalls = { acquires: [], releases: [] };

/** Each answer is found out when first asked for. */
export function createProgramIndex(snapshot: Snapshot, facts: Facts): ProgramIndex {
  const byVariable = new Map<number, LockCalls>();
  /** Asked for every leak of a lock, answered by all of its releases. */
  const releasedForOthers = new Map<number, boolean>();
  const handedOn = new Map<number, boolean>();
  let everyCall: ReadonlyMap<number, LockCalls> | undefined;

  function callsOf(variable: Variable): LockCalls {
    return remembered(byVariable, variable.id, () => {
      const direct = directCalls(variable, snapshot);
      if (direct !== undefined) return lockCalls(direct, snapshot).get(variable.id) ?? none;
      everyCall ??= lockCalls(
        sourcesOf(snapshot).flatMap((file) => syntaxOf(file).calls),
        snapshot,
      );
      return everyCall.get(variable.id) ?? none;
    });
  }

  /** Not by the function that took it, nor by a callback of it; or by one that gives up its caller's turn first. */
  function isForOthers(release: ts.CallExpression, takers: ReadonlySet<ts.Node>): boolean {
    const own = enclosingFunction(release);
    if (takers.has(own)) {
      const place = placeOf((release.expression as ts.PropertyAccessExpression).expression, snapshot);
      const unit = own as FunctionWithBody | ts.SourceFile;
      return place !== undefined && facts.of(unit).observations.releasedUntaken.has(place.key);
    }
    for (let at = own; at.parent !== undefined; at = enclosingFunction(at)) if (takers.has(at)) return false;
    return true;
  }

  return {
    acquirers: (variable) => callsOf(variable).acquires,
    isReleasedForOthers: (variable) =>
      remembered(releasedForOthers, variable.id, () => {
        const { releases, acquires } = callsOf(variable);
        const takers = new Set(acquires.map(enclosingFunction));
        return releases.some((call) => isForOthers(call, takers));
      }),
    isHandedOn: (variable) => remembered(handedOn, variable.id, () => isHandedOn(variable, snapshot, facts)),
  };
}

function remembered<T>(answers: Map<number, T>, id: number, find: () => T): T {
  let answer = answers.get(id);
  if (answer === undefined) {
    answer = find();
    answers.set(id, answer);
  }
  return answer;
}

/**
 * The calls of its methods, where they are all that the program does with it. Undefined where it has other
 * names, or goes somewhere: then a lock call may mean it without saying so.
 */
function directCalls(variable: Variable, snapshot: Snapshot): readonly ts.CallExpression[] | undefined {
  const { declaration } = variable;
  if (declaration === undefined) return undefined;
  const own = ts.getNameOfDeclaration(declaration);
  if (own === undefined) return undefined;
  const calls: ts.CallExpression[] = [];
  for (const name of occurrencesOf(variable, snapshot)) {
    if (name === own || isImported(name) || isGivenAnew(name)) continue;
    const call = calledOn(name);
    if (call === undefined) {
      if (named(name, snapshot)?.id === variable.id) return undefined;
      continue;
    }
    const callee = snapshot.calleeOf(call);
    // `rw.reader()` is the lock under another name.
    if (callee.kind === "method" && callee.operation.op === "view") return undefined;
    calls.push(call);
  }
  return calls;
}

/** `import { mu }`: the same name. */
function isImported({ parent }: ts.Identifier): boolean {
  return ts.isImportSpecifier(parent) && parent.propertyName === undefined;
}

/** `this.mu = new Mutex()`. */
function isGivenAnew(name: ts.Identifier): boolean {
  const { parent, child } = meaningfulParent(accessOf(name));
  return (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.left === child &&
    ts.isExpressionStatement(parent.parent)
  );
}

/** In a pattern the property, whatever it is called there. */
function named(name: ts.Identifier, snapshot: Snapshot): Variable | undefined {
  const { parent } = name;
  const isProperty = ts.isBindingElement(parent) && (parent.propertyName ?? parent.name) === name;
  return (isProperty ? snapshot.boundProperty(parent) : undefined) ?? snapshot.variableOf(name);
}

/** `this.mu` of `mu`. */
function accessOf(name: ts.Identifier): ts.Expression {
  const { parent } = name;
  return ts.isPropertyAccessExpression(parent) && parent.name === name ? parent : name;
}

/** The call of `mu.lock()`, `this.mu.lock()` or `limit()` that a name is part of. */
function calledOn(name: ts.Identifier): ts.CallExpression | undefined {
  const { parent, child } = meaningfulParent(accessOf(name));
  if (ts.isCallExpression(parent)) return parent.expression === child ? parent : undefined;
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== child) return undefined;
  const outer = meaningfulParent(parent);
  return ts.isCallExpression(outer.parent) && outer.parent.expression === outer.child
    ? outer.parent
    : undefined;
}

/** By the declaration of the lock. */
function lockCalls(calls: Iterable<ts.CallExpression>, snapshot: Snapshot): Map<number, LockCalls> {
  const found = new Map<number, LockCalls>();
  for (const call of calls) {
    const callee = snapshot.calleeOf(call);
    if (callee.kind !== "method") continue;
    const { op } = callee.operation;
    const takes = op === "acquire" || op === "try-acquire";
    const field = takes || op === "release" ? placeOf(callee.receiver, snapshot)?.field : undefined;
    if (field === undefined) continue;
    const known = found.get(field.id) ?? { acquires: [], releases: [] };
    found.set(field.id, known);
    (takes ? known.acquires : known.releases).push(call);
  }
  return found;
}
