import type { LockState } from "@lockscope/trace";
import { LockOrderGraph } from "./lock-order-graph.js";
import { WaitForGraph } from "./wait-for-graph.js";

/** Who waits for whom at the cursor, and in which order locks were taken in all. */
export function GraphsPanel({ locks }: { readonly locks: readonly LockState[] }) {
  return (
    <div class="columns even">
      <WaitForGraph />
      <LockOrderGraph locks={locks} />
    </div>
  );
}
