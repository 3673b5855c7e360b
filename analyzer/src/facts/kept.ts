import type ts from "typescript";
import { guardablesOf } from "../ir/guardable.js";
import type { Unit } from "../ir/lower.js";
import type { Place } from "../ir/place.js";
import { elsewhere, pieceOf } from "../project/pieces.js";
import type { Snapshot } from "../project/port.js";
import type { Elsewhere, Reading } from "../project/readings.js";
import type { Explored } from "./explore.js";
import { createKeptFiles, type KeptFiles } from "./kept-files.js";
import { isSoleField } from "./sole.js";
import { type Summary, sameSummary } from "./summary.js";

/** What the exploration of a function, or of several that call each other, rests on. */
export interface Grounds {
  /** The program in which it was found, or seen to hold still. */
  since: number;
  readonly units: Map<Unit, { readonly piece: ts.Node }>;
  readonly readings: readonly Elsewhere[];
  readonly callees: ReadonlyMap<Unit, Summary>;
  /** By the field: whether its class is made once. */
  readonly soles: ReadonlyMap<number, Sole>;
}

interface Sole {
  readonly place: Place;
  readonly answer: boolean;
}

interface Kept {
  readonly explored: Explored;
  readonly grounds: Grounds;
}

/** What was found out of functions in earlier snapshots of a project. */
export interface FactsStore {
  readonly files: KeptFiles;
  /** How many functions were explored, of those that it had nothing of, or nothing that still holds. */
  explored: number;
  keep(unit: Unit, explored: Explored, grounds: Grounds): void;
  of(unit: Unit): Kept | undefined;
  /** From now on the functions of this snapshot are asked for. */
  take(snapshot: Snapshot): void;
  /** The program since which the same names mean state that has a lock. */
  stateNamesOf(file: string): number;
}

export function createFactsStore(): FactsStore {
  const kept = new WeakMap<Unit, Kept>();
  const spoiled = new Map<string, number>();
  let names: ReadonlySet<string> | undefined;
  const stateNamesOf = (file: string) => spoiled.get(file) ?? 0;
  return {
    explored: 0,
    files: createKeptFiles(stateNamesOf),
    take(snapshot) {
      const guardables = guardablesOf(snapshot);
      const before = names;
      names = new Set([...guardables.names, ...[...guardables.aliases].map((alias) => ` ${alias}`)]);
      const changed = before === undefined ? [] : difference(before, names);
      if (changed.length === 0) return;
      for (const source of snapshot.files.flatMap((file) => snapshot.sourceFile(file) ?? []))
        if (changed.some((name) => source.text.includes(name.trim())))
          spoiled.set(source.fileName, snapshot.lasting.revisions.now);
    },
    stateNamesOf,
    keep: (unit, explored, grounds) => kept.set(unit, { explored, grounds }),
    of: (unit) => kept.get(unit),
  };
}

function difference(one: ReadonlySet<string>, other: ReadonlySet<string>): string[] {
  const without = (all: ReadonlySet<string>, some: ReadonlySet<string>) =>
    [...all].filter((each) => !some.has(each));
  return [...without(one, other), ...without(other, one)];
}

/** Gathers the grounds of what is being explored. */
export interface GroundsMaker {
  callee(unit: Unit, summary: Summary): void;
  isSole(place: Place, snapshot: Snapshot): boolean;
  done(unit: Unit, reading: Reading, since: number): Grounds;
}

export function createGroundsMaker(): GroundsMaker {
  const callees = new Map<Unit, Summary>();
  const soles = new Map<number, Sole>();
  return {
    callee: (unit, summary) => callees.set(unit, summary),
    isSole(place, snapshot) {
      const answer = isSoleField(place, snapshot);
      if (place.field !== undefined && place.container === undefined)
        soles.set(place.field.id, { place, answer });
      return answer;
    },
    done(unit, reading, since) {
      const piece = pieceOf(unit);
      return {
        since,
        units: new Map([[unit, { piece }]]),
        readings: [elsewhere(reading, piece)],
        callees,
        soles,
      };
    },
  };
}

/** Functions that call each other stand and fall together. */
export function together(all: readonly Grounds[]): Grounds {
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0) return only;
  const units = new Map(all.flatMap((each) => [...each.units]));
  const callees = all.flatMap((each) => [...each.callees]).filter(([unit]) => !units.has(unit));
  return {
    since: Math.max(...all.map((each) => each.since)),
    units,
    readings: all.flatMap((each) => each.readings),
    callees: new Map(callees),
    soles: new Map(all.flatMap((each) => [...each.soles])),
  };
}

/** Whether what was explored would come out the same now. `summaryOf`: of a function that it calls. */
export function stillHolds(
  grounds: Grounds,
  snapshot: Snapshot,
  store: FactsStore,
  summaryOf: (unit: Unit) => Summary,
): boolean {
  const { revisions, isCurrent, holds } = snapshot.lasting;
  const { since, units, readings, callees, soles } = grounds;
  if (since === revisions.now) return true;
  for (const [unit, { piece }] of units) {
    if (!isCurrent(unit) || pieceOf(unit) !== piece) return false;
    const file = unit.getSourceFile().fileName;
    if (revisions.typesOf(file) > since || store.stateNamesOf(file) > since) return false;
  }
  if (!readings.every((reading) => holds(reading, since, snapshot))) return false;
  for (const { place, answer } of soles.values()) if (isSoleField(place, snapshot) !== answer) return false;
  for (const [unit, summary] of callees) {
    if (!isCurrent(unit)) return false;
    const now = summaryOf(unit);
    if (!isAlike(summary, now)) return false;
  }
  grounds.since = revisions.now;
  return true;
}

/** Whether callers of the one need not be asked again when it is the other. */
export function isAlike(before: Summary, now: Summary): boolean {
  return before === now || (isPlain(before) && isPlain(now) && sameSummary(before, now));
}

/** Names no place and no node: those would be of another text. */
function isPlain(summary: Summary): boolean {
  return (
    !summary.opaque &&
    summary.answers === undefined &&
    [
      summary.taken,
      summary.effects,
      summary.waitGroups,
      summary.invoked,
      summary.reached,
      summary.acquires,
      summary.orders,
    ].every((list) => list.length === 0)
  );
}
