import type { CfgNode } from "../ir/cfg.js";

/** In which states each node of a graph was come to. */
export interface Visits<S> {
  /** How many states the node has been come to in, this one included; 0 if in this one before. */
  enter(node: CfgNode, state: S): number;
}

interface Visited<S> {
  readonly first: S;
  keys: Set<string> | undefined;
}

/** Most nodes are come to in one state only: keys are made where there are two to compare. */
export function createVisits<S>(keyOf: (state: S) => string): Visits<S> {
  const visited: (Visited<S> | undefined)[] = [];
  return {
    enter({ id }, state) {
      const known = visited[id];
      if (known === undefined) {
        visited[id] = { first: state, keys: undefined };
        return 1;
      }
      known.keys ??= new Set([keyOf(known.first)]);
      const before = known.keys.size;
      return known.keys.add(keyOf(state)).size === before ? 0 : before + 1;
    },
  };
}
