import type { HostToViewer, Mark } from "@lockscope/trace";
import * as vscode from "vscode";
import type { TraceSession } from "../trace/session.js";
import type { Sessions } from "../trace/sessions.js";
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

/** The rows of a stop come a moment after it: they travel by another way. */
const PATIENCE_MS = 1000;
const STEP_MS = 20;

/** How the instrument's mark of a lock breakpoint begins. */
const STOPPED = "stopped: ";

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
  readonly #stoppedAtLock = new vscode.EventEmitter<{ session: TraceSession; mark: Mark }>();
  /** A lock breakpoint has stopped a program; the mark says which. */
  readonly onDidStopAtLock = this.#stoppedAtLock.event;
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
    return [...this.#stops.values()].reverse().find((stop) => stop.token === token && stop.pid === pid);
  }

  /** The same as the trace view is told it. */
  remark(session: TraceSession): HostToViewer | undefined {
    const stop = this.of(session);
    if (stop === undefined) return undefined;
    const { task, reason } = stop;
    return { type: "stopped", session: session.id, reason, ...(task !== undefined && { task }) };
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
      const stopped = this.#find(token, pid);
      const mark = byLock && stopped !== undefined ? await latestStop(stopped, at) : undefined;
      if (this.#steps.get(session.id) !== step) return;
      const why = mark?.text.slice(STOPPED.length) ?? reason;
      this.#stops.set(session.id, { reason: why, task: mark?.task.id ?? task, at, token, pid });
      if (stopped === undefined) return;
      this.#changed.fire(this.remark(stopped)!);
      if (mark !== undefined) this.#stoppedAtLock.fire({ session: stopped, mark });
    } catch (error) {
      // A program that has gone on in the meantime, or has ended, has nothing to say.
      this.output.debug(`Where ${session.name} stopped is not known: ${(error as Error).message}`);
    }
  }

  #find(token: string, pid: number): TraceSession | undefined {
    return this.sessions.all.find(({ prelude }) => prelude.token === token && prelude.pid === pid);
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

/** The instrument's word on why it has stopped the program just now. */
async function latestStop({ store, prelude }: TraceSession, at: number): Promise<Mark | undefined> {
  const justNow = at - prelude.meta.start - PATIENCE_MS;
  for (let waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
    const mark = store.marks.findLast(({ text }) => text.startsWith(STOPPED));
    if (mark !== undefined && mark.time >= justNow) return mark;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  return undefined;
}
