import type { FunctionWithBody } from "../../../project/port.js";
import type { Ref } from "./refs.js";
import type { FlowGraph, Slot } from "./values.js";

/**
 * Where values live. A field of a class is one slot for all instances; properties of plain objects and of
 * interfaces are one slot for each name, joined with the class members of that name once somebody uses it.
 */
export interface Slots {
  of(ref: Ref): Slot;
  /** Makes a class member known by its name, in the files around its own. */
  declareMember(name: string, file: string, slot: Slot): void;
}

export function createSlots(graph: FlowGraph, componentOf: (file: string) => number): Slots {
  const variables = new Map<number, Slot>();
  const names = new Map<string, Slot>();
  const members = new Map<string, Slot[]>();
  const results = new Map<FunctionWithBody, Slot>();
  const others = new Map<Ref, Slot>();
  const outside = graph.slot();

  function of<K>(table: Map<K, Slot>, key: K): Slot {
    let slot = table.get(key);
    if (slot === undefined) {
      slot = graph.slot();
      table.set(key, slot);
    }
    return slot;
  }

  function join(one: Slot, other: Slot): void {
    graph.flow(one, other);
    graph.flow(other, one);
  }

  const keyOf = (name: string, file: string) => `${componentOf(file)} ${name}`;

  function named(key: string): Slot {
    const known = names.get(key);
    if (known !== undefined) return known;
    const slot = of(names, key);
    for (const member of members.get(key) ?? []) join(slot, member);
    return slot;
  }

  return {
    of(ref) {
      if (typeof ref === "number") return of(variables, ref);
      switch (ref.kind) {
        case "named":
          return named(keyOf(ref.name, ref.file));
        case "result":
          return of(results, ref.body);
        case "outside":
          return outside;
        default:
          return of(others, ref);
      }
    },
    declareMember(name, file, slot) {
      const key = keyOf(name, file);
      const known = members.get(key);
      if (known === undefined) members.set(key, [slot]);
      else known.push(slot);
      const shared = names.get(key);
      if (shared !== undefined) join(shared, slot);
    },
  };
}
