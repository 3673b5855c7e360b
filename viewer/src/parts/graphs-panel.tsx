import type { LockState } from "@lockscope/trace";
import { LockOrderGraph } from "./lock-order-graph.js";
import { WaitForGraph, type WaitForGraphProps } from "./wait-for-graph.js";

interface GraphsPanelProps extends WaitForGraphProps {
  readonly locks: readonly LockState[];
}

/** Who waits for whom at the cursor, and in which order locks were taken in all. */
export function GraphsPanel({ locks, shows }: GraphsPanelProps) {
  return (
    <div class="columns even">
      <WaitForGraph shows={shows} />
      <LockOrderGraph locks={locks} />
    </div>
  );
}
