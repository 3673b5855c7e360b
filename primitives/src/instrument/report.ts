import { relative } from "node:path";
import {
  type Hold,
  MAIN_TASK,
  Mode,
  printable,
  type Site,
  type TaskState,
  type WaitEdge,
} from "@lockscope/trace";
import type { SelectWaiter } from "../channel/cases.js";
import type { Channel } from "../channel/channel.js";
import type { WaitGroup } from "../waitgroup.js";
import type { CallSites } from "./call-sites.js";
import type { LockNotes, Parked } from "./model.js";
import type { Stuck, StuckWait } from "./stuck.js";

/** Turns what is stuck into lines for the terminal, in the manner of Go's runtime. */
export class Report {
  readonly #sites: CallSites;
  readonly #now: number;
  readonly #parked: ReadonlyMap<unknown, Parked>;
  readonly #stuck: Stuck;
  /** What has ended, and what its code outside of tasks is called. */
  readonly #program: string;
  readonly #main: string;

  /**
   * @param now milliseconds since the program's time origin
   * @param home whose tasks they are
   */
  constructor(
    stuck: Stuck,
    sites: CallSites,
    now: number,
    { worker, name }: { readonly worker: boolean; readonly name: string },
  ) {
    this.#program = worker ? name : "the program";
    this.#main = worker ? name : "the main program";
    this.#stuck = stuck;
    this.#sites = sites;
    this.#now = now;
    this.#parked = new Map(stuck.waits.map(({ wait, parked }) => [wait, parked]));
  }

  /** The program came to a stop with its own work undone. */
  deadlock(): string {
    return text("lockscope: fatal error: all tasks are asleep - deadlock!", [
      ...this.#cycles(),
      ...this.#others("also waiting:"),
      ...this.#note(),
    ]);
  }

  /** The main program has ended; who still waits will do so for ever. */
  leak(): string {
    const count = this.#stuck.waits.length;
    const who = count === 1 ? "one wait" : `${count} waits`;
    return text(
      `lockscope: warning: ${this.#program} has ended, and left ${who} that will never end (leaked tasks):`,
      this.#others(""),
    );
  }

  /** The cycles in one line, for a mark in the trace. */
  summary(): string {
    const { cycles, waits } = this.#stuck;
    if (cycles.length === 0) return `${waits.length} waiting for ever`;
    const ring = cycles[0]!.edges.map(({ from }) => from.name);
    return `deadlock: ${[...ring, ring[0]].join(" → ")}`;
  }

  #cycles(): string[] {
    const { cycles, truncated } = this.#stuck;
    const lines: string[] = [];
    for (const [at, { edges }] of cycles.entries()) {
      lines.push(
        cycles.length === 1 ? "cycle:" : `cycle ${at + 1} of ${cycles.length}${truncated ? " or more" : ""}:`,
      );
      for (const edge of edges) lines.push(`  ${this.#edge(edge)}`);
    }
    return lines;
  }

  /** A cycle through the main program may be one of calls that run side by side. */
  #note(): string[] {
    const main = this.#stuck.cycles.some(({ edges }) => edges.some(({ from }) => from.id === MAIN_TASK));
    return main ? [`(${this.#main} is all code that no go() has started)`] : [];
  }

  /** Those that wait without being in a cycle. */
  #others(title: string): string[] {
    const inCycle = new Set(this.#stuck.cycles.flatMap(({ edges }) => edges.map(({ wait }) => wait)));
    const others = this.#stuck.waits.filter(({ wait }) => !inCycle.has(wait));
    if (others.length === 0) return [];
    const shown = others.slice(0, MAX_SHOWN).map((each) => `  ${this.#wait(each)}`);
    if (others.length > MAX_SHOWN) shown.push(`  and ${others.length - MAX_SHOWN} more`);
    return title === "" || inCycle.size === 0 ? shown : [title, ...shown];
  }

  #edge({ from, to, wait, hold, behind }: WaitEdge): string {
    const parked = this.#parked.get(wait)!;
    const start = `${this.#task(from)} ${this.#what(parked)}`;
    if (hold !== undefined) return `${start}, ${this.#held(to, hold)}`;
    return behind === undefined ? start : `${start}, behind ${this.#task(to)}, a writer who came first`;
  }

  #wait({ wait, parked }: StuckWait): string {
    const start = `${this.#task(wait.task)} ${this.#what(parked)}`;
    const holds = [...(wait.lock?.holders ?? [])];
    return [start, ...holds.slice(0, 3).map((hold) => this.#held(hold.task, hold))].join(", ");
  }

  #task({ id, name }: TaskState): string {
    return id === MAIN_TASK ? this.#main : `task "${printable(name)}"`;
  }

  /** `waits for Mutex "a" (Mutex.lock at src/x.ts:12:14)` */
  #what(parked: Parked): string {
    const { waiter } = parked;
    const call = callText(parked);
    const place = this.#sites.get(parked.site);
    const where = place === undefined ? call : `${call} at ${siteText(place)}`;
    const notes = waiter.resource?.notes as LockNotes | undefined;
    const subject = notes === undefined ? "" : lockText(notes);
    switch (waiter.waitFor) {
      case "send":
        return `waits to send to ${channelText(waiter.resource as Channel<unknown>)} (${where})`;
      case "receive":
        return `waits to receive from ${channelText(waiter.resource as Channel<unknown>)} (${where})`;
      case "select":
        return `waits in a select of ${casesText(waiter as unknown as SelectWaiter<unknown>)} (${where})`;
      case "join":
        return `waits for the end of task "${printable((waiter as unknown as { target: { name: string } }).target.name)}" (${where})`;
      case "wait":
        return `waits for ${subject}${countText(waiter.resource)} (${where})`;
      default:
        return `waits for ${subject} (${where})`;
    }
  }

  #held(task: TaskState, { mode, since, site }: Hold): string {
    const place = this.#sites.get(site);
    const where = place === undefined ? "" : ` (locked at ${siteText(place)})`;
    const how = mode === Mode.shared ? "read-held" : "held";
    const gone = task.phase === "done" || task.phase === "panicked" ? ", which has ended," : "";
    return `${how} by ${this.#task(task)}${gone} since ${durationText(this.#now - since)}${where}`;
  }
}

/** More lines than this help nobody. */
const MAX_SHOWN = 50;

/** "Mutex.lock", "Task.join", "select" */
function callText({ waiter, entry }: Parked): string {
  const { waitFor, resource } = waiter;
  const type = waitFor === "join" ? "Task" : resource?.kind;
  return type === undefined ? entry.name : `${type}.${entry.name}`;
}

const text = (title: string, lines: readonly string[]) => `${[title, ...lines].join("\n")}\n`;

const lockText = ({ type, name }: LockNotes) => `${type} "${printable(name)}"`;

function casesText({ nodes }: SelectWaiter<unknown>): string {
  if (nodes.length === 0) return "no cases";
  return nodes.map(({ of }) => `${of.direction} ${channelText(of.channel)}`).join(", ");
}

const channelText = (channel: Channel<unknown>) =>
  channel.isNil ? "the nil Channel" : lockText(channel.notes as LockNotes);

const countText = (group: unknown) => {
  const { count } = group as Partial<WaitGroup>;
  return count === undefined ? "" : `, still at ${count}`;
};

/** A place as the terminal shows it: from the working directory, where that is shorter. */
export function siteText({ file, line, column }: Site): string {
  const near = relative(process.cwd(), file);
  return printable(`${near.startsWith("..") || near === "" ? file : near}:${line}:${column}`);
}

function durationText(ms: number): string {
  if (ms < 1000) return `${Math.max(1, Math.round(ms))} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}
