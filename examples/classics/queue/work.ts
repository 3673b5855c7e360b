import { Int32, type SharedHandle } from "@lockscope/sync/atomic";

/** What a thread of the two queue programs has to do: to push these numbers, or to pop until all are popped. */
export interface Job {
  readonly pushes: { readonly from: number; readonly to: number } | undefined;
  readonly total: number;
  readonly popped: SharedHandle;
  readonly sum: SharedHandle;
}

interface NumberQueue {
  tryPush(value: number): boolean;
  tryPop(): number | undefined;
}

export function work(queue: NumberQueue, { pushes, total, popped, sum }: Job): void {
  if (pushes !== undefined) push(queue, pushes.from, pushes.to);
  else pop(queue, total, Int32.from(popped), Int32.from(sum));
}

/** A full queue gets room, and an empty one values, only from other threads: so each looks again until it is so. */
function push(queue: NumberQueue, from: number, to: number): void {
  for (let value = from; value <= to; value++) while (!queue.tryPush(value));
}

function pop(queue: NumberQueue, total: number, popped: Int32, sum: Int32): void {
  while (popped.load() < total) {
    const value = queue.tryPop();
    if (value === undefined) continue;
    sum.add(value);
    popped.add(1);
  }
}
