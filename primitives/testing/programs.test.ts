import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Mutex } from "../src/index.js";
import { Calls, cancelAtEveryTurn, checkPrograms, underManyOrders } from "./programs.js";

describe("cancelAtEveryTurn", () => {
  it("comes by every point of the scenario, and by its end", async () => {
    const points: string[] = [];
    const count = await cancelAtEveryTurn(async (signal) => {
      let at = signal.aborted ? "before" : "first stretch";
      signal.addEventListener("abort", () => points.push(at));
      await null;
      at = "second stretch";
      await null;
      at = "after";
      if (points.length === 0 && signal.aborted) points.push("before");
    });
    expect([...new Set(points)]).toEqual(["before", "first stretch", "second stretch", "after"]);
    expect(count).toBeGreaterThanOrEqual(3);
  });

  it("passes on what the scenario finds wrong at one of them", async () => {
    const scenario = async (signal: AbortSignal) => {
      await null;
      const early = signal.aborted;
      await null;
      if (signal.aborted && !early) throw new Error("found");
    };
    await expect(cancelAtEveryTurn(scenario)).rejects.toThrow("found");
  });
});

describe("checkPrograms", () => {
  it("finds the program on which primitive and model differ, and makes it small", async () => {
    const programs = checkPrograms(fc.constantFrom("lock", "unlock"), () => {
      const mu = new Mutex();
      return {
        step(act) {
          if (act === "lock") mu.tryLock();
          else if (mu.locked) throw new Error("unlocked what was locked");
        },
      };
    });
    await expect(programs).rejects.toThrow(/Counterexample: \[\["lock","unlock"\]\]/);
  });
});

describe("underManyOrders", () => {
  it("finds orders other than the one in which the pauses were begun", async () => {
    const orders = new Set<string>();
    await underManyOrders(async (pause) => {
      const order: number[] = [];
      await Promise.all([1, 2, 3].map((n) => pause().then(() => order.push(n))));
      orders.add(order.join());
    });
    expect(orders.size).toBeGreaterThan(1);
  });
});

describe("Calls", () => {
  it("keeps who came back with what, and gives up the one it is told to", async () => {
    const mu = new Mutex();
    const calls = new Calls();
    const [first, second, third] = [0, 1, 2].map(() => calls.begin((options) => mu.lock(options)));
    calls.abort(second!);
    mu.unlock();
    await null;
    expect(calls.returned).toEqual([first, third]);
    expect(calls.rejected).toEqual([second]);
    expect(calls.outcomes[1]).toEqual(new Error("call 1 gave up"));
  });
});
