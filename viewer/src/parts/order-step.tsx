import { Mode, type OrderEdge, type OrderWitness } from "@lockscope/trace";
import { InstantLink } from "./instant-link.js";
import { LockName, TaskName } from "./names.js";
import { At } from "./wait-edge.js";

interface OrderStepProps {
  readonly edge: OrderEdge;
  readonly witness: OrderWitness;
}

/** "A took Mutex x at bank.ts:3 and then Mutex y at bank.ts:4, at 1.2 ms". */
export function OrderStepText({ edge: { first, second }, witness }: OrderStepProps) {
  const { task, time, firstSite, firstMode, secondSite, secondMode, gates } = witness;
  return (
    <>
      <TaskName task={task} /> took <LockName lock={first} kind />
      {firstMode === Mode.shared && " to read"}
      <At site={firstSite} label="where it took the first" /> and then <LockName lock={second} kind />
      {secondMode === Mode.shared && " to read"}
      <At site={secondSite} label="where it asked for the second" />, at <InstantLink time={time} />
      {gates.length > 0 && (
        <>
          {" "}
          (with{" "}
          {gates.map((gate, index) => (
            <span key={gate.id}>
              {index > 0 && ", "}
              <LockName lock={gate} />
            </span>
          ))}{" "}
          in hand)
        </>
      )}
    </>
  );
}
