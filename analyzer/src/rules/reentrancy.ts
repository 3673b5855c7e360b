import type { Observations, Reacquisition } from "../facts/observations.js";
import { mistakenLocks } from "./lock-in-finally/mistaken.js";
import type { Note, Report, RuleContext } from "./rule.js";
import { firstPerNode, heldAs, isRoundTrip, lineOf, lockName, takenNote, takenWord } from "./text.js";

/** Locks taken again by the path that holds them, by the kind of the pair. */
export function* reacquisitions(
  context: RuleContext,
  wanted: (found: Reacquisition) => boolean,
  consequence: string,
): Iterable<Report> {
  for (const { observations } of context.units) {
    if (observations.abandoned) continue;
    const found = [...observations.reacquisitions, ...roundTrips(observations)].filter(wanted);
    const mistaken = mistakenLocks(context);
    for (const each of firstPerNode(found, (one) => one.call))
      if (!mistaken.has(each.call)) yield report(each, consequence, context);
  }
}

/** Locks whose only way on, with the lock held, is round to the same lock call. */
function roundTrips(observations: Observations): Reacquisition[] {
  return observations.leaks.filter(isRoundTrip).flatMap(({ hold }) => {
    const others = observations.leaks.some(
      (leak) => leak.hold.site === hold.site && leak.how !== "thrown" && !isRoundTrip(leak),
    );
    return others ? [] : [{ call: hold.site, place: hold.place, mode: hold.mode, hold, through: undefined }];
  });
}

/** Read beside read waits only when a writer comes in between; every other pair waits for itself. */
export function isReadInRead(found: Reacquisition): boolean {
  return found.mode === "read" && found.hold.mode === "read";
}

function report(found: Reacquisition, consequence: string, context: RuleContext): Report {
  const { call, place, hold, through } = found;
  const name = lockName(through?.site ?? call, place.text, context.snapshot);
  if (hold.site === call && through === undefined) {
    return {
      node: call,
      message: `${name} is still held when the loop comes round to this call again: ${consequence}`,
      fixes: [],
    };
  }
  const word = takenWord(through?.site ?? call, context.snapshot);
  const how =
    through === undefined
      ? `is ${word} again`
      : `is ${word} again by this call (line ${lineOf(through.site)})`;
  return {
    node: call,
    message: `${name} ${how} while it is ${hold.mode === "read" ? heldAs(hold.mode) : takenWord(hold.site, context.snapshot)} since line ${lineOf(hold.site)}: ${consequence}`,
    related: [takenNote(hold), ...chainNotes(found)],
  };
}

/** The calls between the one in this function and the lock call that it reaches. */
function chainNotes({ through, place }: Reacquisition): Note[] {
  if (through === undefined) return [];
  return [
    ...through.chain.map((call) => ({ node: call, message: "which calls this" })),
    { node: through.site, message: `\`${place.text}\` is locked again here` },
  ];
}
