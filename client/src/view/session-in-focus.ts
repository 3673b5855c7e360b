import { EventEmitter } from "node:events";
import type { HostToViewer } from "@lockscope/trace";
import type { TraceSession } from "../trace/session.js";
import type { Sessions } from "../trace/sessions.js";

/** An editor of a trace file. */
export interface FileViewer {
  readonly sessions: Sessions;
  /** Brings it up and has it show something. */
  show(message: HostToViewer): void;
  /** Asks for a file, and shows what is different in the trace on show. */
  compareWithFile(): Promise<void>;
}

/**
 * The session that the window's own views (the tree, the lines' counts, hovers) speak of: that of the trace file
 * that was looked at last, until its editor is closed or a program sends a trace; else the running programs'
 * current one.
 *
 * `change` is emitted when it is another one.
 */
export class SessionInFocus extends EventEmitter<{ change: [] }> {
  #viewer: FileViewer | undefined;
  #last: TraceSession | undefined;

  constructor(readonly programs: Sessions) {
    super();
    programs.on("added", () => this.lookAway());
    programs.on("list", this.#look);
  }

  get session(): TraceSession | undefined {
    return (this.#viewer?.sessions ?? this.programs).current;
  }

  /** The file's editor that is looked at; undefined: a running program's trace. */
  get viewer(): FileViewer | undefined {
    return this.#viewer;
  }

  lookAt(viewer: FileViewer): void {
    if (viewer === this.#viewer) return;
    this.#viewer?.sessions.off("list", this.#look);
    this.#viewer = viewer;
    viewer.sessions.on("list", this.#look);
    this.#look();
  }

  /** This file's editor, or whichever it is, is looked at no more. */
  lookAway(viewer = this.#viewer): void {
    if (viewer === undefined || viewer !== this.#viewer) return;
    viewer.sessions.off("list", this.#look);
    this.#viewer = undefined;
    this.#look();
  }

  readonly #look = (): void => {
    if (this.session === this.#last) return;
    this.#last = this.session;
    this.emit("change");
  };
}
