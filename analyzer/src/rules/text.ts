import ts from "typescript";
import type { Leak } from "../facts/observations.js";
import type { Hold, Trail } from "../facts/state.js";
import type { LockMode } from "../model/index.js";
import type { Snapshot } from "../project/port.js";
import { bare, shortText } from "../project/syntax.js";
import type { Note } from "./rule.js";

export function lineOf(node: ts.Node): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
}

/** `RWMutex \`this.mu\``: the lock as the message names it. */
export function lockName(call: ts.CallExpression, written: string, snapshot: Snapshot): string {
  const called = snapshot.calleeOf(call);
  if (called.kind === "method" && called.model.title !== undefined)
    return `${called.model.title} \`${written}\``;
  const callee = ts.isCallExpression(call) ? bare(call.expression) : call;
  const primitive = ts.isPropertyAccessExpression(callee)
    ? snapshot.primitiveOf(callee.expression)
    : undefined;
  return primitive
    ? `${primitive.model.title ?? primitive.name} \`${written}\``
    : `${called.kind === "method" ? called.owner : "lock"} \`${written}\``;
}

/** The library's own word for taking it: `acquire()` acquires, whatever else locks. */
export function takenWord(call: ts.CallExpression, snapshot: Snapshot): "acquired" | "locked" {
  const callee = snapshot.calleeOf(call);
  return callee.kind === "method" && /^acquire/.test(callee.method) ? "acquired" : "locked";
}

export function heldAs(mode: LockMode): string {
  return mode === "read" ? "read-locked" : "locked";
}

/** How a path leaves a lock held. */
export function wayOut(leak: Leak): string {
  switch (leak.how) {
    case "return":
      return `the return at line ${lineOf(leak.node)}`;
    case "throw":
      return `the throw at line ${lineOf(leak.node)}`;
    case "fall":
      return "the end of the function";
    case "thrown":
      return `an exception at line ${lineOf(leak.node)}`;
    case "again":
      return ts.isCallExpression(leak.node)
        ? "the next iteration, which locks it again"
        : "the next iteration";
  }
}

/** The path comes back to the lock call itself with the lock still held. */
export function isRoundTrip(leak: Leak): boolean {
  return leak.how === "again" && leak.node === leak.hold.site;
}

export function takenNote(hold: Hold): Note {
  return { node: hold.site, message: `\`${hold.place.text}\` is ${heldAs(hold.mode)} here` };
}

/** The branches that lead to a leak, after the lock was taken; the last few are enough to see the path. */
export function pathNotes(leak: Leak): Note[] {
  const notes: Note[] = [];
  const from = leak.hold.site.getStart();
  for (let at: Trail | undefined = leak.trail; at !== undefined && notes.length < 3; at = at.previous) {
    if (at.node.getSourceFile() !== leak.hold.site.getSourceFile() || at.node.getStart() < from) continue;
    if (notes.some((note) => note.node === at?.node)) continue;
    notes.unshift({
      node: at.node,
      message: `when \`${shortText(at.node)}\` is ${at.outcome ? "true" : "false"}`,
    });
  }
  return notes;
}

export function leakNotes(leak: Leak): Note[] {
  const out =
    leak.how === "fall"
      ? []
      : [
          {
            node: leak.node,
            message: `\`${leak.hold.place.text}\` is still ${heldAs(leak.hold.mode)} when the path leaves here`,
          },
        ];
  return [...pathNotes(leak), ...out];
}

/** One report a node: the same defect is seen on many paths. */
export function firstPerNode<T>(items: Iterable<T>, nodeOf: (item: T) => ts.Node): T[] {
  const seen = new Map<ts.Node, T>();
  for (const item of items) if (!seen.has(nodeOf(item))) seen.set(nodeOf(item), item);
  return [...seen.values()];
}
