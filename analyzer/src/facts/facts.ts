import ts from "typescript";
import { promisesOf } from "../annotations/functions.js";
import { TooComplex } from "../ir/cfg.js";
import { lower, type Unit } from "../ir/lower.js";
import { isStackOverflow } from "../project/nesting.js";
import type { Snapshot } from "../project/port.js";
import { type Explored, explore } from "./explore.js";
import {
  createFactsStore,
  createGroundsMaker,
  type FactsStore,
  type Grounds,
  type GroundsMaker,
  isAlike,
  stillHolds,
  together,
} from "./kept.js";
import { emptyObservations } from "./observations.js";
import { promisedEffects } from "./promises.js";
import { anything, nothing, type Summary, sameSummary } from "./summary.js";
import { syntaxOf } from "./syntax-index.js";

/** Recursive functions settle in two or three rounds; one that does not is left as it is. */
const maxRounds = 4;

/** What is known of each function of one snapshot, found out when first asked for. */
export interface Facts {
  of(unit: Unit): Explored;
  /** Of every function of a file. One that cannot be looked at is missing: where it is checked, that is said. */
  ofFile(file: ts.SourceFile): readonly UnitFacts[];
}

/** One function (or the top level) of a file, with what was seen on its paths. */
export interface UnitFacts extends Explored {
  readonly unit: Unit;
}

interface Found {
  readonly explored: Explored;
  readonly grounds: Grounds;
}

/** `store`: of the project, for what an edit leaves as it was. */
export function createFacts(snapshot: Snapshot, store: FactsStore = createFactsStore()): Facts {
  const { reader, revisions } = snapshot.lasting;
  store.take(snapshot);
  const settled = new Map<Unit, Explored>();
  const files = new Map<ts.SourceFile, readonly UnitFacts[]>();
  /** Answers that rest on a guess about a function still being looked at. */
  const guesses = new Map<Unit, Found>();
  /** Of the function being explored. */
  let maker: GroundsMaker | undefined;
  const active = new Set<Unit>();
  /** Of the functions being looked at, innermost last: whether the answer rests on a guess so far. */
  const uncertain: boolean[] = [];
  let settling = false;

  function summaryOf(unit: Unit): Summary {
    const summary = findSummary(unit);
    maker?.callee(unit, summary);
    return summary;
  }

  function findSummary(unit: Unit): Summary {
    const known = settled.get(unit);
    if (known !== undefined) return known.summary;
    const guess = guesses.get(unit);
    if (guess === undefined && !active.has(unit)) return of(unit).summary;
    if (uncertain.length > 0) uncertain[uncertain.length - 1] = true;
    return guess?.explored.summary ?? nothing;
  }

  function of(unit: Unit): Explored {
    const known = settled.get(unit);
    if (known !== undefined) return known;
    const outermost = active.size === 0 && !settling;
    active.add(unit);
    try {
      const [kept] = certain(() => revived(unit));
      if (kept !== undefined) settled.set(unit, kept);
      else {
        const [found, isCertain] = certain(() => explored(unit));
        if (isCertain) settle([[unit, found]]);
        else {
          guesses.set(unit, found);
          if (uncertain.length > 0) uncertain[uncertain.length - 1] = true;
        }
      }
    } finally {
      active.delete(unit);
    }
    if (outermost && guesses.size > 0) settleGuesses();
    return settled.get(unit) ?? guesses.get(unit)?.explored ?? givenUp();
  }

  /** Whether what came out rests on no guess. */
  function certain<T>(work: () => T): [T, boolean] {
    uncertain.push(false);
    try {
      return [work(), !uncertain.at(-1)];
    } finally {
      uncertain.pop();
    }
  }

  /** What an earlier snapshot knew, if nothing that it rests on has changed since. */
  function revived(unit: Unit): Explored | undefined {
    const kept = store.of(unit);
    if (kept === undefined) return undefined;
    try {
      const [holds, isCertain] = certain(() => stillHolds(kept.grounds, snapshot, store, findSummary));
      return holds && isCertain ? kept.explored : undefined;
    } catch (error) {
      // A chain of calls too long to be asked down to its end.
      if (!isStackOverflow(error)) throw error;
      return undefined;
    }
  }

  /** Functions that call each other are looked at again, all of them, until their summaries stay as they are. */
  function settleGuesses(): void {
    settling = true;
    try {
      for (let round = 1, changed = true; changed && round < maxRounds; round += 1) {
        changed = false;
        for (const [unit, guess] of [...guesses]) {
          const found = explored(unit);
          changed ||= !sameSummary(guess.explored.summary, found.explored.summary);
          guesses.set(unit, found);
        }
      }
      settle([...guesses]);
    } finally {
      guesses.clear();
      settling = false;
    }
  }

  function settle(found: readonly (readonly [Unit, Found])[]): void {
    const grounds = together(found.map(([, each]) => each.grounds));
    for (const [unit, each] of found) {
      const before = store.of(unit)?.explored.summary;
      // Who rests on what it said before need not be asked again.
      const summary =
        before !== undefined && isAlike(before, each.explored.summary) ? before : each.explored.summary;
      const explored = summary === each.explored.summary ? each.explored : { ...each.explored, summary };
      settled.set(unit, explored);
      store.keep(unit, explored, grounds);
    }
  }

  function explored(unit: Unit): Found {
    const outer = maker;
    const own = createGroundsMaker();
    maker = own;
    store.explored += 1;
    try {
      const { result, reading } = reader.record(() => exploreOnce(unit, own));
      return { explored: result, grounds: own.done(unit, reading, revisions.now) };
    } finally {
      maker = outer;
    }
  }

  function exploreOnce(unit: Unit, grounds: GroundsMaker): Explored {
    if (snapshot.isBroken(unit)) return givenUp();
    // A signature whose comment is all that there is to know.
    if ("body" in unit ? unit.body === undefined : !ts.isSourceFile(unit)) return promised(unit);
    try {
      return explore(unit, lower(unit, snapshot), summaryOf, promisesOf(unit, snapshot), (place) =>
        grounds.isSole(place, snapshot),
      );
    } catch (error) {
      if (!(error instanceof TooComplex) && !(error instanceof RangeError)) throw error;
      return givenUp();
    }
  }

  function promised(unit: Unit): Explored {
    const effects = promisedEffects([], promisesOf(unit, snapshot));
    return { observations: emptyObservations(), summary: { ...nothing, effects, mayThrow: true } };
  }

  function ofFile(file: ts.SourceFile): readonly UnitFacts[] {
    let found = files.get(file);
    if (found === undefined) {
      found = store.files.of(file, snapshot) ?? askFile(file);
      files.set(file, found);
    }
    return found;
  }

  function askFile(file: ts.SourceFile): readonly UnitFacts[] {
    const { units } = syntaxOf(file);
    const found = units.flatMap((unit): UnitFacts[] => {
      try {
        return [{ ...of(unit), unit }];
      } catch {
        return [];
      }
    });
    const grounds = units.flatMap((unit) => store.of(unit)?.grounds ?? []);
    if (found.length < units.length || grounds.length < units.length) return found;
    return store.files.keep(file, found, grounds, revisions.now);
  }

  return { of, ofFile };
}

function givenUp(): Explored {
  return { observations: { ...emptyObservations(), abandoned: true }, summary: anything };
}
