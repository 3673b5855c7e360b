import type { Race } from "../plain/race/walker.js";
import type { Note } from "./rule.js";

/** Where the task looked, and where others ran before it acted on what it saw. */
export function raceNotes(race: Race): Note[] {
  return [
    { node: race.read, message: `\`${race.place}\` is read here` },
    { node: race.await, message: "other tasks run here" },
  ];
}
