import type { Instrument } from "./hooks.js";
import type { Storage, TaskRecord } from "./identity.js";

/**
 * What all copies of this library in one process share. A program can easily load two copies (an
 * ES module imports one, a CommonJS dependency requires the other); tasks of one lock the mutexes of
 * the other, so task identity, numbering and the instrument live here and not in a module.
 */
export interface Registry {
  /** The layout of this object and of {@link Instrument}; a copy that differs keeps to itself. */
  readonly version: typeof HOOKS_VERSION;
  readonly copies: Copy[];
  instrument: Instrument | null;
  /** Set once somebody asked for identity across awaits, see `identity.ts`. */
  storage: Storage | null;
  /** The task whose first synchronous stretch runs now. */
  current: TaskRecord | null;
  liveTasks: number;
  lastTaskId: number;
  lastResourceId: number;
  /**
   * Where the call stands that comes next: an index into {@link Registry.sites}, set by code that was put into
   * the program when it was built or loaded. Whoever takes it sets `siteOf` back to null.
   */
  site: number;
  /** What that call is made on: a primitive, or the function or class that is called. */
  siteOf: unknown;
  /** The places in such programs. */
  readonly sites: BuiltSite[];
}

/** A place in the program's source, found when the program was built. Lines and columns count from 1. */
export interface BuiltSite {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** "" for code outside of every function that has a name. */
  readonly func: string;
  /** What is made here is kept under this name; undefined where it has none, or nothing is made. */
  readonly name: string | undefined;
}

/** One loaded copy of the library: where an instrument plugs in. */
export interface Copy {
  plug(instrument: Instrument | null): void;
  /** Calls `visitor` from a module of this copy, so that its stack shows where the copy was loaded from. */
  visit(visitor: () => void): void;
}

export const HOOKS_VERSION = 1;

const key: unique symbol = Symbol.for("@lockscope/sync");

/** The process's registry; made by whoever comes first, a copy of the library or an instrument. */
export const registry: Registry = findRegistry();

function findRegistry(): Registry {
  const host = globalThis as { [key]?: Registry };
  const found = host[key];
  if (found?.version === HOOKS_VERSION) return found;
  const made: Registry = {
    version: HOOKS_VERSION,
    copies: [],
    instrument: null,
    storage: null,
    current: null,
    liveTasks: 0,
    lastTaskId: 0,
    lastResourceId: 0,
    site: 0,
    siteOf: null,
    sites: [],
  };
  if (found === undefined) host[key] = made;
  return made;
}

/** Plugs `instrument` into every copy, those loaded later included; null pulls it out. */
export function plugIn(instrument: Instrument | null): void {
  registry.instrument = instrument;
  for (const copy of registry.copies) copy.plug(instrument);
}
