import type { TraceStore } from "@lockscope/trace";
import { baseName, isInline } from "./format.js";
import { contains, FIELDS, quoted, STATES } from "./query.js";

/** How the word that is being typed could go on. */
export interface Suggestions {
  /** Where that word begins. */
  readonly from: number;
  /** What could stand in its place, most likely first. */
  readonly items: readonly string[];
}

const MAX_ITEMS = 8;
/** Names looked at: a trace may have a million. */
const MAX_LOOK = 20_000;

/** @param text what stands before the caret */
export function suggest(text: string, store: TraceStore): Suggestions {
  const word = /-?(?:[a-z]+:)?(?:"[^"]*|[^\s"]*)$/i.exec(text)?.[0] ?? "";
  const minus = word.startsWith("-") ? "-" : "";
  const [, field, typed] = /^-?(?:(lock|task|file|state):)?"?(.*)$/i.exec(word)!;
  const wanted = typed!.toLowerCase();
  const from = text.length - word.length;
  if (field === undefined) {
    const fields = FIELDS.filter((name) => wanted !== "" && name.startsWith(wanted));
    return { from, items: fields.map((name) => `${minus}${name}:`) };
  }
  const values = firstMatching(valuesOf(field.toLowerCase(), store), wanted);
  return { from, items: values.map((value) => `${minus}${field.toLowerCase()}:${quoted(value)}`) };
}

function* valuesOf(field: string, store: TraceStore): Iterable<string> {
  if (field === "state") yield* STATES;
  else if (field === "lock") for (const { name } of store.live.locks) yield name;
  else if (field === "task") for (const { name } of store.live.tasks) yield name;
  else
    for (let n = 1, site = store.sites.get(n); site !== undefined; site = store.sites.get(++n))
      if (!isInline(site.file)) yield baseName(site.file);
}

function firstMatching(values: Iterable<string>, wanted: string): string[] {
  const found = new Set<string>();
  let looked = 0;
  for (const value of values) {
    if (++looked > MAX_LOOK || found.size === MAX_ITEMS) break;
    if (contains(value, wanted)) found.add(value);
  }
  return [...found];
}
