import type ts from "typescript";

/** What an answer rests on besides its own text: nodes elsewhere that it came by, names that it looked up. */
export interface Reading {
  readonly nodes: ReadonlySet<ts.Node>;
  readonly names: ReadonlySet<string>;
}

/** The same, with the files that the nodes are in. */
export interface Elsewhere extends Reading {
  readonly files: ReadonlySet<string>;
}

/** Is told what is read; whoever wants to know what some work reads has it recorded. */
export interface Reader {
  node(node: ts.Node | undefined): void;
  name(name: string): void;
  /** Read again, by somebody who got a remembered answer. */
  again(reading: Reading): void;
  /** What the work reads itself: a recording inside of it is one of its own. */
  record<T>(work: () => T): { readonly result: T; readonly reading: Reading };
}

export function createReader(): Reader {
  let current: { readonly nodes: Set<ts.Node>; readonly names: Set<string> } | undefined;
  return {
    node(node) {
      if (node !== undefined) current?.nodes.add(node);
    },
    name(name) {
      current?.names.add(name);
    },
    again({ nodes, names }) {
      for (const node of nodes) current?.nodes.add(node);
      for (const name of names) current?.names.add(name);
    },
    record(work) {
      const outer = current;
      const reading = { nodes: new Set<ts.Node>(), names: new Set<string>() };
      current = reading;
      try {
        return { result: work(), reading };
      } finally {
        current = outer;
      }
    },
  };
}
