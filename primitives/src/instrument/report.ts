import { relative } from "node:path";
import { atMost, printable, type Site, taskText, type Wait, Wording } from "@lockscope/trace";
import type { CallSites } from "./call-sites.js";
import type { Home } from "./home.js";
import type { Stuck } from "./stuck.js";

/** More lines than this help nobody. */
const MAX_SHOWN = 50;

/** Turns what is stuck into lines for the terminal, in the manner of Go's runtime and in the words of the alarms. */
export class Report {
  readonly #stuck: Stuck;
  readonly #words: Wording;
  /** What has ended. */
  readonly #program: string;

  /**
   * @param now milliseconds since the program's time origin
   * @param home whose tasks they are
   */
  constructor(stuck: Stuck, sites: CallSites, now: number, { worker, name }: Pick<Home, "worker" | "name">) {
    this.#stuck = stuck;
    this.#words = new Wording(sites, { now, place: siteText });
    this.#program = worker ? name : "the program";
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
    const more = truncated ? " or more" : "";
    return cycles.flatMap(({ edges }, at) => [
      cycles.length === 1 ? "cycle:" : `cycle ${at + 1} of ${cycles.length}${more}:`,
      ...indented(edges, (edge) => this.#words.edge(edge)),
    ]);
  }

  /** A cycle through the main program may be one of calls that run side by side. */
  #note(): string[] {
    const { cycles, main } = this.#stuck;
    const inCycle = cycles.some(({ edges }) => edges.some(({ from }) => from === main));
    return inCycle ? [`(${taskText(main)} is all code that no go() has started)`] : [];
  }

  /** Those that wait without being in a cycle. */
  #others(title: string): string[] {
    const inCycle = new Set<Wait>(this.#stuck.cycles.flatMap(({ edges }) => edges.map(({ wait }) => wait)));
    const others = this.#stuck.waits.filter((wait) => !inCycle.has(wait));
    if (others.length === 0) return [];
    const shown = indented(others, (wait) => this.#words.waiting(wait));
    return title === "" || inCycle.size === 0 ? shown : [title, ...shown];
  }
}

const indented = <T>(things: readonly T[], line: (thing: T) => string) =>
  atMost(MAX_SHOWN, things, line).map((each) => `  ${each}`);

const text = (title: string, lines: readonly string[]) => `${[title, ...lines].join("\n")}\n`;

/** A place as the terminal shows it: from the working directory, where that is shorter. */
export function siteText({ file, line, column }: Site): string {
  const near = relative(process.cwd(), file);
  return printable(`${near.startsWith("..") || near === "" ? file : near}:${line}:${column}`);
}
