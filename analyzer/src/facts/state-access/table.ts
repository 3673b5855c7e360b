import ts from "typescript";
import { guardablesOf } from "../../ir/guardable.js";
import type { Unit } from "../../ir/lower.js";
import type { Place } from "../../ir/place.js";
import type { Snapshot } from "../../project/port.js";
import { enclosingFunction } from "../../project/syntax.js";
import type { RuleContext, UnitFacts } from "../../rules/rule.js";
import { isInTest } from "../../rules/tests.js";
import type { SeenAccess } from "../entrances.js";
import { isMadeIn } from "./fresh.js";
import { annotatedGuards, besideGuard, type Guard } from "./guards.js";
import { createHeldAt, type Held, type HeldAt, worst } from "./held-at.js";

export interface Access {
  readonly node: ts.Node;
  readonly place: Place;
  readonly write: boolean;
  /** Done to something that was taken out of the container, not to the container itself. */
  readonly element: boolean;
  readonly unit: Unit;
  readonly seen: SeenAccess;
}

/** One field or variable, and every access to it that counts: none of a constructor's, or of its maker's. */
export interface GuardedState {
  readonly declaration: ts.Node;
  readonly name: string;
  /** It refers to one object for good; what is in that may change. */
  readonly constant: boolean;
  /** Named by its comment. */
  readonly guards: readonly Guard[];
  /** Without a comment: the locks beside it. */
  readonly candidates: readonly Guard[];
  readonly accesses: readonly Access[];
}

export interface StateTable {
  /** What the file has to do with. */
  statesIn(file: ts.SourceFile): readonly GuardedState[];
  readonly heldAt: HeldAt;
  heldFor(access: Access, guard: Guard): Held;
}

const tables = new WeakMap<Snapshot, StateTable>();

/** Of the whole program, made when a file that has such state is first asked about. */
export function stateTable(context: RuleContext): StateTable {
  let table = tables.get(context.snapshot);
  if (table === undefined) {
    table = build(context.program(), context.snapshot);
    tables.set(context.snapshot, table);
  }
  return table;
}

function build(units: readonly UnitFacts[], snapshot: Snapshot): StateTable {
  const heldAt = createHeldAt(units);
  const guardables = guardablesOf(snapshot);
  const byDeclaration = new Map<ts.Node, { field: NonNullable<Place["field"]>; accesses: Access[] }>();
  for (const { unit, observations } of units) {
    if (observations.abandoned || heldAt.isPartOfAnother(unit)) continue;
    for (const [node, seen] of observations.accesses) {
      const { place, write, element = false } = seen.op;
      const { field } = place;
      if (field?.declaration === undefined) continue;
      const access = { node, place, write, element, unit, seen };
      if (!counts(access, field.declaration, snapshot)) continue;
      const known = byDeclaration.get(field.declaration);
      if (known === undefined) byDeclaration.set(field.declaration, { field, accesses: [access] });
      else known.accesses.push(access);
    }
  }
  const states = [...byDeclaration].map(([declaration, { field, accesses }]): GuardedState => {
    const guards = annotatedGuards(declaration, snapshot);
    const candidates = guards.length > 0 ? [] : guardables.besides(declaration).map(besideGuard);
    return { declaration, name: field.name, constant: field.constant, guards, candidates, accesses };
  });
  const byFile = new Map<ts.SourceFile, GuardedState[]>();
  for (const state of states) {
    for (const file of new Set(state.accesses.map(({ node }) => node.getSourceFile()))) {
      const known = byFile.get(file);
      if (known === undefined) byFile.set(file, [state]);
      else known.push(state);
    }
  }
  return {
    statesIn: (file) => byFile.get(file) ?? [],
    heldAt,
    heldFor: (access, guard) => heldFor(access, guard, heldAt),
  };
}

function heldFor({ place, unit, seen }: Access, guard: Guard, heldAt: HeldAt): Held {
  const lock = guard.of(place);
  if (lock === undefined) return { holding: "unknown" };
  return worst(seen.ways.map((locks) => heldAt.at(unit, locks, lock)));
}

/** Whether others can have the state by then. */
function counts({ place, unit, node }: Access, declaration: ts.Node, snapshot: Snapshot): boolean {
  if (ts.isConstructorDeclaration(unit) || ts.isClassStaticBlockDeclaration(unit)) return false;
  if (place.path.length > 0 && isMadeIn(place, unit)) return false;
  // A variable, in the code that declares it: before it starts tasks, or when they are done.
  if (ts.isVariableDeclaration(declaration) && enclosingFunction(declaration) === unit) return false;
  if (ts.isSourceFile(unit)) return false;
  return !isInTest(node, snapshot);
}
