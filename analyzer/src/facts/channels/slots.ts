import ts from "typescript";
import type { FunctionWithBody, Variable } from "../../project/port.js";
import type { ChannelValue, FlowGraph, Slot } from "./values.js";

/**
 * Where values live. A field of a class is one slot for all instances; properties of plain objects and of
 * interfaces are one slot for each name, joined with the class members of that name once somebody uses it.
 */
export interface Slots {
  expression(node: ts.Node): Slot;
  variable(id: number): Slot;
  /** A field or property by its declaration, or by its name where that has none of its own. */
  member(variable: Variable | undefined, name: string, at: ts.Node): Slot;
  /** Makes a class member known by its name, in the files around `at`. */
  declareMember(name: string, slot: Slot, at: ts.Node): void;
  result(body: FunctionWithBody): Slot;
  content(channel: ChannelValue): Slot;
  /** What code that is not seen gets hold of. */
  readonly outside: Slot;
}

export function createSlots(graph: FlowGraph, componentOf: (file: ts.SourceFile) => number): Slots {
  const expressions = new Map<ts.Node, Slot>();
  const variables = new Map<number, Slot>();
  const names = new Map<string, Slot>();
  const members = new Map<string, Slot[]>();
  const results = new Map<ts.Node, Slot>();
  const contents = new Map<ChannelValue, Slot>();

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

  const keyOf = (name: string, at: ts.Node) => `${componentOf(at.getSourceFile())} ${name}`;

  function named(name: string): Slot {
    const known = names.get(name);
    if (known !== undefined) return known;
    const slot = of(names, name);
    for (const member of members.get(name) ?? []) join(slot, member);
    return slot;
  }

  return {
    expression: (node) => of(expressions, node),
    variable: (id) => of(variables, id),
    member(variable, name, at) {
      const { declaration } = variable ?? {};
      const own =
        declaration !== undefined &&
        (ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration)) &&
        !ts.isInterfaceDeclaration(declaration.parent);
      return own && variable !== undefined ? of(variables, variable.id) : named(keyOf(name, at));
    },
    declareMember(name, slot, at) {
      const key = keyOf(name, at);
      members.set(key, [...(members.get(key) ?? []), slot]);
      const shared = names.get(key);
      if (shared !== undefined) join(shared, slot);
    },
    result: (body) => of(results, body),
    content: (channel) => of(contents, channel),
    outside: graph.slot(),
  };
}
