import { go, Once, onceValue, Pool, SyncMap, WaitGroup } from "@lockscope/sync";
import { afterFunc, background, withCancel, withValue } from "@lockscope/sync/context";
import { describe, expect, it } from "vitest";

describe("Tasks of one thread", () => {
  it("From one `await` to the next a task runs alone.", async () => {
    const seen: string[] = [];
    const tasks = ["a", "b"].map((name) =>
      go(async () => {
        for (let round = 0; round < 3; round++) {
          seen.push(`${name}{`);
          seen.push(`${name}}`);
          await null;
        }
      }),
    );
    for (const task of tasks) await task.join();
    expect(seen.join("").replaceAll(/a\{a\}|b\{b\}/g, "")).toBe("");
    expect(seen).toHaveLength(12);
  });

  it("What comes after `go` up to the next `await` happens before the task begins.", async () => {
    const log: string[] = [];
    const task = go(() => log.push("begins"));
    log.push("after go");
    await task.join();
    expect(log).toEqual(["after go", "begins"]);
  });

  it("Tasks begin in the order in which they were started.", async () => {
    const log: number[] = [];
    const tasks = [1, 2, 3].map((n) => go(() => log.push(n)));
    for (const task of tasks) await task.join();
    expect(log).toEqual([1, 2, 3]);
  });

  it("The end of a task happens before `join` returns.", async () => {
    const log: string[] = [];
    const task = go(async () => {
      await null;
      log.push("ends");
    });
    await task.join();
    log.push("joined");
    expect(log).toEqual(["ends", "joined"]);
  });
});

describe("WaitGroup", () => {
  it("Each `done` happens before the `wait` that it lets go on returns.", async () => {
    const log: string[] = [];
    const wg = new WaitGroup();
    wg.add(2);
    for (const name of ["first", "second"]) {
      go(async () => {
        await null;
        log.push(name);
        wg.done();
      });
    }
    await wg.wait();
    log.push("waited");
    expect(log).toEqual(["first", "second", "waited"]);
  });

  it("The end of each function given to `WaitGroup.go` happens before `wait` returns.", async () => {
    const log: string[] = [];
    const wg = new WaitGroup();
    wg.go(async () => {
      await null;
      log.push("ends");
    });
    await wg.wait();
    log.push("waited");
    expect(log).toEqual(["ends", "waited"]);
  });
});

describe("Once", () => {
  it("The end of the function happens before any call of `do` returns.", async () => {
    const log: string[] = [];
    const once = new Once();
    const init = async () => {
      await null;
      log.push("done");
    };
    await Promise.all([1, 2, 3].map(() => once.do(init).then(() => log.push("returned"))));
    expect(log).toEqual(["done", "returned", "returned", "returned"]);
  });

  it("What `onceValue` returns to all of its callers is made before any of them goes on.", async () => {
    const made: object[] = [];
    const get = onceValue(async () => {
      await null;
      made.push({});
      return made[0]!;
    });
    const values = await Promise.all([get(), get()]);
    expect(values.map((value) => value === made[0])).toEqual([true, true]);
    expect(made).toHaveLength(1);
  });
});

describe("SyncMap", () => {
  it("Each operation but `loadOrCompute` is one step, and is seen by all that come after it.", () => {
    const map = new SyncMap<string, number>();
    map.store("a", 1);
    expect(map.load("a")).toEqual([1, true]);
    expect(map.compareAndSwap("a", 1, 2)).toBe(true);
    expect(map.loadOrStore("a", 3)).toEqual([2, true]);
    expect(map.loadAndDelete("a")).toEqual([2, true]);
    expect(map.load("a")).toEqual([undefined, false]);
  });

  it("The end of the compute happens before each `loadOrCompute` that waits for it returns.", async () => {
    const log: string[] = [];
    const map = new SyncMap<string, string>();
    const compute = async () => {
      await null;
      log.push("computed");
      return "value";
    };
    const ask = () => map.loadOrCompute("key", compute).then(() => log.push("returned"));
    await Promise.all([ask(), ask()]);
    expect(log).toEqual(["computed", "returned", "returned"]);
  });

  it("A `store` or `delete` during a compute is later than it: the result of the compute is not kept.", async () => {
    const map = new SyncMap<string, string>();
    const computed = map.loadOrCompute("key", async () => "old");
    map.store("key", "new");
    expect(await computed).toBe("old");
    expect(map.load("key")).toEqual(["new", true]);
  });
});

describe("Pool", () => {
  it("A `put`, and the `reset` within it, happens before the `get` that gives the item out.", () => {
    const pool = new Pool<number[]>({ reset: (list) => list.splice(0) });
    const list = [1, 2, 3];
    pool.put(list);
    const again = pool.get();
    expect(again).toBe(list);
    expect(again).toEqual([]);
  });
});

describe("Context", () => {
  it("When `cancel` returns, the context and all that are derived from it have ended.", () => {
    const [parent, cancel] = withCancel(background());
    const [child] = withCancel(withValue(parent, "key", 1));
    cancel();
    expect([parent.err, child.err].map(String)).toEqual(Array(2).fill("CanceledError: context canceled"));
    expect([parent.done.closed, child.signal.aborted]).toEqual([true, true]);
  });

  it("The end of a context happens before a receive on `done` returns.", async () => {
    const [ctx, cancel] = withCancel(background());
    const received = ctx.done.receive().then(() => ctx.err?.message);
    cancel();
    expect(await received).toBe("context canceled");
  });

  it("The end of a context happens before the function given to `afterFunc` begins.", async () => {
    const log: string[] = [];
    const [ctx, cancel] = withCancel(background());
    const ran = new Promise<void>((resolve) => {
      afterFunc(ctx, () => {
        log.push(`begins: ${ctx.err?.message}`);
        resolve();
      });
    });
    cancel();
    log.push("cancelled");
    await ran;
    expect(log).toEqual(["cancelled", "begins: context canceled"]);
  });
});
