import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { collectGarbage } from "../testing/collect.js";
import { checkPrograms, underManyOrders } from "../testing/programs.js";
import { runText } from "../testing/run-program.js";
import { go, gosched, Pool } from "./index.js";

describe("Pool", () => {
  it("TestPool: gives out what came back last, and nothing when there is nothing", () => {
    const pool = new Pool<string>({});
    expect(pool.get()).toBeUndefined();
    pool.put("a");
    pool.put("b");
    expect([pool.get(), pool.get(), pool.get()]).toEqual(["b", "a", undefined]);
  });

  it("TestPool: keeps its items over one collection of garbage, not over two", async () => {
    const pool = new Pool<number>({});
    for (let i = 0; i < 100; i++) pool.put(i);
    await collectGarbage();
    expect(pool.get()).toBe(99);
    await collectGarbage();
    expect(pool.get()).toBeUndefined();
  });

  it("what comes back in between is young again", async () => {
    const pool = new Pool<string>({});
    pool.put("old");
    await collectGarbage();
    pool.put("young");
    await collectGarbage();
    expect([pool.get(), pool.get()]).toEqual(["young", undefined]);
  });

  it("TestPoolNew: makes a new one when there is none", () => {
    let made = 0;
    const pool = new Pool({ new: () => ++made });
    expect([pool.get(), pool.get()]).toEqual([1, 2]);
    pool.put(42);
    expect([pool.get(), pool.get()]).toEqual([42, 3]);
  });

  it("TestPoolGC, TestPoolRelease: items that were given up, or taken and dropped, are collected", async () => {
    const pool = new Pool<object>({});
    const refs = Array.from({ length: 100 }, (_, i) => {
      const item = { i };
      pool.put(item);
      return new WeakRef(item);
    });
    for (let i = 0; i < 50; i++) pool.get();
    const left = () => refs.filter((ref) => ref.deref() !== undefined).length;
    await collectGarbage();
    expect(left(), "those taken out").toBe(50);
    await collectGarbage();
    await collectGarbage();
    expect(left()).toBe(0);
    expect(pool.get()).toBeUndefined();
  });

  it("does not keep itself alive, empty or not", async () => {
    const ref = (() => {
      const pool = new Pool<number>({});
      pool.put(1);
      return new WeakRef(pool);
    })();
    await collectGarbage();
    await collectGarbage();
    expect(ref.deref()).toBeUndefined();
  });

  it("TestPoolStress: ten tasks never hold the same item at once", async () => {
    let made = 0;
    const pool = new Pool({ new: () => ({ id: ++made, taken: false }) });
    const task = async () => {
      for (let round = 0; round < 200; round++) {
        const item = pool.get()!;
        expect(item.taken).toBe(false);
        item.taken = true;
        if (round % 7 === 0) await gosched();
        else await null;
        item.taken = false;
        pool.put(item);
        if (round % 50 === 0) pool.age();
      }
    };
    await Promise.all(Array.from({ length: 10 }, () => go(task).join()));
    expect(made).toBeGreaterThanOrEqual(10);
  });

  it("reset cleans what comes back; an item for which it throws is not kept", () => {
    const pool = new Pool<number[]>({
      reset: (items) => {
        if (items.length > 2) throw new Error("too large");
        items.length = 0;
      },
    });
    const item = [1, 2];
    pool.put(item);
    expect(item).toEqual([]);
    expect(() => pool.put([1, 2, 3])).toThrow("too large");
    expect([pool.get(), pool.get()]).toEqual([item, undefined]);
  });

  it("undefined and null are no items", () => {
    const pool = new Pool<number | null | undefined>({ new: () => 1, reset: () => expect.unreachable() });
    pool.put(undefined);
    pool.put(null);
    expect(pool.get()).toBe(1);
  });

  it("goes by its name, and may not be copied", () => {
    expect([new Pool({}).name, new Pool({ name: "buffers" }).name]).toEqual(["Pool", "buffers"]);
    expect(() => JSON.stringify(new Pool({}))).toThrow("sync.Pool is copied");
    expect(() => structuredClone(new Pool({}))).toThrow("a primitive is copied");
  });

  it("does not keep the process alive", async () => {
    const { code, stdout } = await runText(`
      import { Pool } from "@lockscope/sync";
      const pool = new Pool({});
      pool.put("item");
      console.log("end");
    `);
    expect([code, stdout]).toEqual([0, "end\n"]);
  });

  it("types: get may find nothing", () => {
    expectTypeOf(new Pool({ new: () => 1 }).get()).toEqualTypeOf<number | undefined>();
    // @ts-expect-error a number, not its text
    new Pool({ new: () => 1 }).put("1");
  });
});

describe("Pool against a model", () => {
  it("is two stacks, of which the older is dropped", async () => {
    const step = fc.constantFrom("get", "get", "put", "put", "put", "age");
    await checkPrograms(step, () => {
      const pool = new Pool<number>({});
      let [young, old]: number[][] = [[], []];
      let count = 0;
      return {
        step(act) {
          if (act === "get") expect(pool.get()).toBe(young!.pop() ?? old!.pop());
          else if (act === "put") {
            young!.push(++count);
            pool.put(count);
          } else {
            [young, old] = [[], young];
            pool.age();
          }
        },
        end() {
          const rest = [...old!, ...young!].reverse();
          expect([...rest, undefined].map(() => pool.get())).toEqual([...rest, undefined]);
        },
      };
    });
  });

  it("gives no item to two at once under every order in which they come back", async () => {
    await underManyOrders(async (pause) => {
      const pool = new Pool({ new: () => ({ users: 0 }) });
      const use = async () => {
        await pause("arrives");
        const item = pool.get()!;
        expect(++item.users).toBe(1);
        await pause("uses");
        item.users--;
        pool.put(item);
      };
      await Promise.all([use(), use(), pause().then(() => pool.age()), use(), use()]);
    });
  });
});
