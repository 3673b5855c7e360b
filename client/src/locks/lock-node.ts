/** What an entry of the tree of locks is, apart from where it comes from. */
import type { Site } from "@lockscope/trace";
import { plural } from "@lockscope/trace";

/** An entry of the tree. */
export interface LockNode {
  /** The same for the same thing as long as the session lives: what is open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** The name of a codicon. */
  readonly icon: string;
  readonly tone?: Tone;
  /** What kind of thing it is: decides which commands are offered. */
  readonly kind: "deadlock" | "alarm" | "lock" | "task" | "group" | "detail";
  /** Where a click leads. */
  readonly place?: Site;
  /** The lock or task that it speaks of, by its id in the trace. */
  readonly lock?: number;
  readonly task?: number;
  /** Shown open at first. */
  readonly open?: boolean;
  /** Undefined: a leaf. */
  readonly children?: () => LockNode[];
}

export type Tone = "error" | "warning" | "calm" | "stopped";

/** Nobody reads a longer list in a side bar: the trace view has all. */
const MAX_SHOWN = 200;

/** The first of many as entries, and one that says how many more there are. */
export function limited<T>(
  all: readonly T[],
  node: (thing: T, index: number) => LockNode,
  id: string,
  noun: string,
  limit = MAX_SHOWN,
): LockNode[] {
  const nodes = all.slice(0, limit).map(node);
  const left = all.length - limit;
  if (left > 0) {
    const label = `${plural(left, `more ${noun}`)}: see the trace view`;
    nodes.push({ id, label, description: "", icon: "ellipsis", kind: "detail" });
  }
  return nodes;
}
