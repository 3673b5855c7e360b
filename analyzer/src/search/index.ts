import type ts from "typescript";
import type { Snapshot } from "../project/port.js";
import { type Entry, entriesOf } from "./entries.js";
import { startOf } from "./entry.js";
import { exploreSchedules, type Limits, usualLimits } from "./explore.js";
import { Linker } from "./program.js";
import { quietEntries } from "./quiet.js";
import { stuckState } from "./stuck.js";
import { GivenUp } from "./values.js";
import { type Verdict, verdictsOf } from "./verdict.js";

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
const known = new WeakMap<Snapshot, Map<ts.SourceFile, readonly Finding[]>>();

/**
 * What the functions of a file do when their tasks run in every order: the states in which nobody can go on.
 * Bounded per file; what lies beyond the bounds is not found. Asked once a file and snapshot.
 */
export function stuckStatesOf(file: ts.SourceFile, snapshot: Snapshot): readonly Finding[] {
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

function search(file: ts.SourceFile, snapshot: Snapshot): Finding[] {
  const entries = entriesOf(file);
  if (entries.length === 0) return [];
  const linker = linkers.get(snapshot) ?? new Linker(snapshot);
  linkers.set(snapshot, linker);
  const limits = shareOf(entries.length);
  const quiet = quietEntries(snapshot);
  const findings = new Map<string, Finding>();
  for (const entry of entries) {
    if (snapshot.isBroken(entry.node) || quiet.has(entry, limits)) continue;
    try {
      const { result, entered } = linker.record(() => searchFrom(entry, linker, limits));
      if (result.length === 0) quiet.add(entry, limits, entered);
      for (const found of result) {
        const key = `${found.blame} ${found.node.getSourceFile().fileName} ${found.node.pos}`;
        if (!findings.has(key)) findings.set(key, found);
      }
    } catch (error) {
      // Code nested so deeply that translating it overflows the stack is left alone.
      if (!(error instanceof RangeError) && !(error instanceof GivenUp)) throw error;
    }
  }
  return [...findings.values()];
}

function searchFrom({ node, closed }: Entry, linker: Linker, limits: Limits): Finding[] {
  const start = startOf(linker, node, closed);
  if (start === undefined) return [];
  const found: Finding[] = [];
  let terminals = 0;
  exploreSchedules(start.state, start.program, limits, (terminal) => {
    const stuck = stuckState(terminal);
    for (const verdict of stuck === undefined ? [] : verdictsOf(stuck))
      found.push({ ...verdict, node: within(verdict, node), entry: node });
    terminals += 1;
    return terminals < maxTerminals;
  });
  return found;
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
