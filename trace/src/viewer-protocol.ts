/** What the trace page and its host (the editor, or nobody in a plain browser) say to each other. */
import type { ProgramMeta } from "./prelude.js";

export interface SessionInfo {
  readonly id: string;
  /** Shown to the user: the debug session's or the program's name. */
  readonly name: string;
  readonly meta?: ProgramMeta;
  /** The host answers `export` for this session; without it the page does not offer it. */
  readonly canExport?: boolean;
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
  | "malformed";

export type HostToViewer =
  /** Forget everything; what follows belongs to this session. */
  | { readonly type: "reset"; readonly session: SessionInfo }
  /** Whole batches, headers included, without the stream's first line. Always an `ArrayBuffer`, never a Buffer. */
  | { readonly type: "batch"; readonly session: string; readonly bytes: ArrayBuffer }
  | {
      readonly type: "ended";
      readonly session: string;
      readonly reason: SessionEnd;
      readonly exitCode?: number;
      readonly message?: string;
    }
  /** The sessions one can switch between. */
  | { readonly type: "sessions"; readonly list: readonly SessionInfo[]; readonly current?: string };

export type ViewerToHost =
  /** The page listens: send the current session from its beginning. Also sent after a reload. */
  | { readonly type: "ready" }
  /** Show this place in the source. `line` and `column` are 1-based; a column of 0 means the line. */
  | { readonly type: "open"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly type: "select-session"; readonly id: string }
  /** Save the current session's trace to a file. */
  | { readonly type: "export" };
