import type { Reader, Reading } from "../project/readings.js";
import type { Cfg } from "./cfg.js";

/** Graphs that are kept have as many nodes as this together: the oldest go first. */
const maxNodes = 250_000;

/** The graphs of a program's functions: the facts about one come first, and several rules follow it then. */
export interface KeptGraphs<Unit> {
  of(unit: Unit, make: () => Cfg): Cfg;
}

interface Kept {
  readonly result: Cfg;
  readonly reading: Reading;
}

export function keepGraphs<Unit>(reader: Reader): KeptGraphs<Unit> {
  const graphs = new Map<Unit, Kept>();
  let nodes = 0;

  function keep(unit: Unit, kept: Kept): void {
    graphs.set(unit, kept);
    nodes += kept.result.size;
    for (const [oldest, { result }] of graphs) {
      if (nodes <= maxNodes) break;
      graphs.delete(oldest);
      nodes -= result.size;
    }
  }

  return {
    of(unit, make) {
      let kept = graphs.get(unit);
      if (kept === undefined) {
        kept = reader.record(make);
        keep(unit, kept);
      }
      // Whoever is given a graph rests on what it was made from.
      reader.again(kept.reading);
      return kept.result;
    },
  };
}
