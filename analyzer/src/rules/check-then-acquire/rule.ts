import { racesOf } from "../../plain/race/races.js";
import { raceNotes } from "../races.js";
import type { PlainRule } from "../rule.js";
import { lineOf } from "../text.js";
import { doc, sources } from "./doc.js";

export const checkThenAcquire: PlainRule = {
  id: "check-then-acquire",
  title: "The check is stale when it counts",
  severity: "warning",
  doc,
  sources,
  *plain(context) {
    for (const race of racesOf(context)) {
      if (race.kind !== "stale-check") continue;
      yield {
        node: race.write,
        message: `\`${race.place}\` is changed because of the check at line ${lineOf(race.condition ?? race.read)}, but other tasks ran at the await at line ${lineOf(race.await)}: check again, or keep them out`,
        related: raceNotes(race),
      };
    }
  },
};
