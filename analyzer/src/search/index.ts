import type ts from "typescript";
import type { Snapshot } from "../project/port.js";
import { type Entry, entriesOf } from "./entries.js";
import { startOf } from "./entry.js";
import { exploreSchedules, type Limits, type Terminal, usualLimits } from "./explore.js";
import { type Misuse, misuseOf } from "./misuse.js";
import { Linker } from "./program.js";
import { quietEntries } from "./quiet.js";
import { stuckState } from "./stuck.js";
import { GivenUp } from "./values.js";
import { type Verdict, verdictsOf } from "./verdict.js";

export type { Misuse, MisuseRule } from "./misuse.js";
export type { Blame, Verdict } from "./verdict.js";

/** A stuck state, and the function from which it was reached. */
export interface Finding extends Verdict {
  readonly entry: ts.Node;
}

/** Stuck states looked at after the first: they say the same, seen from other schedules. */
const maxTerminals = 40;
/** More entries than this share what one file may cost. */
const fullPriceEntries = 6;

const linkers = new WeakMap<Snapshot, Linker>();
const known = new WeakMap<Snapshot, Map<ts.SourceFile, Found>>();

/** What the schedules of a file's functions come to. */
interface Found {
  readonly stuck: readonly Finding[];
  readonly misuses: readonly Misuse[];
}

/**
 * What the functions of a file do when their tasks run in every order: the states in which nobody can go on.
 * Bounded per file; what lies beyond the bounds is not found. Asked once a file and snapshot.
 */
export function stuckStatesOf(file: ts.SourceFile, snapshot: Snapshot): readonly Finding[] {
  return foundIn(file, snapshot).stuck;
}

/** Operations that a primitive refuses under some schedule, in that file. */
export function misusesOf(file: ts.SourceFile, snapshot: Snapshot): readonly Misuse[] {
  return foundIn(file, snapshot).misuses;
}

function foundIn(file: ts.SourceFile, snapshot: Snapshot): Found {
  let files = known.get(snapshot);
  if (files === undefined) {
    files = new Map();
    known.set(snapshot, files);
  }
  let findings = files.get(file);
  if (findings === undefined) {
    findings = search(file, snapshot);
    files.set(file, findings);
  }
  return findings;
}

function search(file: ts.SourceFile, snapshot: Snapshot): Found {
  const entries = entriesOf(file);
  if (entries.length === 0) return { stuck: [], misuses: [] };
  const linker = linkers.get(snapshot) ?? new Linker(snapshot);
  linkers.set(snapshot, linker);
  const limits = shareOf(entries.length);
  const quiet = quietEntries(snapshot);
  const stuck = new Map<string, Finding>();
  const misuses = new Map<string, Misuse>();
  for (const entry of entries) {
    if (snapshot.isBroken(entry.node) || quiet.has(entry, limits)) continue;
    try {
      const { result, entered } = linker.record(() => searchFrom(entry, linker, limits));
      if (result.stuck.length + result.misuses.length === 0) quiet.add(entry, limits, entered);
      for (const found of result.stuck) keepFirst(stuck, found.blame, found);
      for (const found of result.misuses)
        if (found.node.getSourceFile() === file) keepFirst(misuses, found.rule, found);
    } catch (error) {
      // Code nested so deeply that translating it overflows the stack is left alone.
      if (!(error instanceof RangeError) && !(error instanceof GivenUp)) throw error;
    }
  }
  return { stuck: [...stuck.values()], misuses: [...misuses.values()] };
}

function keepFirst<T extends { readonly node: ts.Node }>(all: Map<string, T>, what: string, found: T): void {
  const key = `${what} ${found.node.getSourceFile().fileName} ${found.node.pos}`;
  if (!all.has(key)) all.set(key, found);
}

function searchFrom({ node, closed }: Entry, linker: Linker, limits: Limits): Found {
  const stuck: Finding[] = [];
  const misuses: Misuse[] = [];
  const start = startOf(linker, node, closed);
  if (start === undefined) return { stuck, misuses };
  let terminals = 0;
  const ended = (terminal: Terminal) => {
    const state = stuckState(terminal);
    for (const verdict of state === undefined ? [] : verdictsOf(state))
      stuck.push({ ...verdict, node: within(verdict, node), entry: node });
    terminals += 1;
    return terminals < maxTerminals;
  };
  exploreSchedules(start.state, start.program, limits, ended, (state, error) => {
    const misuse = misuseOf(state, error, node);
    if (misuse !== undefined) misuses.push(misuse);
  });
  return { stuck, misuses };
}

/** A report stands in the file that was looked at: at the call that leads to where the task waits. */
function within({ node, tasks }: Verdict, entry: ts.Node): ts.Node {
  const file = entry.getSourceFile();
  if (node.getSourceFile() === file) return node;
  const calls = tasks.flatMap(({ path }) => path.filter((each) => each.getSourceFile() === file).reverse());
  return calls[0] ?? entry;
}

function shareOf(entries: number): Limits {
  const share = Math.min(1, fullPriceEntries / entries);
  return {
    steps: Math.ceil(usualLimits.steps * share),
    instructions: Math.ceil(usualLimits.instructions * share),
  };
}
