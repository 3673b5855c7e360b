import ts from "typescript";
import type { Unit } from "../ir/lower.js";
import { type Place, thisRoot } from "../ir/place.js";
import type { Snapshot } from "../project/port.js";
import { enclosingFunction } from "../project/syntax.js";
import type { PathContext } from "./path.js";
import type { LockState, State } from "./state.js";
import { isRepeated, runsOnce } from "./task-starts.js";

const known = new WeakMap<Snapshot, Map<ts.Node, boolean>>();

/**
 * Whether the field's class is one that the program makes once: then two places with that field are the same,
 * by whatever way they were come to. Not for classes that other programs may make instances of.
 */
export function isSoleField({ field, container }: Place, snapshot: Snapshot): boolean {
  const declaration = container === undefined ? field?.declaration : undefined;
  if (declaration === undefined || !field?.constant) return false;
  const owner = ts.isPropertyDeclaration(declaration) ? declaration.parent : undefined;
  return owner !== undefined && isSole(owner, snapshot, 0);
}

function isSole(owner: ts.ClassLikeDeclaration, snapshot: Snapshot, depth: number): boolean {
  let answers = known.get(snapshot);
  if (answers === undefined) {
    answers = new Map();
    known.set(snapshot, answers);
  }
  let answer = answers.get(owner);
  if (answer === undefined) {
    answers.set(owner, false);
    answer = !isExported(owner) && owner.name !== undefined && isMadeOnce(owner, snapshot, depth);
    answers.set(owner, answer);
  }
  return answer;
}

function isMadeOnce(owner: ts.ClassLikeDeclaration, snapshot: Snapshot, depth: number): boolean {
  const [made, another] = snapshot.constructions(owner);
  if (made === undefined || another !== undefined || depth > 4) return false;
  if (isRepeated(made, snapshot)) return false;
  // A class that speaks of itself has several instances in mind: a tree, a pair of accounts.
  if (new RegExp(`\\b${owner.name?.text}\\b`).test(bodyText(owner))) return false;
  // Another class that extends it is made elsewhere.
  if (new RegExp(`\\bextends\\s+${owner.name?.text}\\b`).test(owner.getSourceFile().text)) return false;
  const around = enclosingFunction(made) as Unit;
  if (ts.isSourceFile(around)) return !isInClass(made) || isFieldOfSole(made, snapshot, depth);
  if (ts.isConstructorDeclaration(around)) return isSole(around.parent, snapshot, depth + 1);
  return runsOnce(around);
}

function bodyText(owner: ts.ClassLikeDeclaration): string {
  return owner.members.map((member) => member.getText()).join("\n");
}

function isInClass(node: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent)
    if (ts.isClassLike(at)) return true;
  return false;
}

/** `readonly queue = new Queue()` of a class that is made once itself. */
function isFieldOfSole(made: ts.Node, snapshot: Snapshot, depth: number): boolean {
  for (let at = made; at.parent !== undefined; at = at.parent) {
    if (!ts.isPropertyDeclaration(at)) continue;
    const isStatic = (ts.getCombinedModifierFlags(at) & ts.ModifierFlags.Static) !== 0;
    return isStatic || isSole(at.parent, snapshot, depth + 1);
  }
  return false;
}

function isExported(owner: ts.Node): boolean {
  return (
    ts.canHaveModifiers(owner) &&
    (ts.getModifiers(owner)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

/** A lock that is held under another name, of the one instance that there is. */
export function heldByAnotherName(place: Place, state: State, context: PathContext): LockState | undefined {
  const field = place.field?.id;
  if (field === undefined) return undefined;
  for (const lock of state.locks.values()) {
    if (lock.status !== "held" || lock.place.field?.id !== field || isPair(lock.place, place)) continue;
    if (context.isSole(place)) return lock;
  }
  return undefined;
}

/** `merge(a, b)`: who gives two of a class two names has two instances in mind. */
function isPair(one: Place, other: Place): boolean {
  const isVariable = ({ root, path }: Place) => root > thisRoot && path.length === 1;
  return isVariable(one) && isVariable(other);
}

/** A lock that the caller has no name for, and which can only be the one. */
export function soleInstance(place: Place, context: PathContext): Place | undefined {
  if (place.field === undefined || !context.isSole(place)) return undefined;
  return { ...place, key: `!${place.field.id}`, root: -1, home: undefined, parameter: undefined, path: [] };
}
