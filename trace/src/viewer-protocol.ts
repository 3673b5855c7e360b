/** What the trace page and its host (the editor, or nobody in a plain browser) say to each other. */
import type { ProgramMeta } from "./prelude.js";

export interface SessionInfo {
  readonly id: string;
  /** Shown to the user: the debug session's or the program's name. */
  readonly name: string;
  readonly meta?: ProgramMeta;
  /** The host answers `export` for this session; without it the page does not offer it. */
  readonly canExport?: boolean;
  /** The program keeps its last rows in memory and answers `dump`. */
  readonly canDump?: boolean;
}

/** How a traced program ended, as the host saw it. */
export type SessionEnd =
  /** The process is gone and its trace is complete. */
  | "exited"
  /** As exited, with tasks that can never go on. */
  | "stuck"
  /** The process was killed, or the connection broke inside a batch. */
  | "broken"
  /** The bytes were not a trace; `message` says why. */
  | "malformed"
  /** They were what a program, which goes on, had kept in its memory. */
  | "dumped";

/** What static analysis says about a place. */
export interface StaticFinding {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

export type HostToViewer =
  /** Forget everything; what follows belongs to this session. */
  | { readonly type: "reset"; readonly session: SessionInfo }
  /**
   * Whole batches, headers included, without the stream's first line. Always an `ArrayBuffer`, never a Buffer. Of
   * the session that was `reset` last, or of the `other` one. `left`: so many more bytes of it the host has at hand; 0
   * if left out.
   */
  | {
      readonly type: "batch";
      readonly session: string;
      readonly bytes: ArrayBuffer;
      readonly left?: number;
    }
  | {
      readonly type: "ended";
      readonly session: string;
      readonly reason: SessionEnd;
      readonly exitCode?: number;
      readonly message?: string;
    }
  /** The sessions one can switch between. */
  | { readonly type: "sessions"; readonly list: readonly SessionInfo[]; readonly current?: string }
  /** A session to compare with: the answer to `load` and `compare-file`. Its batches and its end follow. */
  | { readonly type: "other"; readonly session: SessionInfo }
  /** Show the events of this source line, and the waits and holds that began there. `line` is 1-based. */
  | { readonly type: "focus-place"; readonly file: string; readonly line: number }
  | { readonly type: "focus-lock"; readonly id: number }
  | { readonly type: "focus-task"; readonly id: number }
  /** Show what is different from the `other` session. */
  | { readonly type: "focus-comparison" }
  /**
   * A debugger holds the program: the page shows the state at this moment. `task` is the id of the one that it
   * stopped in, `reason` what the debugger calls it ("breakpoint") or why a lock breakpoint stopped it, `time` when
   * that was, in milliseconds since the program's time origin.
   */
  | {
      readonly type: "stopped";
      readonly session: string;
      readonly task?: number;
      readonly reason: string;
      readonly time: number;
    }
  | { readonly type: "continued"; readonly session: string }
  /** All findings near the locks of this trace; each message replaces the one before. */
  | { readonly type: "findings"; readonly session: string; readonly list: readonly StaticFinding[] }
  /** From when on a lock is held, a wait has gone on, for too long, in milliseconds. */
  | { readonly type: "thresholds"; readonly heldMs: number; readonly waitMs: number };

export type ViewerToHost =
  /** The page listens: send the current session from its beginning. Also sent after a reload. */
  | { readonly type: "ready" }
  /** Show this place in the source. `line` and `column` are 1-based; a column of 0 means the line. */
  | { readonly type: "open"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly type: "select-session"; readonly id: string }
  /** Save the current session's trace to a file. */
  | { readonly type: "export" }
  /** Ask the user where, and write what the page has made. `name` is a file name without a folder. */
  | { readonly type: "save"; readonly name: string; readonly content: ArrayBuffer | string }
  /** Send this session beside the current one, to compare them. */
  | { readonly type: "load"; readonly id: string }
  /** Ask the user for a trace file, and send it to be compared. */
  | { readonly type: "compare-file" }
  /** The current session's program is to deliver the rows that it keeps in memory. */
  | { readonly type: "dump" };

const hostMessages: Readonly<Record<HostToViewer["type"], true>> = {
  reset: true,
  batch: true,
  ended: true,
  sessions: true,
  other: true,
  "focus-place": true,
  "focus-lock": true,
  "focus-task": true,
  "focus-comparison": true,
  stopped: true,
  continued: true,
  findings: true,
  thresholds: true,
};

/** Tells the host's messages from those that the editor's frames post to the page on their own account. */
export function isHostMessage(data: unknown): data is HostToViewer {
  const type = (data as { readonly type?: unknown } | null)?.type;
  return typeof type === "string" && Object.hasOwn(hostMessages, type);
}
