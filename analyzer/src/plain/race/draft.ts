import ts from "typescript";
import type { Body } from "../parts.js";
import type { Scopes } from "../scopes.js";
import type { Functions } from "./functions.js";

/** A stretch of the text. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Something that may be written, and up to where in the text that happens. */
export interface Write {
  /** The last name of what is written; undefined where that goes by a local name that may stand for anything. */
  readonly name: string | undefined;
  readonly end: number;
  /** The code that it stands in, where that runs apart: see `Outline.tails`. */
  readonly tail: Stretch | undefined;
}

/** A call of a function of the file. */
export interface OwnCall {
  readonly target: Body;
  readonly pos: number;
  readonly end: number;
  readonly tail: Stretch | undefined;
}

/** What a function does itself, told from its text: nested functions count as parts of it. */
export interface Outline {
  readonly writes: readonly Write[];
  readonly reads: ReadonlySet<string>;
  /** Where each name is first read in a way that a later write may rely on. */
  readonly looks: ReadonlyMap<string, number>;
  /** Where it may first be suspended; beyond the end when it never is. */
  readonly suspension: number;
  /** Where it may be suspended, with the loops around. */
  readonly breaks: readonly Stretch[];
  /**
   * Code that runs at a suspension of the function, or after its end, and knows what the function had seen
   * until then: from where it is made to where it has run at the latest.
   */
  readonly tails: readonly Stretch[];
  readonly calls: readonly OwnCall[];
  /** Whether it changes what its caller hands it. */
  readonly changesArguments: boolean;
}

/** An outline being drawn. */
export interface Draft {
  readonly body: Body;
  readonly functions: Functions;
  readonly scopes: Scopes;
  readonly writes: Write[];
  readonly reads: Set<string>;
  readonly looks: Map<string, number>;
  readonly breaks: Stretch[];
  readonly tails: Stretch[];
  readonly calls: OwnCall[];
  suspension: number;
  changesArguments: boolean;
  /** The tail that is being looked at. */
  tail: Stretch | undefined;
}

export function look(draft: Draft, name: string, { pos }: ts.Node): void {
  draft.reads.add(name);
  if (!draft.looks.has(name)) draft.looks.set(name, pos);
}

export function write(draft: Draft, name: string | undefined, end: number, reading: boolean): void {
  const { tail } = draft;
  draft.writes.push({ name, end, tail });
  if (reading && name !== undefined) draft.reads.add(name);
}

export function calls({ calls: known, tail }: Draft, target: Body, { pos, end }: ts.Node): void {
  known.push({ target, pos, end, tail });
}

/** The node with the outermost loop around it: what stands there runs before it and after it. */
function looped(draft: Draft, node: ts.Node): ts.Node {
  let whole = node;
  for (let at = node; at !== draft.body; at = at.parent) if (ts.isIterationStatement(at, false)) whole = at;
  return whole;
}

export function suspends(draft: Draft, node: ts.Node, at: number): void {
  const whole = looped(draft, node);
  draft.suspension = Math.min(draft.suspension, at, whole === node ? at : whole.pos);
}

export function breaks(draft: Draft, node: ts.Node): void {
  const { pos, end } = looped(draft, node);
  if (draft.tail === undefined) draft.breaks.push({ from: pos, to: end });
}
