import ts from "typescript";
import { guardablesOf } from "../../ir/guardable.js";
import type { Unit } from "../../ir/lower.js";
import type { Place } from "../../ir/place.js";
import type { Snapshot } from "../../project/port.js";
import { enclosingFunction } from "../../project/syntax.js";
import type { RuleContext } from "../../rules/rule.js";
import { isInTest } from "../../rules/tests.js";
import type { SeenAccess } from "../entrances.js";
import type { Facts } from "../facts.js";
import { isMadeIn } from "./fresh.js";
import { annotatedGuards, besideGuard, type Guard } from "./guards.js";
import { createHeldAt, type Held, type HeldAt, worst } from "./held-at.js";
import { filesReaching } from "./reaching.js";

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

/** Of one snapshot: what is asked of a file is looked for in those files alone that can name its state. */
export function stateTable(context: RuleContext): StateTable {
  let table = tables.get(context.snapshot);
  if (table === undefined) {
    table = create(context.facts, context.snapshot);
    tables.set(context.snapshot, table);
  }
  return table;
}

/** By the field or variable: its id outlives an edit. */
type Accesses = ReadonlyMap<number, readonly Access[]>;

function create(facts: Facts, snapshot: Snapshot): StateTable {
  const heldAt = createHeldAt(facts, snapshot);
  const accesses = new Map<ts.SourceFile, Accesses>();
  const states = new Map<number, GuardedState>();

  function accessesIn(file: ts.SourceFile): Accesses {
    let found = accesses.get(file);
    if (found === undefined) {
      found = read(file);
      accesses.set(file, found);
    }
    return found;
  }

  function read(file: ts.SourceFile): Accesses {
    const found = new Map<number, Access[]>();
    for (const { unit, observations } of facts.ofFile(file)) {
      if (observations.abandoned || heldAt.isPartOfAnother(unit)) continue;
      for (const [node, seen] of observations.accesses) {
        const { place, write, element = false } = seen.op;
        const { field } = place;
        if (field?.declaration === undefined) continue;
        const access = { node, place, write, element, unit, seen };
        if (!counts(access, field.declaration, snapshot)) continue;
        const known = found.get(field.id);
        if (known === undefined) found.set(field.id, [access]);
        else known.push(access);
      }
    }
    return found;
  }

  function stateOf(declaration: ts.Declaration, field: NonNullable<Place["field"]>): GuardedState {
    let state = states.get(field.id);
    if (state === undefined) {
      const { name, constant } = field;
      const files = filesReaching(field, snapshot);
      const guards = annotatedGuards(declaration, snapshot);
      const candidates =
        guards.length > 0 ? [] : guardablesOf(snapshot).besides(declaration).map(besideGuard);
      const all = files.flatMap((file) => accessesIn(file).get(field.id) ?? []);
      state = { declaration, name, constant, guards, candidates, accesses: all };
      states.set(field.id, state);
    }
    return state;
  }

  return {
    statesIn: (file) =>
      [...accessesIn(file).values()].flatMap(([first]) => {
        const field = first?.place.field;
        return field?.declaration === undefined ? [] : [stateOf(field.declaration, field)];
      }),
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
