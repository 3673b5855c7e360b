/**
 * The language of the search box: words, and `lock:`, `task:`, `file:` (also `file:bank.ts:12`) and `state:`. All
 * must hold; a minus before one negates it; quotes keep blanks together.
 */
import type { LockState, Site, TaskState } from "@lockscope/trace";
import { lockText } from "./describe.js";
import type { Usage } from "./usage.js";

export const FIELDS = ["lock", "task", "file", "state"] as const;
export type Field = (typeof FIELDS)[number];

export const STATES = ["stuck", "waiting", "held"] as const;

export interface Term {
  readonly field: Field | "text";
  /** In lower case, without quotes. */
  readonly value: string;
  /** Of a `file:` term; 0: any. */
  readonly line: number;
  readonly negated: boolean;
}

const TERM = /(-?)(?:(lock|task|file|state):)?(?:"([^"]*)"?|([^\s"]+))/gi;
const BARE_FIELD = new RegExp(`^(?:${FIELDS.join("|")}):$`, "i");

/** What has been typed so far: a field without a value yet says nothing. */
export function parseQuery(text: string): readonly Term[] {
  const terms: Term[] = [];
  for (const [, minus, field, quoted, plain] of text.matchAll(TERM)) {
    const value = (quoted ?? plain ?? "").toLowerCase();
    if (value === "" || (field === undefined && BARE_FIELD.test(value))) continue;
    const negated = minus === "-";
    const place = field?.toLowerCase() === "file" ? /^(.*):(\d+)$/.exec(value) : null;
    terms.push(
      place === null
        ? { field: (field?.toLowerCase() as Field | undefined) ?? "text", value, line: 0, negated }
        : { field: "file", value: place[1]!, line: Number(place[2]), negated },
    );
  }
  return terms;
}

/** `name`, as a term of the language gives it. */
export const quoted = (name: string): string => (/[\s"]/.test(name) ? `"${name.replaceAll('"', "")}"` : name);

/** What terms mean depends on the trace. */
export interface QueryContext {
  /** Who can never go on. */
  readonly stuck: ReadonlySet<LockState | TaskState>;
  /** Looked at only where a term asks for it: it costs a pass over the trace. */
  readonly usage: () => Usage;
  site(number: number): Site | undefined;
}

/** The locks that all terms hold for: of a `task:`, if such a task ever used it. */
export function locksMatching(
  all: readonly LockState[],
  terms: readonly Term[],
  context: QueryContext,
): readonly LockState[] {
  if (terms.length === 0) return all;
  return all.filter((lock) => terms.every((term) => lockMatches(lock, term, context) !== term.negated));
}

/** The tasks that all terms hold for: of a `lock:`, if they ever used such a lock. */
export function tasksMatching(
  all: readonly TaskState[],
  terms: readonly Term[],
  context: QueryContext,
): readonly TaskState[] {
  if (terms.length === 0) return all;
  return all.filter((task) => terms.every((term) => taskMatches(task, term, context) !== term.negated));
}

function lockMatches(lock: LockState, term: Term, context: QueryContext): boolean {
  switch (term.field) {
    case "text":
    case "lock":
      return contains(lockText(lock), term.value);
    case "task":
      return some(context.usage().tasksOf(lock.id), (task) => contains(task.name, term.value));
    case "file":
      return (
        siteMatches(context.site(lock.site), term) ||
        some(context.usage().sitesOfLock(lock.id), (site) => siteMatches(context.site(site), term))
      );
    case "state":
      return stateMatches(term.value, lock.waiters.size > 0, lock.holders.size > 0, context.stuck.has(lock));
  }
}

function taskMatches(task: TaskState, term: Term, context: QueryContext): boolean {
  switch (term.field) {
    case "text":
    case "task":
      return contains(task.name, term.value);
    case "lock":
      return some(context.usage().locksOf(task.id), (lock) => contains(lockText(lock), term.value));
    case "file":
      return (
        siteMatches(context.site(task.site), term) ||
        some(context.usage().sitesOfTask(task.id), (site) => siteMatches(context.site(site), term))
      );
    case "state":
      return stateMatches(term.value, task.waits.size > 0, task.holds.size > 0, context.stuck.has(task));
  }
}

/** The file's path contains the term's, and the line is the term's if it has one. */
export function siteMatches(site: Site | undefined, { value, line }: Term): boolean {
  if (site === undefined || (line !== 0 && line !== site.line)) return false;
  return contains(site.file, value);
}

function stateMatches(word: string, waiting: boolean, held: boolean, stuck: boolean): boolean {
  if ("waiting".startsWith(word)) return waiting;
  if ("held".startsWith(word)) return held;
  return "stuck".startsWith(word) && stuck;
}

export const contains = (text: string, lowered: string): boolean => text.toLowerCase().includes(lowered);

function some<T>(values: Iterable<T>, holds: (value: T) => boolean): boolean {
  for (const value of values) if (holds(value)) return true;
  return false;
}
