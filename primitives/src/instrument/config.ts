import { isAbsolute } from "node:path";

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

/** What a task gets that locks again what it holds: an error, or what it gets untraced, which is to wait. */
export type Relock = "throw" | "wait";

export interface Config {
  /** null: no trace, only reports on the terminal. */
  readonly endpoint: Endpoint | null;
  /** Proves to the listener that it has started us. */
  readonly token: string;
  readonly stacks: Stacks;
  readonly relock: Relock;
}

/** What is wrong with an environment variable. */
export class ConfigError extends Error {}

/** @throws {ConfigError} */
export function configFrom(env: Readonly<Record<string, string | undefined>>): Config {
  return {
    endpoint: env.LOCKSCOPE_TRACE ? endpointFrom(env.LOCKSCOPE_TRACE) : null,
    token: tokenFrom(env.LOCKSCOPE_TOKEN || "-"),
    stacks: stacksFrom(env.LOCKSCOPE_STACKS || "all"),
    relock: relockFrom(env.LOCKSCOPE_RELOCK || "throw"),
  };
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

function relockFrom(text: string): Relock {
  if (text === "throw" || text === "wait") return text;
  throw new ConfigError(`LOCKSCOPE_RELOCK is "${text}"; it may be throw or wait`);
}
