import ts from "typescript";
import type { Unit } from "../../ir/lower.js";
import { type Place, thisRoot } from "../../ir/place.js";
import type { Snapshot } from "../../project/port.js";
import { isFunctionLiteral } from "../../project/syntax.js";
import { binder } from "../call.js";
import type { Locks } from "../entrances.js";
import type { Facts, UnitFacts } from "../facts.js";
import { whenRun } from "./callbacks.js";
import { type Caller, type Callers, createEntering } from "./entering.js";
import { isMadeForCaller } from "./fresh.js";

/**
 * Whether a lock is held at a point, as far as all ways there agree. `free`: on some way surely not.
 * `exempt`: nobody else can have the object yet, it is being made.
 */
export type Holding = "write" | "read" | "free" | "unknown" | "exempt";

export interface Held {
  readonly holding: Holding;
  /** A call that comes here without the lock, where others come with it. */
  readonly via?: ts.Node;
}

export interface HeldAt {
  /** What a path of the unit, or else its callers, hold of a lock that has this place for the unit. */
  at(unit: Unit, locks: Locks, place: Place): Held;
  /** Whether the function is only looked at as part of the one around it. */
  isPartOfAnother(unit: Unit): boolean;
}

/** What the functions of one file say of entrances: of their own, and into others. */
interface OfFile {
  readonly inlined: ReadonlySet<ts.Node>;
  readonly abandoned: ReadonlySet<ts.Node>;
  readonly callers: Callers;
}

/** By the list, which is the same as long as it says the same. */
const files = new WeakMap<readonly UnitFacts[], OfFile>();

function entrancesOf(units: readonly UnitFacts[]): OfFile {
  let found = files.get(units);
  if (found === undefined) {
    found = read(units);
    files.set(units, found);
  }
  return found;
}

function read(units: readonly UnitFacts[]): OfFile {
  const inlined = new Set<ts.Node>();
  const abandoned = new Set<ts.Node>();
  for (const { unit, observations } of units) {
    if (observations.abandoned) abandoned.add(unit);
    for (const body of observations.inlined) if (isFunctionLiteral(body)) inlined.add(body);
  }
  const callers = new Map<ts.Node, Caller[]>();
  for (const { unit, observations } of units) {
    if (inlined.has(unit)) continue;
    for (const [body, entrances] of observations.entrances) {
      const known = callers.get(body) ?? [];
      callers.set(body, known);
      known.push(...entrances.map((entrance) => ({ unit, entrance })));
    }
  }
  return { inlined, abandoned, callers };
}

/** Answers from what was observed in the unit and its callers; where a caller's caller decides, from that. */
export function createHeldAt(facts: Facts, snapshot: Snapshot): HeldAt {
  const answers = new Map<ts.Node, Map<string, Held>>();
  const entering = createEntering(snapshot, (file) => ofFile(file).callers);

  const ofFile = (file: ts.SourceFile) => entrancesOf(facts.ofFile(file));

  function at(unit: Unit, locks: Locks, place: Place): Held {
    const own = ownHolding(locks, place);
    return own === undefined ? onEntry(unit, place) : { holding: own };
  }

  function onEntry(unit: Unit, place: Place): Held {
    let ofUnit = answers.get(unit);
    if (ofUnit === undefined) {
      ofUnit = new Map();
      answers.set(unit, ofUnit);
    }
    const known = ofUnit.get(place.key);
    if (known !== undefined) return known;
    // Round a recursion the other entrances decide.
    ofUnit.set(place.key, { holding: "exempt" });
    const found = computeEntry(unit, place);
    ofUnit.set(place.key, found);
    return found;
  }

  function computeEntry(unit: Unit, place: Place): Held {
    if (ts.isSourceFile(unit)) return { holding: "free" };
    if (ts.isConstructorDeclaration(unit) || ts.isClassStaticBlockDeclaration(unit))
      return { holding: "exempt" };
    if (isInsideOf(unit, ofFile(unit.getSourceFile()).abandoned)) return { holding: "unknown" };
    const entrances = entering(unit);
    const sure = entrances.filter(({ entrance }) => entrance.how !== "made");
    const used = sure.length > 0 ? sure : entrances;
    if (used.length === 0) return { holding: "free" };
    const ways = used.map((caller) => throughCaller(unit, caller, place));
    // Where nobody holds it no caller is to blame.
    return ways.some(({ holding }) => holding === "write" || holding === "read")
      ? worst(ways)
      : { holding: worst(ways).holding };
  }

  function throughCaller(unit: Unit, { unit: caller, entrance }: Caller, place: Place): Held {
    const { how, op, locks, inner, node } = entrance;
    const bound = op === undefined ? captured(unit, place) : binder(op)(place);
    if (bound === undefined) return { holding: holdsAlike(locks, place) ? "unknown" : "free", via: node };
    if (isMadeForCaller(bound, caller)) return { holding: "exempt" };
    if (inner.some((hold) => hold.place.key === bound.key)) {
      return { holding: inner.every((hold) => hold.mode === "read") ? "read" : "write" };
    }
    const own = ownHolding(locks, bound);
    // A task that is started goes on when the section is over, unless the section waits for it.
    if (how === "task" && ts.isCallExpression(node))
      return { holding: own === "read" || own === "write" ? "unknown" : "free", via: node };
    const when = how === "made" ? whenRun(unit) : "now";
    if (when !== "now") return { holding: when === "later" ? "free" : "unknown", via: node };
    const held = own === undefined ? onEntry(caller, bound) : { holding: own };
    return held.holding === "free" ? { holding: "free", via: node } : held;
  }

  return { at, isPartOfAnother: (unit) => ofFile(unit.getSourceFile()).inlined.has(unit) };
}

/** Undefined: the path has not touched the lock. */
function ownHolding(locks: Locks, place: Place): Holding | undefined {
  const lock = locks.get(place.key);
  if (lock === undefined) return holdsAliasOf(locks, place) ? "unknown" : undefined;
  if (lock.status !== "held") return lock.status;
  return lock.holds.some((hold) => hold.mode !== "read") ? "write" : "read";
}

/** A lock of the same field is held through a name that may mean the same object. */
function holdsAliasOf(locks: Locks, place: Place): boolean {
  return [...locks.values()].some((lock) => {
    if (lock.status === "free" || lock.place.key === place.key) return false;
    if (isPassedIn(lock.place) && !isPassedIn(place)) return true;
    const sameField = lock.place.field !== undefined && lock.place.field.id === place.field?.id;
    return sameField && (isUncertain(lock.place) || isUncertain(place));
  });
}

function holdsAlike(locks: Locks, place: Place): boolean {
  return [...locks.values()].some(
    (lock) =>
      lock.status !== "free" && lock.place.field !== undefined && lock.place.field.id === place.field?.id,
  );
}

/** A lock that came in as an argument may be any. */
function isPassedIn({ parameter, path }: Place): boolean {
  return parameter !== undefined && path.length === 0;
}

/** A local name of something that came from elsewhere: `const account = accounts.get(id)`. */
function isUncertain({ home }: Place): boolean {
  if (home === undefined || !ts.isVariableDeclaration(home)) return false;
  const made = home.initializer;
  return made === undefined || !(ts.isNewExpression(made) || ts.isObjectLiteralExpression(made));
}

/** A function literal sees what is around it; `this` only an arrow function. */
function captured(unit: Unit, place: Place): Place | undefined {
  if (place.root === thisRoot) return ts.isArrowFunction(unit) ? place : undefined;
  return place;
}

function isInsideOf(node: ts.Node, functions: ReadonlySet<ts.Node>): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent)
    if (functions.has(at)) return true;
  return false;
}

const order: readonly Holding[] = ["exempt", "write", "read", "unknown", "free"];

/** What holds on every way: the least that one of them gives. */
export function worst(ways: readonly Held[]): Held {
  return ways.reduce<Held>(
    (before, way) => (order.indexOf(way.holding) > order.indexOf(before.holding) ? way : before),
    { holding: "exempt" },
  );
}
