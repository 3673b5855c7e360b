import { findSourceMap, type SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { NO_SITE, type Site } from "@lockscope/trace";
import type { Entry } from "../runtime/hooks.js";
import { registry } from "../runtime/registry.js";
import type { Resource } from "../runtime/resource.js";

/** Frames looked at when the first one is not the program's own, or its callers are asked for. */
const DEEP = 12;
/** So many calls lead to a place where somebody waits, that place included. */
const MAX_CALLS = 8;
/** Ways to places are kept: no more than this. */
const MAX_WAYS = 65_536;

/** The number of a place, and what it is once somebody asks. */
export interface CallSites {
  /** The place from which `entry` was called, on `resource` if it was called on one; 0 if that cannot be told. */
  capture(entry: Entry, resource?: Resource | null): number;
  /** The same if the program has said so itself; 0 where the stack would have to be asked. */
  glance(entry: Entry, resource?: Resource | null): number;
  /** The same as `capture`, by the way that led there: another number for other callers. As far as that is cheap. */
  captureWay(entry: Entry, resource?: Resource | null): number;
  get(site: number): CallSite | undefined;
}

/** `name`: what is made there is kept under it; known of places that the build has numbered. */
export interface CallSite extends Site {
  readonly name?: string | undefined;
}

/**
 * Finds out where a public function of the library was called.
 *
 * A program that was prepared for it (see `sites/`) says so itself, right before the call, which costs about a
 * nanosecond. Of any other the stack is walked (one to two microseconds): only one frame is asked for, and a
 * place is worked out (line, column, source map) the first time it is met; after that, its script and position
 * are two look-ups.
 */
export class StackSites implements CallSites {
  readonly #isLibrary: (file: string) => boolean;
  readonly #define: (site: Site, parent?: number) => number;
  readonly #numbers = new Map<string, Map<number, number>>();
  readonly #sites = new Map<number, CallSite>();
  /** Of places that the build has numbered: their numbers here, by those there. */
  readonly #built: number[] = [];

  /** By caller: the numbers of places, as they are called from there. */
  readonly #ways = new Map<number, Map<number, number>>();
  #wayCount = 0;
  readonly #budget = new Budget();
  /** What has just reported, and does so once more: a select the channel that it took, then itself. */
  #repeated: Entry | null = null;
  #repeatedSite: number = NO_SITE;

  /** @param define gives a place its number, `parent` being the one that it is called from */
  constructor(isLibrary: (file: string) => boolean, define: (site: Site, parent?: number) => number) {
    this.#isLibrary = isLibrary;
    this.#define = define;
  }

  capture(entry: Entry, resource: Resource | null = null): number {
    return this.#given(entry, resource) ?? this.#walk(entry);
  }

  glance(entry: Entry, resource: Resource | null = null): number {
    return this.#given(entry, resource) ?? NO_SITE;
  }

  captureWay(entry: Entry, resource: Resource | null = null): number {
    const given = this.#given(entry, resource);
    if (!this.#budget.take()) return given ?? this.#walk(entry);
    const [call, ...callers] = this.#ownFrames(entry).slice(0, MAX_CALLS);
    if (call === undefined) return given ?? NO_SITE;
    let way = NO_SITE as number;
    for (const frame of callers.reverse()) way = this.#calledFrom(way, this.#numberOf(frame));
    return this.#calledFrom(way, given ?? this.#numberOf(call));
  }

  #calledFrom(caller: number, site: number): number {
    const place = this.#sites.get(site);
    if (caller === NO_SITE || place === undefined) return site;
    let ways = this.#ways.get(caller);
    if (ways === undefined) {
      ways = new Map();
      this.#ways.set(caller, ways);
    }
    let number = ways.get(site);
    if (number === undefined) {
      if (++this.#wayCount > MAX_WAYS) return site;
      number = this.#define(place, caller);
      this.#sites.set(number, place);
      ways.set(site, number);
    }
    return number;
  }

  /** The place that the program has given for this call; undefined if it has not. */
  #given(entry: Entry, resource: Resource | null): number | undefined {
    const { siteOf } = registry;
    const repeated = this.#repeated;
    this.#repeated = null;
    if (siteOf !== null && (siteOf === resource || siteOf === entry)) {
      registry.siteOf = null;
      const { site } = registry;
      const number = this.#built[site] ?? this.#addBuilt(site);
      if (resource !== null && entry.name === "select") {
        this.#repeated = entry;
        this.#repeatedSite = number;
      }
      return number;
    }
    return repeated === entry ? this.#repeatedSite : undefined;
  }

  #walk(entry: Entry): number {
    const first = callSites(entry, 1)[0];
    if (first === undefined) return NO_SITE;
    const known = this.#known(first);
    if (known !== undefined) return known;
    const file = fileOf(first);
    const own = file !== undefined && !this.#isLibrary(file) ? first : this.#ownFrames(entry)[0];
    return own === undefined ? NO_SITE : this.#numberOf(own);
  }

  get(site: number): CallSite | undefined {
    return this.#sites.get(site);
  }

  #addBuilt(index: number): number {
    const site = registry.sites[index];
    if (site === undefined) return NO_SITE;
    const number = this.#define(site);
    this.#sites.set(number, site);
    this.#built[index] = number;
    return number;
  }

  #known(frame: NodeJS.CallSite): number | undefined {
    return this.#numbers.get(frame.getFileName() ?? "")?.get(frame.getPosition());
  }

  #ownFrames(entry: Entry): NodeJS.CallSite[] {
    return callSites(entry, DEEP).filter((frame) => {
      const file = fileOf(frame);
      return file !== undefined && !this.#isLibrary(file);
    });
  }

  #numberOf(frame: NodeJS.CallSite): number {
    return this.#known(frame) ?? this.#add(frame);
  }

  #add(frame: NodeJS.CallSite): number {
    const script = frame.getFileName() ?? "";
    const site = locate(frame);
    const number = this.#define(site);
    this.#sites.set(number, site);
    let positions = this.#numbers.get(script);
    if (positions === undefined) {
      positions = new Map();
      this.#numbers.set(script, positions);
    }
    positions.set(frame.getPosition(), number);
    return number;
  }
}

/** Stacks are off: nobody knows where anything is. */
export const noSites: CallSites = {
  capture: () => NO_SITE,
  glance: () => NO_SITE,
  captureWay: () => NO_SITE,
  get: () => undefined,
};

/** So many deep stacks may be taken at once. */
const BURST = 1000;

/**
 * Deep stacks cost several microseconds each: a thousand of them at once, then one a millisecond, so that a
 * program that waits all the time loses half a percent.
 */
class Budget {
  #left = BURST;
  #since = clock();

  take(): boolean {
    if (this.#left < 1) {
      const now = clock();
      this.#left = Math.min(BURST, now - this.#since);
      this.#since = now;
      if (this.#left < 1) return false;
    }
    this.#left--;
    return true;
  }
}

/** The clock as it was when we were loaded: a program under test may put another in its place. */
const clock = performance.now.bind(performance);

const frames = (_error: unknown, callSites: NodeJS.CallSite[]) => callSites;

/**
 * The frames that called `entry`. Programs and loaders set Error's hooks too, so ours are there for an
 * instant only; where Error is frozen there are no frames.
 */
export function callSites(entry: Entry, limit: number): NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.prepareStackTrace = frames;
    Error.stackTraceLimit = limit;
    Error.captureStackTrace(holder, entry as () => unknown);
    return Array.isArray(holder.stack) ? holder.stack : [];
  } catch {
    return []; // A place is worth less than the program.
  } finally {
    restore(prepareStackTrace, stackTraceLimit);
  }
}

function restore(prepare: typeof Error.prepareStackTrace, limit: number): void {
  if (Error.prepareStackTrace !== prepare) Error.prepareStackTrace = prepare;
  if (Error.stackTraceLimit !== limit) Error.stackTraceLimit = limit;
}

/** The path of the frame's script; undefined for Node's own and the engine's. */
export function fileOf(frame: NodeJS.CallSite): string | undefined {
  const name = frame.getFileName();
  if (!name || name.startsWith("node:")) return undefined;
  return toPath(name);
}

/** Where the frame is in what its author wrote, if a source map of its script is known. */
function locate(frame: NodeJS.CallSite): Site {
  const script = frame.getFileName() ?? "";
  const [line, column] = [frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0];
  const func = frame.getFunctionName() ?? "";
  const entry = mapped(script, line, column);
  if (entry !== undefined && "originalSource" in entry && entry.originalSource) {
    return {
      file: toPath(entry.originalSource),
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
      func,
    };
  }
  return { file: toPath(script), line, column, func };
}

function mapped(
  script: string,
  line: number,
  column: number,
): ReturnType<SourceMap["findEntry"]> | undefined {
  try {
    return findSourceMap(script)?.findEntry(line - 1, column - 1);
  } catch {
    return undefined; // A broken map: the place in the script itself is good enough.
  }
}

function toPath(name: string): string {
  return name.startsWith("file:") ? fileURLToPath(name) : name;
}
