/** Which events a list shows. */
import { EventKind, Mode, type TraceEvent, type TraceStore } from "@lockscope/trace";
import { lockText } from "./describe.js";
import type { Focus } from "./focus.js";
import { isInLine } from "./place-totals.js";
import { contains, type QueryContext, siteMatches, type Term } from "./query.js";

/** True for the events to be shown. Has to be asked of every event, in order. */
export type EventFilter = (event: TraceEvent) => boolean;

/** The events of what is picked out, as far as all terms hold for them. */
export function eventFilter(
  store: TraceStore,
  focus: Focus | undefined,
  terms: readonly Term[],
  context: QueryContext,
): EventFilter {
  const picked = focus === undefined ? undefined : ofFocus(store, focus);
  const tests = terms.map((term) => ofTerm(store, term, context));
  return (event) => (picked === undefined || picked(event)) && tests.every((test) => test(event));
}

function ofFocus(store: TraceStore, focus: Focus): EventFilter {
  if (focus.type === "lock") return ({ lock, kind, arg }) => lock === focus.id && !joins(kind, arg);
  if (focus.type === "task") {
    return ({ task, lock, kind, arg }) => task === focus.id || (lock === focus.id && joins(kind, arg));
  }
  const { file, line } = focus;
  return ofPlace(remembered((site) => isInLine(store.sites.get(site), file, line)));
}

/** What happens at a place, and the ends of the waits and holds that began there. */
function ofPlace(isThere: (site: number) => boolean): EventFilter {
  const begun = new Set<string>();
  return ({ kind, site, task, lock }) => {
    const there = site !== 0 && isThere(site);
    if (there && BEGINNINGS.has(kind)) begun.add(`${kind} ${task} ${lock}`);
    if (there || begun.size === 0) return there;
    const beginning = kind === EventKind.release ? EventKind.acquire : EventKind.block;
    return ENDINGS.has(kind) && begun.delete(`${beginning} ${task} ${lock}`);
  };
}

const BEGINNINGS: ReadonlySet<number> = new Set([EventKind.acquire, EventKind.block]);
const ENDINGS: ReadonlySet<number> = new Set([
  EventKind.release,
  EventKind.unblock,
  EventKind.cancel,
  EventKind.timeout,
]);

const WAITS: ReadonlySet<number> = new Set([
  EventKind.block,
  EventKind.unblock,
  EventKind.cancel,
  EventKind.timeout,
]);
const HOLDS: ReadonlySet<number> = new Set([EventKind.acquire, EventKind.release]);

function ofTerm(store: TraceStore, term: Term, context: QueryContext): EventFilter {
  const { live } = store;
  const lock = remembered((id) => {
    const found = live.findLock(id);
    return found !== undefined && contains(lockText(found), term.value);
  });
  const task = remembered((id) => contains(live.findTask(id)?.name ?? "", term.value));
  const site = remembered((number) => siteMatches(context.site(number), term));
  const test = (): EventFilter => {
    switch (term.field) {
      case "lock":
        return (event) => lock(event.lock);
      case "task":
        return (event) => task(event.task);
      case "file":
        return (event) => site(event.site);
      case "text":
        return (event) => lock(event.lock) || task(event.task) || site(event.site);
      case "state":
        return ofState(store, term.value, context);
    }
  };
  const holds = test();
  return term.negated ? (event) => !holds(event) : holds;
}

/** What brings the state about, or ends it. */
function ofState({ live }: TraceStore, word: string, { stuck }: QueryContext): EventFilter {
  if ("waiting".startsWith(word)) return ({ kind }) => WAITS.has(kind);
  if ("held".startsWith(word)) return ({ kind }) => HOLDS.has(kind);
  if (!"stuck".startsWith(word)) return () => false;
  const isStuck = remembered((id) => {
    const task = live.findTask(id);
    return task !== undefined && stuck.has(task);
  });
  return (event) => isStuck(event.task);
}

/** A row's lock word is a task's id when that task is waited for. */
const joins = (kind: number, arg: number) => WAITS.has(kind) && arg === Mode.join;

/** Asks once for each number. */
function remembered(ask: (number: number) => boolean): (number: number) => boolean {
  const answers = new Map<number, boolean>();
  return (number) => {
    let answer = answers.get(number);
    if (answer === undefined) {
      answer = ask(number);
      answers.set(number, answer);
    }
    return answer;
  };
}
