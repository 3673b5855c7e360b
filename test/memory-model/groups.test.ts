import { background, cause } from "@lockscope/sync/context";
import { CyclicBarrier, ErrGroup, SingleFlight } from "@lockscope/sync/group";
import { describe, expect, it } from "vitest";

describe("SingleFlight", () => {
  it("The end of a call happens before each `do` that shares it returns.", async () => {
    const log: string[] = [];
    const flight = new SingleFlight<string>();
    const load = async () => {
      await null;
      log.push("loaded");
      return "value";
    };
    const ask = () => flight.do("key", load).then(() => log.push("returned"));
    await Promise.all([ask(), ask()]);
    expect(log).toEqual(["loaded", "returned", "returned"]);
  });

  it("A `do` that comes after the end of a call begins a new one.", async () => {
    let calls = 0;
    const flight = new SingleFlight<number>();
    const load = () => ++calls;
    expect([(await flight.do("key", load)).value, (await flight.do("key", load)).value]).toEqual([1, 2]);
  });
});

describe("CyclicBarrier", () => {
  it("What each party did before its `wait` happens before any `wait` of the round returns.", async () => {
    const log: string[] = [];
    const barrier = new CyclicBarrier(3);
    const party = async (name: string, turns: number) => {
      for (let turn = 0; turn < turns; turn++) await null;
      log.push(`${name} arrives`);
      await barrier.wait();
      log.push("goes on");
    };
    await Promise.all([party("a", 0), party("b", 3), party("c", 7)]);
    expect(log).toEqual(["a arrives", "b arrives", "c arrives", "goes on", "goes on", "goes on"]);
  });

  it("The action happens after the last arrival and before anybody goes on.", async () => {
    const log: string[] = [];
    const barrier = new CyclicBarrier(2, async () => {
      await null;
      log.push("action");
    });
    const party = async () => {
      log.push("arrives");
      await barrier.wait();
      log.push("goes on");
    };
    await Promise.all([party(), party()]);
    expect(log).toEqual(["arrives", "arrives", "action", "goes on", "goes on"]);
  });
});

describe("ErrGroup", () => {
  it("The end of each of its tasks happens before `wait` returns, also when one has failed.", async () => {
    const log: string[] = [];
    const group = new ErrGroup();
    group.go(() => {
      throw new Error("failed");
    });
    group.go(async () => {
      for (let turn = 0; turn < 5; turn++) await null;
      log.push("ends");
    });
    await expect(group.wait()).rejects.toThrow("failed");
    log.push("waited");
    expect(log).toEqual(["ends", "waited"]);
  });

  it("The first error happens before the group's context ends, and the other tasks see it there.", async () => {
    const [group, ctx] = ErrGroup.withContext(background());
    let seen: Error | undefined;
    group.go(async () => {
      await ctx.done.receive();
      seen = cause(ctx);
    });
    group.go(() => {
      throw new Error("failed");
    });
    await expect(group.wait()).rejects.toThrow("failed");
    expect(seen?.message).toBe("failed");
  });
});
