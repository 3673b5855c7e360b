import type { Guard } from "../../facts/state-access/guards.js";
import {
  type Access,
  type GuardedState,
  type StateTable,
  stateTable,
} from "../../facts/state-access/table.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { firstPerNode } from "../text.js";
import { doc, sources } from "./doc.js";

export const writeUnderReadLock: Rule = {
  id: "write-under-read-lock",
  title: "Guarded state is written under the read side",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    const isRead = context.units.some(({ observations }) =>
      [...observations.accesses.values()].some(({ op }) => op.write),
    );
    if (!isRead) return;
    const table = stateTable(context);
    for (const state of table.statesIn(context.file)) {
      const found =
        state.guards.length > 0
          ? state.guards
          : state.candidates.filter((each) => guards(each, state, table));
      const writes = found.flatMap((guard) =>
        state.accesses
          .filter((access) => access.write && access.node.getSourceFile() === context.file)
          .filter((access) => table.heldFor(access, guard).holding === "read")
          .map((access) => ({ access, guard })),
      );
      for (const { access, guard } of firstPerNode(writes, (each) => each.access.node))
        yield report(state, access, guard, context);
    }
  },
};

/** Without a comment: almost all accesses hold the lock, and who writes elsewhere takes the write side. */
function guards(guard: Guard, { accesses }: GuardedState, table: StateTable): boolean {
  const held = accesses
    .map((access) => ({ access, holding: table.heldFor(access, guard).holding }))
    .filter(({ holding }) => holding !== "exempt");
  const guarded = held.filter(({ holding }) => holding === "read" || holding === "write");
  const written = held.some(({ access, holding }) => access.write && holding === "write");
  return written && guarded.length * 5 >= held.length * 4;
}

function report(state: GuardedState, access: Access, guard: Guard, { snapshot }: RuleContext): Report {
  const lock = guard.of(access.place)?.text ?? guard.text;
  const what = access.element ? `what lies in \`${access.place.text}\`` : `\`${access.place.text}\``;
  const readers = [...access.seen.ways]
    .flatMap((locks) => [...locks.values()])
    .flatMap((held) => held.holds)
    .filter((hold) => hold.mode === "read" && hold.place.field?.id === guard.field?.id);
  const name = readers[0] && snapshot.calleeOf(readers[0].site).kind === "method" ? readers[0] : undefined;
  return {
    node: access.node,
    message: `${what} is written while only the read side of \`${lock}\` is held: other readers are in there too`,
    related: [
      ...(name ? [{ node: name.site, message: `\`${lock}\` is read-locked here` }] : []),
      { node: state.declaration, message: `\`${state.name}\` is declared here` },
    ],
  };
}
