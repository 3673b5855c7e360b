import * as vscode from "vscode";
import type { Launch } from "../trace/trace-server.js";

/** Which debug sessions have a trace: each run of a program has a token, which its trace shows. */
export class TracedRuns {
  readonly #launches = new Map<string, Launch>();
  /** A restarted session may come with the token of the run before. */
  readonly #over = new Set<unknown>();
  /** Tokens of programs that ran before they were traced, by debug session. */
  readonly #attached = new Map<string, string>();
  /** The debug sessions that run, traced or not. */
  readonly #running = new Set<vscode.DebugSession>();
  readonly #subscriptions = [
    vscode.debug.onDidStartDebugSession((session) => this.#running.add(session)),
    vscode.debug.onDidTerminateDebugSession((session) => {
      this.#running.delete(session);
      this.#ended(session);
    }),
  ];

  /** A program that is about to start; it finds the token in its environment. */
  starts(launch: Launch): void {
    this.#launches.set(launch.variables.LOCKSCOPE_TOKEN, launch);
  }

  /** A program that runs already is traced from now on. */
  attached(session: vscode.DebugSession, launch: Launch): void {
    this.starts(launch);
    this.#attached.set(session.id, launch.variables.LOCKSCOPE_TOKEN);
  }

  /** The token of the run that this session debugs, or a process or a thread of. */
  tokenOf(session: vscode.DebugSession): string | undefined {
    for (let at: vscode.DebugSession | undefined = session; at !== undefined; at = at.parentSession) {
      const token = this.#attached.get(at.id) ?? at.configuration.env?.LOCKSCOPE_TOKEN;
      if (typeof token === "string" && this.#launches.has(token)) return token;
    }
    return undefined;
  }

  /** The debug sessions of this run, or of all traced runs. */
  sessionsOf(token?: string): vscode.DebugSession[] {
    return [...this.#running].filter((session) => {
      const own = this.tokenOf(session);
      return own !== undefined && (token === undefined || own === token);
    });
  }

  /**
   * The debugger has a session for a run as such, and below it one for each of its processes.
   * @returns the process that is meant by this session: its own, or the first one of its run
   */
  processOf(session: vscode.DebugSession): vscode.DebugSession {
    if (session.parentSession !== undefined) return session;
    return [...this.#running].find(({ parentSession }) => parentSession === session) ?? session;
  }

  /** Its programs keep their last rows in memory and deliver them on demand. */
  canDump(token: string): boolean {
    return this.#launches.get(token)?.canDump ?? false;
  }

  isOver(token: unknown): boolean {
    return this.#over.has(token);
  }

  /** The program of a session that was attached to is traced no more, or was not after all. */
  detached(session: vscode.DebugSession): void {
    this.#end(this.#attached.get(session.id));
    this.#attached.delete(session.id);
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    for (const token of [...this.#launches.keys()]) this.#end(token);
  }

  /** No more processes of this run will come, if it was the run's first session that has ended. */
  #ended(session: vscode.DebugSession): void {
    this.detached(session);
    if (session.parentSession === undefined) this.#end(session.configuration.env?.LOCKSCOPE_TOKEN);
  }

  #end(token: unknown): void {
    if (typeof token !== "string") return;
    this.#launches.get(token)?.end();
    if (this.#launches.delete(token)) this.#over.add(token);
  }
}
