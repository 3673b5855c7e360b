import ts from "typescript";
import { type NamedLock, promisesOf } from "../../annotations/functions.js";
import { mentionsAnnotation } from "../../annotations/parse.js";
import { binder } from "../../facts/call.js";
import type { Entrance } from "../../facts/entrances.js";
import { isMadeForCaller } from "../../facts/state-access/fresh.js";
import type { Held } from "../../facts/state-access/held-at.js";
import { stateTable } from "../../facts/state-access/table.js";
import type { Place } from "../../ir/place.js";
import type { Report, Rule, RuleContext, UnitFacts } from "../rule.js";
import { isExpectedToThrow } from "../tests.js";
import { firstPerNode, lineOf } from "../text.js";
import { doc, sources } from "./doc.js";

export const missingRequiredLock: Rule = {
  id: "missing-required-lock",
  title: "The function wants the lock held, or free",
  severity: "error",
  doc,
  sources,
  *run(context) {
    const found = context.units.flatMap((unit) => [...violations(unit, context)]);
    for (const each of firstPerNode(found, (one) => one.node)) if (!isExpectedToThrow(each.node)) yield each;
  },
};

function* violations(unit: UnitFacts, context: RuleContext): Iterable<Report> {
  if (unit.observations.abandoned) return;
  for (const [body, entrances] of unit.observations.entrances) {
    if (!mentionsAnnotation(body.getSourceFile())) continue;
    const { requires, excludes } = promisesOf(body, context.snapshot);
    if (requires.length + excludes.length === 0) continue;
    // A closure that runs as part of the function around it is looked at there.
    if (stateTable(context).heldAt.isPartOfAnother(unit.unit)) continue;
    for (const entrance of entrances) {
      if (entrance.op === undefined) continue;
      for (const lock of requires) yield* unheld(body, lock, entrance, unit, context);
      for (const lock of excludes) yield* held(body, lock, entrance, unit, context);
    }
  }
}

function* unheld(
  body: ts.Node,
  lock: NamedLock,
  entrance: Entrance,
  unit: UnitFacts,
  context: RuleContext,
): Iterable<Report> {
  const { place, at } = stateOf(lock, entrance, unit, context);
  if (place === undefined || at.holding !== "free") return;
  const how = at.via === undefined ? "" : ` (line ${lineOf(at.via)} comes here without it)`;
  yield {
    node: entrance.node,
    message: `\`${nameOf(body)}\` wants \`${place.text}\` held by its caller, and it is not held here${how}`,
    related: [
      ...(at.via === undefined ? [] : [{ node: at.via, message: `\`${place.text}\` is not held here` }]),
      { node: body, message: `\`@requires ${lock.place.text}\`` },
    ],
  };
}

function* held(
  body: ts.Node,
  lock: NamedLock,
  entrance: Entrance,
  unit: UnitFacts,
  context: RuleContext,
): Iterable<Report> {
  const { place, at } = stateOf(lock, entrance, unit, context);
  if (place === undefined || (at.holding !== "write" && at.holding !== "read")) return;
  const hold = entrance.locks.get(place.key)?.holds[0];
  yield {
    node: entrance.node,
    message: `\`${nameOf(body)}\` must not be called with \`${place.text}\` held, and it is held here`,
    related: [
      ...(hold === undefined ? [] : [{ node: hold.site, message: `\`${place.text}\` is locked here` }]),
      { node: body, message: `\`@excludes ${lock.place.text}\`` },
    ],
  };
}

/** What is held of the lock where the function is called, in the caller's terms. */
function stateOf(
  lock: NamedLock,
  { op, locks }: Entrance,
  { unit }: UnitFacts,
  context: RuleContext,
): { readonly place: Place | undefined; readonly at: Held } {
  const place = op && binder(op)(lock.place);
  if (place === undefined) return { place, at: { holding: "unknown" } };
  if (isMadeForCaller(place, unit)) return { place, at: { holding: "exempt" } };
  return { place, at: stateTable(context).heldAt.at(unit, locks, place) };
}

function nameOf(body: ts.Node): string {
  const named = ts.isFunctionLike(body) && body.name === undefined ? body.parent : body;
  return ts.getNameOfDeclaration(named as ts.Declaration)?.getText() ?? "the function";
}
