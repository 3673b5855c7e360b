import { racesOf } from "../../plain/race/races.js";
import { raceNotes } from "../races.js";
import type { PlainRule } from "../rule.js";
import { lineOf } from "../text.js";
import { doc, sources } from "./doc.js";

export const lostUpdate: PlainRule = {
  id: "lost-update",
  title: "An update made in between is lost",
  severity: "warning",
  doc,
  sources,
  *plain(context) {
    for (const race of racesOf(context)) {
      if (race.kind !== "lost-update") continue;
      yield {
        node: race.write,
        message: `\`${race.place}\` is written from what was read at line ${lineOf(race.read)}, before the await at line ${lineOf(race.await)}: what another task wrote in between is lost`,
        related: raceNotes(race),
      };
    }
  },
};
