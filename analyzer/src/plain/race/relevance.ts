import type { Body } from "../parts.js";
import type { Scopes } from "../scopes.js";
import type { Outline } from "./draft.js";
import type { Functions } from "./functions.js";
import { type Closure, closure, mayRace } from "./order.js";
import { outline } from "./outline.js";
import type { Place } from "./values.js";

/** The names of what a function and those that it calls may write. */
export type Written = ReadonlySet<string>;

export interface Relevance {
  /** Undefined where nothing that was read before can be written after a suspension. */
  of(body: Body): { readonly written: Written; readonly late: Written } | undefined;
  /** Whether the order of the text lets something be read, the task be suspended, and the same be written. */
  mayRace(body: Body): boolean;
  /** Whether it calls one of these, itself or by what it calls. */
  reaches(body: Body, others: ReadonlySet<Body>): boolean;
  /** Whether a function has to be followed where it is called: it, or what it calls, writes one of these. */
  isFollowed(body: Body, late: Written): boolean;
}

const most = 60;

/** A function of so few characters is followed whatever it does: it may look at something, or make a claim. */
const small = 160;

export function createRelevance(functions: Functions, scopes: Scopes): Relevance {
  const outlines = new Map<Body, Outline>();

  function outlineOf(body: Body): Outline {
    let known = outlines.get(body);
    if (known === undefined) {
      known = outline(body, functions, scopes);
      outlines.set(body, known);
    }
    return known;
  }

  const closures = new Map<Body, Closure>();
  const reachable = new Map<Body, Written>();
  function reached(body: Body): Written {
    const known = reachable.get(body);
    if (known !== undefined) return known;
    const names = new Set<string>();
    const seen = new Set([body]);
    for (const each of seen) {
      const { writes, calls } = outlineOf(each);
      for (const { name } of writes) if (name !== undefined) names.add(name);
      if (seen.size < most) for (const { target } of calls) seen.add(target);
    }
    reachable.set(body, names);
    return names;
  }

  function closureOf(body: Body): Closure {
    let known = closures.get(body);
    if (known === undefined) {
      known = closure(body, outlineOf);
      closures.set(body, known);
    }
    return known;
  }

  return {
    mayRace: (body) => mayRace(outlineOf(body), closureOf),
    reaches(body, others) {
      for (const each of closureOf(body).bodies) if (each !== body && others.has(each)) return true;
      return false;
    },
    isFollowed(body, late) {
      if (body.end - body.pos < small) return true;
      for (const name of reached(body)) if (late.has(name)) return true;
      return false;
    },
    of(body) {
      const written = new Set<string>();
      const late = new Set<string>();
      const read = new Set<string>();
      const seen = new Map<Body, boolean>([[body, false]]);
      for (const [each, isLate] of seen) {
        const { writes, reads, suspension, calls } = outlineOf(each);
        for (const { name, end } of writes) {
          if (name === undefined) continue;
          written.add(name);
          if (isLate || end >= suspension) late.add(name);
        }
        for (const name of reads) read.add(name);
        for (const { target, end } of calls) {
          const after = isLate || end > suspension;
          // A function once seen as early may have to be looked at again as late: Map keeps its turn.
          if (seen.size < most && (!seen.has(target) || (after && !seen.get(target)))) {
            seen.delete(target);
            seen.set(target, after);
          }
        }
      }
      for (const name of late) if (!read.has(name)) late.delete(name);
      return late.size > 0 ? { written, late } : undefined;
    },
  };
}

/** Whether the place, or what it is a part of, may be written: nothing else has to be remembered. */
export function isRelevant(place: Place, written: Written): boolean {
  for (const name of place.key.split(/[.<>[\]]|:\d+/)) if (written.has(name)) return true;
  return false;
}
