import type { HostToViewer, Mark } from "@lockscope/trace";
import * as vscode from "vscode";
import { presentOf } from "../trace/present.js";
import type { TraceSession } from "../trace/session.js";
import type { Sessions } from "../trace/sessions.js";
import { askForRows } from "./dump.js";
import { standstillOf } from "./evaluate.js";
import type { TracedRuns } from "./traced-runs.js";

/** A program that a debugger holds. */
export interface Stop {
  /** What the debugger calls it ("breakpoint"). */
  readonly reason: string;
  /** The task that it stopped in, by its id in the trace; undefined if that cannot be told. */
  readonly task: number | undefined;
  /** When it stopped, in milliseconds since 1970. */
  readonly at: number;
  readonly token: string;
  readonly pid: number;
}

/** A lock breakpoint has stopped a program. */
export interface LockStop {
  readonly session: TraceSession;
  /** Says which lock and task, and why. */
  readonly mark: Mark;
}

/** The rows of a stop come after it: they travel by another way, which a program just started has yet to open. */
const PATIENCE_MS = 10_000;
const STEP_MS = 20;

interface DebugMessage {
  readonly type?: string;
  readonly event?: string;
  readonly body?: { readonly threadId?: number; readonly reason?: string };
}

/**
 * Knows which traced programs a debugger holds, and in which task. Their trace goes on to arrive: it is carried by
 * a thread of its own, which the debugger does not stop.
 */
export class StoppedPrograms implements vscode.DebugAdapterTrackerFactory, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<HostToViewer>();
  /** `stopped` and `continued`, as the trace view is told of them. */
  readonly onDidChange = this.#changed.event;
  readonly #stoppedAtLock = new vscode.EventEmitter<LockStop>();
  readonly onDidStopAtLock = this.#stoppedAtLock.event;
  /** When each program was last stopped at a lock, by its own clock: the mark of the next stop is later. */
  readonly #lockStops = new Map<string, number>();
  /** By debug session: threads of one program have one each. */
  readonly #stops = new Map<string, Stop>();
  /** Counts what each debug session has done, so that a late answer about an earlier stop is told. */
  readonly #steps = new Map<string, number>();

  constructor(
    private readonly runs: TracedRuns,
    private readonly sessions: Sessions,
    private readonly output: vscode.LogOutputChannel,
  ) {}

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker | undefined {
    return {
      onDidSendMessage: ({ type, event, body }: DebugMessage) => {
        if (type !== "event") return;
        if (event === "stopped") void this.#stopped(session, body?.threadId ?? 0, body?.reason ?? "pause");
        else if (event === "continued") this.#goesOn(session.id);
      },
      onWillStopSession: () => this.#goesOn(session.id),
      onExit: () => this.#goesOn(session.id),
    };
  }

  /** Whether, and in what, this session's program is held; of several of its threads the last to stop. */
  of(session: TraceSession): Stop | undefined {
    const { token, pid } = session.prelude;
    if (session !== this.#find(token, pid)) return undefined;
    return [...this.#stops.values()].reverse().find((stop) => stop.token === token && stop.pid === pid);
  }

  /** The same as the trace view is told it. */
  remark(session: TraceSession): HostToViewer | undefined {
    const stop = this.of(session);
    if (stop === undefined) return undefined;
    const { task, reason, at } = stop;
    const time = presentOf(session, at);
    return { type: "stopped", session: session.id, reason, time, ...(task !== undefined && { task }) };
  }

  dispose(): void {
    this.#changed.dispose();
    this.#stoppedAtLock.dispose();
  }

  async #stopped(session: vscode.DebugSession, threadId: number, reason: string): Promise<void> {
    const token = this.runs.tokenOf(session);
    if (token === undefined) return;
    const at = Date.now();
    const step = this.#step(session.id);
    try {
      const { pid, task, byLock } = await standstillOf(session, threadId);
      if (this.#steps.get(session.id) !== step) return;
      this.#note(session.id, { reason, task, at, token, pid });
      // At a lock breakpoint it does so by itself.
      if (!byLock && this.runs.canDump(token)) await askForRows(session);
      const told = byLock ? await this.#markOf(token, pid) : undefined;
      if (told === undefined || this.#steps.get(session.id) !== step) return;
      const { text, task: stopped, time } = told.mark;
      const since = told.session.prelude.meta.start + time;
      this.#note(session.id, { reason: text, task: stopped.id, at: since, token, pid });
      this.#stoppedAtLock.fire(told);
    } catch (error) {
      // A program that has gone on in the meantime, or has ended, has nothing to say.
      this.output.debug(`Where ${session.name} stopped is not known: ${(error as Error).message}`);
    }
  }

  #note(id: string, stop: Stop): void {
    this.#stops.set(id, stop);
    const session = this.#find(stop.token, stop.pid);
    if (session !== undefined) this.#changed.fire(this.remark(session)!);
  }

  /** The instrument's word on why it has stopped the program just now. */
  async #markOf(token: string, pid: number): Promise<LockStop | undefined> {
    const program = `${token} ${pid}`;
    const before = this.#lockStops.get(program) ?? Number.NEGATIVE_INFINITY;
    for (let waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
      const session = this.#find(token, pid);
      const mark = session?.store.lastStop;
      if (session !== undefined && mark !== undefined && mark.time > before) {
        this.#lockStops.set(program, mark.time);
        return { session, mark };
      }
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
    return undefined;
  }

  /** The latest: a program that delivers its rows on demand has a session for each time. */
  #find(token: string, pid: number): TraceSession | undefined {
    return this.sessions.all.findLast(({ prelude }) => prelude.token === token && prelude.pid === pid);
  }

  #goesOn(id: string): void {
    this.#step(id);
    const stop = this.#stops.get(id);
    if (stop === undefined) return;
    this.#stops.delete(id);
    const session = this.#find(stop.token, stop.pid);
    if (session !== undefined) this.#changed.fire({ type: "continued", session: session.id });
  }

  #step(id: string): number {
    const step = (this.#steps.get(id) ?? 0) + 1;
    this.#steps.set(id, step);
    return step;
  }
}
