/**
 * The first line of a stream: `LOCKSCOPE/1 <token> <pid> <JSON>\n`, readable by eye and by `head -1`.
 * The token is `-` in a file; over a socket it proves that the peer was started by the listener.
 */
import { decodeUtf8, encodeUtf8 } from "./utf8.js";

export const PRELUDE_VERSION = 1;
export const MAX_PRELUDE_BYTES = 64 * 1024;

/** What a traced program says about itself. */
export interface ProgramMeta {
  /** Shown as the program's name: usually the base name of the script. */
  readonly program: string;
  /** `process.argv[1]`, where there is one. */
  readonly script: string;
  readonly node: string;
  readonly cwd: string;
  /** Wall clock of time 0 of the trace (`performance.timeOrigin`), in milliseconds since 1970. */
  readonly start: number;
}

export interface Prelude {
  readonly version: number;
  readonly token: string;
  readonly pid: number;
  readonly meta: ProgramMeta;
}

export function encodePrelude(prelude: {
  readonly token?: string;
  readonly pid: number;
  readonly meta: ProgramMeta;
}): Uint8Array<ArrayBuffer> {
  const token = prelude.token || "-";
  if (!/^[!-~]+$/.test(token)) throw new RangeError("a trace token is printable ASCII without spaces");
  return encodeUtf8(`LOCKSCOPE/${PRELUDE_VERSION} ${token} ${prelude.pid} ${JSON.stringify(prelude.meta)}\n`);
}

/** Reads the line without its `\n`. A string result says what is wrong with it. */
export function decodePrelude(line: Uint8Array): Prelude | string {
  const match = /^LOCKSCOPE\/(\d{1,3}) ([!-~]{1,512}) (\d{1,10}) (\{.*\})\r?$/.exec(decodeUtf8(line));
  if (match === null) return "it does not start with a LOCKSCOPE line";
  const version = Number(match[1]);
  if (version !== PRELUDE_VERSION)
    return `it has version ${version}, this reader knows version ${PRELUDE_VERSION}`;
  const meta = parseMeta(match[4]!);
  if (meta === undefined) return "the JSON in its first line is malformed";
  return { version, token: match[2]!, pid: Number(match[3]), meta };
}

function parseMeta(json: string): ProgramMeta | undefined {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(json) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const text = (key: string) => (typeof value[key] === "string" ? (value[key] as string) : "");
  const start = typeof value.start === "number" && Number.isFinite(value.start) ? value.start : 0;
  return { program: text("program"), script: text("script"), node: text("node"), cwd: text("cwd"), start };
}
