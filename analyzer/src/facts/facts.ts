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
  /** Functions that were asked for while they were being looked at. */
  const recursive = new Set<Unit>();

  function summaryOf(unit: Unit): Summary {
    if (active.has(unit)) {
      recursive.add(unit);
      return guesses.get(unit)?.summary ?? nothing;
    }
    return (guesses.get(unit) ?? of(unit)).summary;
  }

  function of(unit: Unit): Explored {
    const known = settled.get(unit);
    if (known !== undefined) return known;
    const outermost = active.size === 0;
    active.add(unit);
    let found = exploreOnce(unit);
    for (let round = 1; recursive.has(unit) && round < maxRounds; round += 1) {
      const guess = guesses.get(unit)?.summary ?? nothing;
      if (outermost) guesses.clear();
      guesses.set(unit, found);
      if (sameSummary(guess, found.summary)) break;
      found = exploreOnce(unit);
    }
    active.delete(unit);
    recursive.delete(unit);
    if (outermost) guesses.clear();
    if (recursive.size === 0) settled.set(unit, found);
    else guesses.set(unit, found);
    return found;
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
