import { expect } from "vitest";

/** Lets everything run that can run now: all microtasks, and what the event loop has due. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** How far `promise` has got, without waiting for it. */
export async function stateOf(promise: Promise<unknown>): Promise<"pending" | "fulfilled" | "rejected"> {
  let state: "pending" | "fulfilled" | "rejected" = "pending";
  promise.then(
    () => {
      state = "fulfilled";
    },
    () => {
      state = "rejected";
    },
  );
  await settled();
  return state;
}

/** Asserts that `promise` is parked. */
export async function expectParked(promise: Promise<unknown>): Promise<void> {
  expect(await stateOf(promise)).toBe("pending");
}
