import type { Guard } from "../../facts/state-access/guards.js";
import type { Held } from "../../facts/state-access/held-at.js";
import {
  type Access,
  type GuardedState,
  type StateTable,
  stateTable,
} from "../../facts/state-access/table.js";
import { wrapInLock } from "../../fixes/wrap-in-lock.js";
import type { Note, Report, Rule, RuleContext } from "../rule.js";
import { firstPerNode, lineOf } from "../text.js";
import { doc, sources } from "./doc.js";
import { inferredGuard } from "./inference.js";

export const unguardedAccess: Rule = {
  id: "unguarded-access",
  title: "Guarded state is used without its lock",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    if (!context.units.some(({ observations }) => observations.accesses.size > 0)) return;
    const table = stateTable(context);
    for (const state of table.statesIn(context.file)) {
      const found = state.guards.length > 0 ? annotated(state, table) : inferred(state, table, context);
      yield* firstPerNode(found, (each) => each.access.node).flatMap((each) =>
        each.access.node.getSourceFile() === context.file ? [report(state, each, context)] : [],
      );
    }
  },
};

interface Unguarded {
  readonly access: Access;
  readonly guard: Guard;
  readonly held: Held;
  readonly why: string;
}

function annotated(state: GuardedState, table: StateTable): Unguarded[] {
  return state.guards.flatMap((guard) =>
    state.accesses.flatMap((access) => {
      const held = access.element ? undefined : table.heldFor(access, guard);
      return held?.holding === "free"
        ? [{ access, guard, held, why: `its comment says \`@guardedBy ${guard.text}\`` }]
        : [];
    }),
  );
}

function inferred(state: GuardedState, table: StateTable, context: RuleContext): Unguarded[] {
  const found = inferredGuard(state, table, context.snapshot);
  if (found === undefined) return [];
  const { guard, guarded, total, free } = found;
  const why = `${guarded} of its ${total} accesses hold it`;
  return free.map(({ access, held }) => ({ access, guard, held, why }));
}

function report(state: GuardedState, { access, guard, held, why }: Unguarded, context: RuleContext): Report {
  const lock = guard.of(access.place)?.text ?? guard.text;
  const done = access.write ? "written" : "read";
  const related: Note[] = [];
  if (held.via !== undefined && held.via !== access.unit)
    related.push({ node: held.via, message: `\`${lock}\` is not held when this comes here` });
  related.push({ node: state.declaration, message: `\`${state.name}\` is declared here` });
  const how = held.via === undefined ? "" : ` (line ${lineOf(held.via)} comes here without it)`;
  return {
    node: access.node,
    message: `\`${access.place.text}\` is ${done} without \`${lock}\`${how}: ${why}`,
    related,
    fixes: [held.via === undefined ? wrapInLock(access, guard, context) : undefined],
  };
}
