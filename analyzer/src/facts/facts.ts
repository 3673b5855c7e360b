import ts from "typescript";
import { promisesOf } from "../annotations/functions.js";
import { TooComplex } from "../ir/cfg.js";
import { lower, type Unit } from "../ir/lower.js";
import type { Snapshot } from "../project/port.js";
import { type Explored, explore } from "./explore.js";
import { emptyObservations } from "./observations.js";
import { promisedEffects } from "./promises.js";
import { isSoleField } from "./sole.js";
import { anything, nothing, type Summary, sameSummary } from "./summary.js";

/** Recursive functions settle in two or three rounds; one that does not is left as it is. */
const maxRounds = 4;

/** What is known of each function of one snapshot, found out when first asked for. */
export interface Facts {
  of(unit: Unit): Explored;
}

export function createFacts(snapshot: Snapshot): Facts {
  const settled = new Map<Unit, Explored>();
  /** Answers that rest on a guess about a function still being looked at. */
  const guesses = new Map<Unit, Explored>();
  const active = new Set<Unit>();
  /** Of the functions being looked at, innermost last: whether the answer rests on a guess so far. */
  const uncertain: boolean[] = [];
  let settling = false;

  function summaryOf(unit: Unit): Summary {
    const known = settled.get(unit);
    if (known !== undefined) return known.summary;
    const guess = guesses.get(unit);
    if (guess === undefined && !active.has(unit)) return of(unit).summary;
    if (uncertain.length > 0) uncertain[uncertain.length - 1] = true;
    return guess?.summary ?? nothing;
  }

  function of(unit: Unit): Explored {
    const known = settled.get(unit);
    if (known !== undefined) return known;
    const outermost = active.size === 0 && !settling;
    active.add(unit);
    uncertain.push(false);
    let found: Explored;
    try {
      found = exploreOnce(unit);
    } catch (error) {
      uncertain.pop();
      throw error;
    } finally {
      active.delete(unit);
    }
    if (uncertain.pop()) {
      guesses.set(unit, found);
      if (uncertain.length > 0) uncertain[uncertain.length - 1] = true;
    } else settled.set(unit, found);
    if (outermost) settle();
    return settled.get(unit) ?? found;
  }

  /** Functions that call each other are looked at again, all of them, until their summaries stay as they are. */
  function settle(): void {
    settling = true;
    for (let round = 1, changed = guesses.size > 0; changed && round < maxRounds; round += 1) {
      changed = false;
      for (const [unit, guess] of [...guesses]) {
        const found = exploreOnce(unit);
        changed ||= !sameSummary(guess.summary, found.summary);
        guesses.set(unit, found);
      }
    }
    for (const [unit, found] of guesses) settled.set(unit, found);
    guesses.clear();
    settling = false;
  }

  function exploreOnce(unit: Unit): Explored {
    if (snapshot.isBroken(unit)) return givenUp();
    // A signature whose comment is all that there is to know.
    if ("body" in unit ? unit.body === undefined : !ts.isSourceFile(unit)) return promised(unit);
    try {
      return explore(unit, lower(unit, snapshot), summaryOf, promisesOf(unit, snapshot), (place) =>
        isSoleField(place, snapshot),
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

  return { of };
}

function givenUp(): Explored {
  return { observations: { ...emptyObservations(), abandoned: true }, summary: anything };
}
