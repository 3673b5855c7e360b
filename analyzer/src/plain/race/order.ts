import { isAsync } from "../../project/syntax.js";
import type { Body } from "../parts.js";
import type { Outline, OwnCall, Stretch, Write } from "./draft.js";

/** Of so many functions that call each other it is found out what they do. */
const most = 256;

/** What a function and all that it calls do, in whatever order. */
export interface Closure {
  readonly bodies: ReadonlySet<Body>;
  /** With undefined, where something is written that may have any name. */
  readonly writes: ReadonlySet<string | undefined>;
  readonly looks: ReadonlySet<string>;
  readonly suspends: boolean;
}

export function closure(body: Body, outlineOf: (body: Body) => Outline): Closure {
  const bodies = new Set([body]);
  const written = new Set<string | undefined>();
  const looks = new Set<string>();
  let suspends = false;
  let isWhole = true;
  for (const each of bodies) {
    const { writes, looks: seen, breaks, tails, calls, changesArguments } = outlineOf(each);
    for (const { name } of writes) written.add(name);
    if (changesArguments) written.add(undefined);
    for (const name of seen.keys()) looks.add(name);
    if (breaks.length + tails.length > 0 || isAsync(each)) suspends = true;
    if (bodies.size < most) for (const { target } of calls) bodies.add(target);
    else if (calls.length > 0) isWhole = false;
  }
  // Who calls on and on may do anything.
  if (!isWhole) {
    written.add(undefined);
    suspends = true;
  }
  return { bodies, writes: written, looks, suspends };
}

/**
 * Whether the order of the text lets a name be looked at, the task be suspended, and the name be written.
 * What is called stands where the call does; when it can be suspended, what it does may come at any time later.
 */
export function mayRace(outline: Outline, closureOf: (body: Body) => Closure): boolean {
  const looks = new Map(outline.looks);
  const breaks = [...outline.breaks];
  const writes = [...outline.writes];
  for (const call of outline.calls) {
    const called = closureOf(call.target);
    for (const name of called.looks) looks.set(name, Math.min(looks.get(name) ?? call.pos, call.pos));
    if (called.suspends && call.tail === undefined) breaks.push({ from: call.pos, to: Infinity });
    for (const name of called.writes) writes.push(writeOf(call, name, called.suspends));
  }
  const first = Math.min(...looks.values());
  return writes.some(({ name, end, tail }) => {
    const look = name === undefined ? first : (looks.get(name) ?? Infinity);
    return tail === undefined
      ? breaks.some(({ from, to }: Stretch) => from < end && look < to)
      : look < tail.to;
  });
}

function writeOf({ end, tail }: OwnCall, name: string | undefined, isLater: boolean): Write {
  return { name, end: isLater ? Infinity : end, tail };
}
