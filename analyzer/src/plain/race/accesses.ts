import ts from "typescript";
import { bare, enclosingFunction } from "../../project/syntax.js";
import type { Scopes } from "../scopes.js";
import { decisionOn, isSizeOf } from "./decisions.js";
import { isReadiness, isTeardown } from "./names.js";
import { shortName } from "./report.js";
import { awaitAfter, epochOf, isOwnWrite, isPartOf, isReadAgain, isShared, type State } from "./state.js";
import { constant, type Decision, type Place, type Taint, unknown, type Value, type Way } from "./values.js";
import type { Walker } from "./walker.js";
import { isMadeAs, isNewObject } from "./written.js";

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
      isReadiness(place.name) &&
      !isMarkOfShared(state, decision.taint, node);
    // What is more than a question whether it is there speaks of the code that asks it.
    const near = enclosingFunction(decision.condition) === enclosingFunction(node);
    const fresh = decision.sense === "absent" && !isTeardown(place.name) && isMadeHere(node, walker.scopes);
    if (fresh || (made && (decision.sense === "absent" || (decision.sense === "other" && near))) || flag)
      return found("lazy-init", decision.taint, decision);
  }
  if (way === "set" && !isReadAgain(state, place) && !isFoundEmpty(state, place)) {
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

/** `await this.starting; this.started = true`: the work is shared, and all that is done twice is to say so. */
function isMarkOfShared(state: State, taint: Taint, node: ts.Node): boolean {
  const last = state.awaits?.node;
  const { parent } = node;
  if (last === undefined || !ts.isExpressionStatement(parent) || !ts.isBlock(parent.parent)) return false;
  const { statements } = parent.parent;
  const before = statements[statements.indexOf(parent) - 1];
  return before?.end === last.parent.end && isShared(state, taint.epoch);
}

/** `x = x || make()`, by way of whatever name: there is nothing to lose. */
function isFoundEmpty(state: State, place: Place): boolean {
  const decision = state.decisions.get(place.key);
  return decision?.sense === "absent" && decision.taint.epoch === epochOf(state);
}

/** The write makes what it writes: `x = new X()`, `x = make()`, a local name of it, and whatever is put under a key. */
function isMadeHere(node: ts.Node, scopes: Scopes): boolean {
  if (ts.isCallExpression(node)) return true;
  if (!ts.isBinaryExpression(node)) return false;
  const value = bare(node.right);
  if (ts.isIdentifier(value)) {
    const declaration = scopes.bindingOf(value)?.declaration;
    return (
      declaration !== undefined &&
      isMadeAs(declaration) &&
      enclosingFunction(declaration) === enclosingFunction(node)
    );
  }
  return ts.isCallExpression(value) || isNewObject(value);
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

/** `this.n++` and the like change what is there in one step. */
export function change(walker: Walker, state: State, place: Place, node: ts.Node): void {
  write(walker, state, place, unknown, node, "change", constant(true));
}
