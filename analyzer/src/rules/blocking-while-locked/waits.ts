import ts from "typescript";
import type { Hold } from "../../facts/state.js";
import type { Reached } from "../../facts/summary.js";
import type { Place } from "../../ir/place.js";
import type { EventKind } from "../../model/index.js";
import type { RuleContext, UnitFacts } from "../rule.js";

/** A function waits for something while it holds locks. */
export interface Wait {
  readonly unit: UnitFacts;
  /** The waiting call, or the one that leads to it, in the function that holds the locks. */
  readonly node: ts.Node;
  /** The operation that waits in the end. */
  readonly call: ts.Node;
  readonly event: EventKind;
  /** What it waits on, as the function that holds the locks names it. */
  readonly place: Place | undefined;
  readonly chain: readonly ts.CallExpression[];
  readonly holds: readonly Hold[];
}

const waiting: ReadonlySet<EventKind> = new Set([
  "chan-send",
  "chan-receive",
  "chan-range",
  "select",
  "wg-wait",
  "group-wait",
  "task-join",
  "cond-wait",
  "barrier-wait",
]);

export function waitsUnderLock({ snapshot, facts, units }: RuleContext): Wait[] {
  const found = new Map<string, Wait>();
  const keep = (wait: Wait): void => {
    const key = `${wait.node.pos}:${wait.call.pos}:${wait.call.getSourceFile().fileName}`;
    const known = found.get(key);
    found.set(key, known === undefined ? wait : { ...wait, holds: [...known.holds, ...wait.holds] });
  };
  for (const unit of units) {
    if (unit.observations.abandoned) continue;
    for (const reached of unit.summary.reached) {
      if (reached.chain.length > 0 || !waiting.has(reached.event) || !isWaited(reached)) continue;
      for (const holds of unit.observations.held.get(reached.call) ?? []) {
        if (holds.length > 0) keep({ unit, node: reached.call, ...reached, chain: [], holds });
      }
    }
    for (const [node, ways] of unit.observations.held) {
      if (!ts.isCallExpression(node) || ways.every((holds) => holds.length === 0)) continue;
      const callee = snapshot.calleeOf(node);
      if (callee.kind !== "body" || !unit.observations.suspensions.has(node)) continue;
      for (const reached of facts.of(callee.declaration).summary.reached) {
        if (!waiting.has(reached.event) || !isWaited(reached)) continue;
        for (const holds of ways) {
          const still = holds.filter((hold) => !isGivenUp(hold, reached));
          if (still.length > 0) keep({ unit, node, ...reached, holds: still });
        }
      }
    }
  }
  return [...found.values()];
}

function isWaited({ use }: Reached): boolean {
  return use === "awaited" || use === "kept" || use === "returned";
}

/** `unlock(); await …; await lock()` in the function that is called: by the lock's own name there. */
function isGivenUp(hold: Hold, reached: Reached): boolean {
  return (reached.released ?? []).some(
    (place) => place.field !== undefined && place.field.id === hold.place.field?.id,
  );
}
