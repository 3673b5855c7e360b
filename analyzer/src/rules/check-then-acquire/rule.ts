import { lockChecksOf } from "../../plain/race/lock-checks.js";
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
    for (const { acquire, lock, check } of lockChecksOf(context.scopes)) {
      yield {
        node: acquire,
        message: `That \`${lock}\` was free at line ${lineOf(check)} says nothing about now: somebody else may hold it, and this waits. Ask with tryLock, or lock without asking`,
        related: [{ node: check, message: `\`${lock}\` is looked at here` }],
      };
    }
    for (const race of racesOf(context)) {
      if (race.kind !== "stale-check") continue;
      yield {
        node: race.write,
        message: `\`${race.place}\` is changed because of what was seen at line ${lineOf(race.condition ?? race.read)}, but other tasks ran at the await at line ${lineOf(race.await)}: look again, or keep them out`,
        related: raceNotes(race),
      };
    }
  },
};
