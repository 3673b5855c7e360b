import { isAbsolute } from "node:path";
import { adaptable } from "./sites/adapters.js";

/** Where the trace goes. */
export type Endpoint =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "pipe"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };

/**
 * For which events the place in the source is looked up, which is most of what tracing costs: all (but
 * releases), only those at which a task stops, or none.
 */
export type Stacks = "all" | "blocked" | "off";

/** How a place is found: by the number that the program's prepared files give it, or by the stack alone. */
export type Sites = "build" | "stack";

/** What a task gets that locks again what it holds: an error, or what it gets untraced, which is to wait. */
export type Relock = "throw" | "wait";

/** When the terminal is told of a lock, in milliseconds; infinity for never. */
export interface Limits {
  /** That it has been held for so long while others wait. */
  readonly heldMs: number;
  /** That a task has waited for it for so long. */
  readonly waitMs: number;
}

export interface Config extends Limits {
  /** null: no trace, only reports on the terminal. */
  readonly endpoint: Endpoint | null;
  /** Proves to the listener that it has started us. */
  readonly token: string;
  readonly stacks: Stacks;
  readonly sites: Sites;
  /** Packages of others in whose place programs get an adapter. */
  readonly adapt: readonly string[];
  readonly relock: Relock;
  readonly keep: Keep;
  /** Where to stop in the debugger. */
  readonly breaks: readonly Break[];
}

/** How much of the trace is kept: all of it, the newest bytes in memory until they are asked for, or files of so many. */
export type Keep =
  | { readonly kind: "all" }
  | { readonly kind: "newest"; readonly bytes: number }
  | { readonly kind: "files"; readonly bytes: number; readonly files: number };

/** Stop when a task has waited for `lock` for longer than `waitedMs`, or takes it while it holds `whileHolding`. */
export interface Break {
  /** A lock's name, or where it was made: "src/bank.ts:12". */
  readonly lock: string;
  readonly waitedMs?: number;
  readonly whileHolding?: string;
}

/** What holds where nothing is set. */
export const defaults: Config = {
  endpoint: null,
  token: "-",
  stacks: "all",
  sites: "build",
  adapt: adaptable,
  relock: "throw",
  heldMs: Number.POSITIVE_INFINITY,
  waitMs: Number.POSITIVE_INFINITY,
  keep: { kind: "all" },
  breaks: [],
};

/** What is wrong with an environment variable. */
export class ConfigError extends Error {}

/** @throws {ConfigError} */
export function configFrom(env: Readonly<Record<string, string | undefined>>): Config {
  const endpoint = env.LOCKSCOPE_TRACE ? endpointFrom(env.LOCKSCOPE_TRACE) : null;
  return {
    endpoint,
    token: tokenFrom(env.LOCKSCOPE_TOKEN || defaults.token),
    stacks: stacksFrom(env.LOCKSCOPE_STACKS || defaults.stacks),
    sites: sitesFrom(env.LOCKSCOPE_SITES || defaults.sites),
    adapt: env.LOCKSCOPE_ADAPT ? adaptFrom(env.LOCKSCOPE_ADAPT) : defaults.adapt,
    relock: relockFrom(env.LOCKSCOPE_RELOCK || defaults.relock),
    heldMs: limitFrom("LOCKSCOPE_HELD_MS", env.LOCKSCOPE_HELD_MS),
    waitMs: limitFrom("LOCKSCOPE_WAIT_MS", env.LOCKSCOPE_WAIT_MS),
    keep: keepFrom(env.LOCKSCOPE_RING, env.LOCKSCOPE_ROTATE, endpoint),
    breaks: env.LOCKSCOPE_BREAK ? breaksFrom(env.LOCKSCOPE_BREAK) : defaults.breaks,
  };
}

function limitFrom(name: string, text: string | undefined): number {
  if (!text) return Number.POSITIVE_INFINITY;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new ConfigError(`${name} is "${text}"; it may be a number of milliseconds`);
}

const MEBIBYTE = 2 ** 20;
/** As many rotated files are kept where nothing else is said. */
const FILES = 5;

function keepFrom(ring: string | undefined, rotate: string | undefined, endpoint: Endpoint | null): Keep {
  if (ring && endpoint === null) throw new ConfigError("LOCKSCOPE_RING needs LOCKSCOPE_TRACE");
  if (rotate && endpoint?.kind !== "file")
    throw new ConfigError("LOCKSCOPE_ROTATE needs LOCKSCOPE_TRACE=file:…");
  if (ring && rotate) throw new ConfigError("LOCKSCOPE_RING and LOCKSCOPE_ROTATE exclude each other");
  if (ring) {
    if (/^[1-9]\d{0,3}$/.test(ring)) return { kind: "newest", bytes: Number(ring) * MEBIBYTE };
    throw new ConfigError(`LOCKSCOPE_RING is "${ring}"; it may be a number of megabytes, up to 9999`);
  }
  if (!rotate) return { kind: "all" };
  const match = /^([1-9]\d{0,4})(?::([1-9]\d{0,3}))?$/.exec(rotate);
  if (match !== null) {
    return { kind: "files", bytes: Number(match[1]) * MEBIBYTE, files: Number(match[2] ?? FILES) };
  }
  throw new ConfigError(`LOCKSCOPE_ROTATE is "${rotate}"; it may be MEGABYTES or MEGABYTES:FILES`);
}

function breaksFrom(json: string): readonly Break[] {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch (error) {
    throw new ConfigError(`LOCKSCOPE_BREAK is no JSON: ${(error as Error).message}`);
  }
  return checkBreaks(list);
}

/** @throws {ConfigError} */
export function checkBreaks(list: unknown): readonly Break[] {
  if (Array.isArray(list) && list.every(isBreak)) return list;
  throw new ConfigError(
    'a break is { "lock": NAME, "waitedMs": N } or { "lock": NAME, "whileHolding": NAME }',
  );
}

function isBreak(value: unknown): value is Break {
  const { lock, waitedMs, whileHolding } = (value ?? {}) as { [key in keyof Break]: unknown };
  if (typeof lock !== "string") return false;
  if (waitedMs !== undefined && !(typeof waitedMs === "number" && waitedMs >= 0)) return false;
  if (whileHolding !== undefined && typeof whileHolding !== "string") return false;
  return waitedMs !== undefined || whileHolding !== undefined;
}

function endpointFrom(text: string): Endpoint {
  const colon = text.indexOf(":");
  const [kind, rest] = [text.slice(0, colon), text.slice(colon + 1)];
  if (kind === "file" && isAbsolute(rest)) return { kind, path: rest };
  if (kind === "pipe" && isLocalPipe(rest)) return { kind, path: rest };
  const tcp = kind === "tcp" ? /^(127(?:\.\d{1,3}){3}|\[::1\]):(\d{1,5})$/.exec(rest) : null;
  const port = Number(tcp?.[2]);
  if (tcp !== null && port > 0 && port < 65_536) {
    return { kind: "tcp", host: tcp[1]!.replace(/^\[|\]$/g, ""), port };
  }
  throw new ConfigError(
    `LOCKSCOPE_TRACE is "${text}"; it may be file:/absolute/path, pipe:/path/of/socket or tcp:127.0.0.1:PORT`,
  );
}

/** A trace stays on this machine: a path like `\\host\pipe\x` would not. */
function isLocalPipe(path: string): boolean {
  return path.startsWith("\\\\") ? /^\\\\[.?]\\pipe\\/i.test(path) : isAbsolute(path);
}

function tokenFrom(text: string): string {
  if (/^[!-~]{1,512}$/.test(text)) return text;
  throw new ConfigError("LOCKSCOPE_TOKEN may only hold printable ASCII characters, without spaces");
}

function stacksFrom(text: string): Stacks {
  if (text === "all" || text === "blocked" || text === "off") return text;
  throw new ConfigError(`LOCKSCOPE_STACKS is "${text}"; it may be all, blocked or off`);
}

function sitesFrom(text: string): Sites {
  if (text === "build" || text === "stack") return text;
  throw new ConfigError(`LOCKSCOPE_SITES is "${text}"; it may be build or stack`);
}

function adaptFrom(text: string): readonly string[] {
  const names = text === "none" ? [] : text.split(",");
  if (names.every((name) => adaptable.includes(name))) return names;
  throw new ConfigError(`LOCKSCOPE_ADAPT is "${text}"; it may be none, or some of ${adaptable.join(", ")}`);
}

function relockFrom(text: string): Relock {
  if (text === "throw" || text === "wait") return text;
  throw new ConfigError(`LOCKSCOPE_RELOCK is "${text}"; it may be throw or wait`);
}
