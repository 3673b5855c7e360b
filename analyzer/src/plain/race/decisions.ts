import ts from "typescript";
import { isTeardown } from "./names.js";
import { isRelevant } from "./relevance.js";
import { epochOf, isPartOf, isReadAgain, type State } from "./state.js";
import type { Decision, Place, Sense, Taint, Value, Way } from "./values.js";
import type { Walker } from "./walker.js";

/** `cache.size` is a part of what `cache.set(key, …)` changes. */
export function isSizeOf(key: string, element: string): boolean {
  const match = /^(.*)\.(?:size|length)$/.exec(key);
  return match?.[1] !== undefined && element.startsWith(`${match[1]}<`);
}

/** The stale check that the write relies on: of the path, or of the value that was made under it. */
export function decisionOn(
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

/** `state === "open"`, `file === wanted`: a question of which one, rather than of whether there is enough. */
function isEquality(condition: ts.Node): boolean {
  if (ts.isSwitchStatement(condition.parent)) return true;
  if (!ts.isBinaryExpression(condition)) return false;
  const { kind } = condition.operatorToken;
  return (
    kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    kind === ts.SyntaxKind.EqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
    kind === ts.SyntaxKind.ExclamationEqualsToken
  );
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
