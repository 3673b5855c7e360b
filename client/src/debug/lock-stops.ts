import { lockTypeText } from "@lockscope/trace";
import * as vscode from "vscode";
import type { SessionInFocus } from "../view/session-in-focus.js";
import { evaluate, REGISTRY } from "./evaluate.js";
import type { LockBreakpoints } from "./lock-breakpoints.js";
import type { TracedRuns } from "./traced-runs.js";

/** A program on a busy machine may take so long from its debug session's start to its first line. */
const PATIENCE_MS = 60_000;
const STEP_MS = 200;

/** Tells the lock breakpoints to the programs that run, whenever they change. */
export class LockStops implements vscode.Disposable {
  readonly #subscription: vscode.Disposable;

  constructor(
    private readonly breakpoints: LockBreakpoints,
    private readonly runs: TracedRuns,
    private readonly output: vscode.LogOutputChannel,
  ) {
    breakpoints.on("change", this.#tellAll);
    this.#subscription = vscode.debug.onDidStartDebugSession((session) => {
      // They may have changed since the program was launched, before there was a session to tell it through.
      if (runs.tokenOf(session) !== undefined && this.#changedSinceLaunch(session)) void this.tell(session);
    });
  }

  /**
   * To be called for a program that is traced from now on; one that is launched finds them in its environment. If it
   * has just begun it is told as soon as it can take them. The debugger has sessions that only group others, and some
   * for threads of ours: nobody there ever takes them.
   */
  async tell(session: vscode.DebugSession): Promise<void> {
    const conditions = this.#conditions;
    for (let waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
      const isTold = await this.#tellNow(session, conditions);
      if (isTold || conditions !== this.#conditions || this.runs.tokenOf(session) === undefined) return;
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
    this.output.debug(`${session.name} was not told of lock breakpoints.`);
  }

  /** @returns whether there is somebody who has taken them */
  async #tellNow(session: vscode.DebugSession, conditions: string): Promise<boolean> {
    const instrument = `${REGISTRY}?.instrument`;
    try {
      const said = await evaluate(
        session,
        `${instrument}?.setBreaks ? (${instrument}.setBreaks(${conditions}), "told") : "nobody there"`,
      );
      return said.includes("told");
    } catch {
      return false; // no program yet, or none any more
    }
  }

  get #conditions(): string {
    return JSON.stringify(this.breakpoints.conditions());
  }

  dispose(): void {
    this.#subscription.dispose();
    this.breakpoints.off("change", this.#tellAll);
  }

  #changedSinceLaunch(session: vscode.DebugSession): boolean {
    let launched = session;
    while (launched.parentSession !== undefined) launched = launched.parentSession;
    const known: unknown = launched.configuration.env?.LOCKSCOPE_BREAK ?? "[]";
    return known !== this.#conditions;
  }

  readonly #tellAll = (): void => {
    for (const session of this.runs.sessionsOf()) void this.tell(session);
  };
}

/** Asks what is left to ask for "stop when this lock is waited for too long", and sets it. */
export async function askWhenWaited(
  breakpoints: LockBreakpoints,
  focus: SessionInFocus,
  lock?: string,
): Promise<void> {
  const name = lock ?? (await askLock(focus, "The lock that is waited for"));
  if (name === undefined) return;
  const entered = await vscode.window.showInputBox({
    title: `Stop when ${name} is waited for longer than`,
    prompt: "Milliseconds",
    value: "50",
    validateInput: (text) => (Number(text) > 0 ? undefined : "A number of milliseconds above 0."),
  });
  if (entered !== undefined) breakpoints.add({ lock: name, waitedMs: Number(entered), enabled: true });
}

/** The same for "stop when this lock is taken while another one is held". */
export async function askWhenTakenWhileHeld(
  breakpoints: LockBreakpoints,
  focus: SessionInFocus,
  lock?: string,
): Promise<void> {
  const name = lock ?? (await askLock(focus, "The lock that is taken"));
  const held = name && (await askLock(focus, `The lock that is held while ${name} is taken`));
  if (held) breakpoints.add({ lock: name, whileHolding: held, enabled: true });
}

/** One of the locks that the trace has met, or what the user types: a name, or the place of its birth. */
async function askLock({ session }: SessionInFocus, title: string): Promise<string | undefined> {
  const kinds = new Map(session?.store.live.locks.map((lock) => [lock.name, lockTypeText(lock.kind)]));
  const known = [...kinds].map(([label, description]) => ({ label, description, alwaysShow: false }));
  const pick = vscode.window.createQuickPick();
  try {
    pick.title = title;
    pick.placeholder = "Its name, or where it is made: bank.ts:12";
    pick.items = known;
    pick.onDidChangeValue((label) => {
      const typed = { label, description: "a lock of this name, or made at this place", alwaysShow: true };
      pick.items = label === "" || kinds.has(label) ? known : [...known, typed];
    });
    return await new Promise((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.label ?? (pick.value || undefined)));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}
