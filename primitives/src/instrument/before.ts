import { Status } from "@lockscope/trace";
import type { Event } from "../runtime/hooks.js";
import type { Resource } from "../runtime/resource.js";

/** What primitives show of themselves; each has some of it. */
interface Shown {
  readonly locked: boolean;
  readonly writerHeld: boolean;
  readonly readers: number;
  readonly size: number;
  readonly available: number;
  readonly count: number;
  readonly length: number;
}

/** One fact: a kind of {@link Status}, and how many. */
export interface Fact {
  readonly status: number;
  readonly count: number;
}

/**
 * What must have been so before the trace met `resource`, which was made and used before: that it is held, by
 * whomever, how many it counts, how much it has in it.
 *
 * @param event what it is met by, an operation that went through; undefined: somebody waits for it
 */
export function factsBefore(resource: Resource, event: Event | undefined): Fact[] {
  const shown = resource as Resource & Partial<Shown>;
  // Whoever has just taken it is what it shows.
  if (event === "lock" || event === "rLock" || event === "acquire") return [];
  const held = shown.locked === true || shown.writerHeld === true;
  const permits = (shown.size ?? 0) - (shown.available ?? shown.size ?? 0);
  const facts: Fact[] = [
    { status: Status.holdsExclusive, count: held ? 1 : permits },
    { status: Status.holdsShared, count: shown.readers ?? 0 },
    { status: Status.count, count: event === undefined || event === "add" ? countOf(resource) : 0 },
  ];
  return facts.filter(({ count }) => count > 0);
}

/** What a counter is at, or how much a channel has in it; 0 of other primitives. */
export function countOf(resource: Resource): number {
  const { count, length } = resource as Resource & Partial<Shown>;
  return count ?? length ?? 0;
}

export const isHold = ({ status }: Fact): boolean =>
  status === Status.holdsExclusive || status === Status.holdsShared;
