import ts from "typescript";
import { bare, enclosingFunction } from "../../project/syntax.js";
import { isReadiness, isTeardown } from "./names.js";
import { isRelevant } from "./relevance.js";
import { shortName } from "./report.js";
import { awaitAfter, epochOf, isOwnWrite, isPartOf, isReadAgain, type State } from "./state.js";
import {
  constant,
  type Decision,
  type Place,
  type Sense,
  type Taint,
  unknown,
  type Value,
} from "./values.js";
import type { Walker } from "./walker.js";

export function read(state: State, place: Place, node: ts.Node): Value {
  const epoch = epochOf(state);
  state.reads.set(place.key, epoch);
  return {
    ...unknown,
    taints: [{ place, node, epoch, strength: "same" }],
    alias: place,
    whenTrue: "present",
  };
}

/** How a write comes by its value. `set`: the value replaces what is there; `change`: what is there is read too. */
export type Way = "set" | "change";

export function write(
  walker: Walker,
  state: State,
  place: Place,
  value: Value,
  node: ts.Node,
  way: Way,
  flag = value,
): void {
  const race = raceOf(walker, state, place, value, node, way);
  if (race !== undefined) {
    walker.report(race);
    // One check, one finding: what else the path writes by it is the same defect.
    if (race.kind !== "lost-update") state.decisions.clear();
  }
  claim(state, place, flag, node);
  state.writes.set(place.key, epochOf(state));
}

/** A check and a write of the same place with nothing in between: others see that it is taken. */
function claim(state: State, place: Place, value: Value, node: ts.Node): void {
  const epoch = epochOf(state);
  const empties = value.truth === false;
  if (empties) state.sections = state.sections.filter((section) => section.place !== place.key);
  for (const [key, { taint }] of state.decisions) {
    if (!isPartOf(key, place.key) && !isSizeOf(key, place.key)) continue;
    if (taint.epoch === epoch && !empties)
      state.sections = [...state.sections, { node, from: epoch, place: place.key }];
    state.decisions.delete(key);
  }
}

/** `cache.size` is a part of what `cache.set(key, …)` changes. */
function isSizeOf(key: string, element: string): boolean {
  const match = /^(.*)\.(?:size|length)$/.exec(key);
  return match?.[1] !== undefined && element.startsWith(`${match[1]}<`);
}

function raceOf(
  walker: Walker,
  state: State,
  place: Place,
  value: Value,
  node: ts.Node,
  way: Way,
): Parameters<Walker["report"]>[0] | undefined {
  const epoch = epochOf(state);
  if (epoch === 0 || state.checked === epoch) return undefined;
  const stale = (taint: Taint) =>
    taint.epoch < epoch &&
    !isCovered(walker, state, taint, node) &&
    !isOwnWrite(state, taint.place, taint.epoch);
  const found = (kind: "lost-update" | "lazy-init" | "stale-check", taint: Taint, decision?: Decision) => {
    const at = awaitAfter(state, taint.epoch);
    return at === undefined
      ? undefined
      : {
          kind,
          write: node,
          place: shortName(place.text),
          read: taint.node,
          await: at,
          condition: decision?.condition,
          computed: kind === "lost-update" && taint.strength === "derived",
          flag: value.origin === "constant",
        };
  };

  const decision = decisionOn(state, place, value, way, stale);
  // What a map that is made for sharing held is no longer what it holds.
  if (isSyncMap(place) && !isReadAgain(state, place)) {
    const taint = decision?.taint ?? value.taints.find((each) => each.place.key === place.key && stale(each));
    if (taint !== undefined) return found("stale-check", taint, decision);
  }
  if (isFile(place) && decision !== undefined) return undefined;
  if (decision !== undefined && way === "set" && value.origin !== "shared") {
    const made = value.origin === "made";
    const flag =
      value.origin === "constant" &&
      value.truth === true &&
      decision.sense === "absent" &&
      isReadiness(place.name);
    // What is more than a question whether it is there speaks of the code that asks it.
    const near = enclosingFunction(decision.condition) === enclosingFunction(node);
    const fresh = decision.sense === "absent" && !isTeardown(place.name) && isMadeHere(node);
    if (fresh || (made && (decision.sense === "absent" || (decision.sense === "other" && near))) || flag)
      return found("lazy-init", decision.taint, decision);
  }
  if (way === "set" && !isReadAgain(state, place)) {
    const taint = value.taints.find(
      (each) =>
        (each.strength === "derived" || each.strength === "handed") &&
        isPartOf(each.place.key, place.key) &&
        stale(each),
    );
    if (taint !== undefined && (taint.strength === "derived" || taint.place.key === place.key))
      return found("lost-update", taint);
  }
  if (way === "change") return decision && found("stale-check", decision.taint, decision);
  // `used = used + 1` is `used++`: it reads what is there now, and still relies on the check.
  if (
    value.taints.some(
      (each) => each.place.key === place.key && each.epoch === epoch && each.strength === "derived",
    )
  ) {
    const check = decisionOn(state, place, value, "change", stale);
    if (check !== undefined) return found("stale-check", check.taint, check);
  }
  return undefined;
}

/** The stale check that the write relies on: of the path, or of the value that was made under it. */
function decisionOn(
  state: State,
  place: Place,
  value: Value,
  way: Way,
  stale: (taint: Taint) => boolean,
): Decision | undefined {
  const concerns = ({ taint, loop, sense, condition }: Decision) =>
    !loop &&
    (sense !== "other" || !isEquality(condition)) &&
    (isAspectOf(taint.place.key, place.key) || (way === "change" && isSizeOf(taint.place.key, place.key))) &&
    (way === "change" || sense !== "present") &&
    stale(taint);
  const present = state.decisions.get(place.key);
  // The last look at the place itself counts, whatever an earlier one said.
  if (present !== undefined && !concerns(present)) return undefined;
  const candidates = [...state.decisions.values(), ...value.decided].filter(concerns);
  if (candidates.length === 0 || (way === "set" && isReadAgain(state, place)) || isMissedAgain(state))
    return undefined;
  return candidates.find((each) => each.taint.place.key === place.key) ?? candidates[0];
}

/** The place itself, or a property that tells about it: `token.expires` of `token`; not what a collection holds. */
function isAspectOf(part: string, whole: string): boolean {
  return isPartOf(part, whole) && !/^.*[[<]|\.(?:length|size)$/.test(part.slice(whole.length));
}

/** Something that says whether it has been made was looked at since the task was last suspended. */
function isMissedAgain(state: State): boolean {
  const epoch = epochOf(state);
  return [...state.decisions.values()].some(
    ({ taint, sense }) => taint.epoch === epoch && sense === "absent" && !isTeardown(taint.place.name),
  );
}

/** The write makes what it writes: `x = new X()`, `x = make()`, and whatever is put under a key. */
function isMadeHere(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return true;
  if (!ts.isBinaryExpression(node)) return false;
  const value = bare(node.right);
  return (
    ts.isCallExpression(value) ||
    ts.isNewExpression(value) ||
    ts.isObjectLiteralExpression(value) ||
    ts.isArrayLiteralExpression(value)
  );
}

/** `state === "open"`, `file === wanted`: a question of which one, rather than of whether there is enough. */
function isEquality(condition: ts.Node): boolean {
  if (!ts.isBinaryExpression(condition)) return false;
  const { kind } = condition.operatorToken;
  return (
    kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    kind === ts.SyntaxKind.EqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsToken
  );
}

function isSyncMap(place: Place): boolean {
  return place.key.startsWith("map.");
}

function isFile(place: Place): boolean {
  return place.key.startsWith("file.");
}

function isCovered(walker: Walker, state: State, taint: Taint, node: ts.Node): boolean {
  return state.sections.some((section) => section.from <= taint.epoch) || walker.isGuarded(taint.node, node);
}

/** The path on which the value of a condition is true, or false; undefined when there is none. */
export function branch(
  walker: Walker,
  state: State,
  value: Value,
  outcome: boolean,
  condition: ts.Node,
  loop = false,
): State | undefined {
  if (value.truth !== undefined && value.truth !== outcome) return undefined;
  const { variable } = value;
  if (variable !== undefined) {
    const known = state.env.get(variable.binding);
    const truth = variable.negated ? !outcome : outcome;
    if (known !== undefined && known.truth !== undefined && known.truth !== truth) return undefined;
    if (known !== undefined) state.env.set(variable.binding, { ...known, truth });
  }
  const epoch = epochOf(state);
  for (const taint of value.taints) {
    if (
      taint.strength === "through" ||
      taint.strength === "handed" ||
      !isRelevant(taint.place, walker.written)
    )
      continue;
    const sense: Sense =
      value.whenTrue === "other" ? "other" : outcome ? value.whenTrue : opposite(value.whenTrue);
    const { key } = taint.place;
    const known = state.decisions.get(key);
    if (
      known !== undefined &&
      (known.taint.epoch > taint.epoch ||
        (known.taint.epoch === taint.epoch && sense === "other" && known.sense !== "other"))
    )
      continue;
    // `const was = busy; busy = true; if (was) return`
    if (state.writes.get(key) === epoch && taint.epoch === epoch)
      state.sections = [...state.sections, { node: condition, from: epoch, place: key }];
    else state.decisions.set(key, { taint, sense, condition, loop });
  }
  return state;
}

export function opposite(sense: Sense): Sense {
  return sense === "present" ? "absent" : sense === "absent" ? "present" : "other";
}

/** Where both ways of a condition come together again, it decides nothing any more. */
export function forget(states: readonly State[], conditions: ts.Node): void {
  for (const state of states)
    for (const [key, { condition }] of state.decisions)
      if (condition.pos >= conditions.pos && condition.end <= conditions.end) state.decisions.delete(key);
}

/** `this.n++` and the like change what is there in one step. */
export function change(walker: Walker, state: State, place: Place, node: ts.Node): void {
  write(walker, state, place, unknown, node, "change", constant(true));
}
