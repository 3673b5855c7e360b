import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { collectGarbage } from "../testing/collect.js";
import { Calls, cancelAtEveryTurn, checkPrograms, underManyOrders } from "../testing/programs.js";
import { runText } from "../testing/run-program.js";
import { expectParked, settled } from "../testing/turn.js";
import { go, gosched, SyncMap } from "./index.js";

/** What `range` shows. */
function contents<K, V>(map: SyncMap<K, V>): [K, V][] {
  const all: [K, V][] = [];
  map.range((key, value) => all.push([key, value]) > 0);
  return all;
}

function filled(n: number): SyncMap<number, number> {
  const map = new SyncMap<number, number>();
  for (let i = 0; i < n; i++) map.store(i, i);
  return map;
}

describe("SyncMap against a model", () => {
  it("TestMapMatchesRWMutex, TestMapMatchesDeepCopy: every program does what it does on a plain map", async () => {
    const key = fc.constantFrom("a", "b", "c", Number.NaN, undefined);
    const value = fc.constantFrom(0, 1, undefined, null);
    const step = fc.record({
      act: fc.constantFrom(
        ...(["load", "store", "loadOrStore", "loadAndDelete", "delete", "swap"] as const),
        ...(["compareAndSwap", "compareAndDelete", "clear"] as const),
      ),
      key,
      value,
      old: value,
    });
    await checkPrograms(step, () => {
      const map = new SyncMap<unknown, unknown>();
      const model = new Map<unknown, unknown>();
      return {
        step({ act, key, value, old }) {
          const had = model.has(key);
          const before = model.get(key);
          const matches = had && before === old;
          if (act === "load") expect(map.load(key)).toEqual([before, had]);
          else if (act === "store") {
            map.store(key, value);
            model.set(key, value);
          } else if (act === "loadOrStore") {
            expect(map.loadOrStore(key, value)).toEqual([had ? before : value, had]);
            if (!had) model.set(key, value);
          } else if (act === "loadAndDelete") {
            expect(map.loadAndDelete(key)).toEqual([before, had]);
            model.delete(key);
          } else if (act === "delete") {
            map.delete(key);
            model.delete(key);
          } else if (act === "swap") {
            expect(map.swap(key, value)).toEqual([before, had]);
            model.set(key, value);
          } else if (act === "compareAndSwap") {
            expect(map.compareAndSwap(key, old, value)).toBe(matches);
            if (matches) model.set(key, value);
          } else if (act === "compareAndDelete") {
            expect(map.compareAndDelete(key, old)).toBe(matches);
            if (matches) model.delete(key);
          } else {
            map.clear();
            model.clear();
          }
          expect(contents(map)).toEqual([...model]);
        },
      };
    });
  });
});

describe("SyncMap", () => {
  it("TestCompareAndSwap_NonExistingKey: a key that is not there has no value, not even undefined", () => {
    const map = new SyncMap<string, number | undefined>();
    expect(map.compareAndSwap("key", undefined, 42)).toBe(false);
    expect(map.compareAndDelete("key", undefined)).toBe(false);
    map.store("key", undefined);
    expect(map.load("key")).toEqual([undefined, true]);
    expect(map.compareAndSwap("key", undefined, 42)).toBe(true);
    expect(map.load("key")).toEqual([42, true]);
  });

  it("TestHashTrieMap (LoadEmpty, CompareAndSwap, CompareAndDelete, Swap, LoadAndDelete: one of many)", () => {
    const map = filled(100);
    expect(map.load(100)).toEqual([undefined, false]);
    expect(map.compareAndDelete(15, 14)).toBe(false);
    expect(map.compareAndDelete(15, 15)).toBe(true);
    expect(map.compareAndDelete(15, 15)).toBe(false);
    expect(map.loadAndDelete(15)).toEqual([undefined, false]);
    expect(map.loadAndDelete(16)).toEqual([16, true]);
    expect(map.swap(17, -17)).toEqual([17, true]);
    expect(map.swap(15, -15)).toEqual([undefined, false]);
    expect(map.compareAndSwap(18, 18, -18)).toBe(true);
    expect(contents(map).length).toBe(99);
    expect([15, 16, 17, 18].map((key) => map.load(key)[0])).toEqual([-15, undefined, -17, -18]);
  });

  // Of eight tasks that do the same to a key, one has done it; keys of one's own are nobody else's business.
  const contests: [
    name: string,
    act: (map: SyncMap<number, number>, key: number, task: number) => boolean,
  ][] = [
    ["LoadOrStore", (map, key, task) => !map.loadOrStore(key + 1000, task)[1]],
    ["LoadAndDelete", (map, key) => map.loadAndDelete(key)[1]],
    ["CompareAndDelete", (map, key) => map.compareAndDelete(key, key)],
    ["CompareAndSwap", (map, key, task) => map.compareAndSwap(key, key, -1 - task)],
    ["Swap", (map, key, task) => map.swap(key, -1 - task)[0] === key],
  ];
  it.each(contests)("TestHashTrieMap (%s, ConcurrentSharedKeys): each key has one winner", async (_, act) => {
    const map = filled(100);
    const wins = Array<number>(100).fill(0);
    const contend = async (task: number) => {
      for (let key = 0; key < 100; key++) {
        if (act(map, key, task)) wins[key]!++;
        if ((key + task) % 3 === 0) await null;
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, task) => go(() => contend(task)).join()));
    expect(wins).toEqual(Array(100).fill(1));
  });

  it.each(contests)("TestHashTrieMap (%s, ConcurrentUnsharedKeys): all of one's own", async (_, act) => {
    const map = filled(80);
    const own = async (task: number) => {
      for (let key = task * 10; key < task * 10 + 10; key++) {
        expect(act(map, key, task)).toBe(true);
        await null;
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, task) => go(() => own(task)).join()));
  });

  it("TestMapDelete: deleting is done once, and what is stored afterwards is new", () => {
    const map = filled(1);
    map.delete(0);
    map.delete(0);
    expect(map.load(0)).toEqual([undefined, false]);
    map.store(0, 2);
    expect(map.loadAndDelete(0)).toEqual([2, true]);
    expect(map.loadOrStore(0, 3)).toEqual([3, false]);
  });

  it("NaN is a key like any other, but no value to be compared with (as in Go)", () => {
    const map = new SyncMap<number, number>();
    map.store(Number.NaN, Number.NaN);
    expect(map.load(Number.NaN)).toEqual([Number.NaN, true]);
    expect(map.compareAndSwap(Number.NaN, Number.NaN, 1)).toBe(false);
  });

  it("TestMapClear, TestConcurrentClear: nothing is left of it, whatever others do meanwhile", async () => {
    const map = filled(100);
    map.clear();
    expect(contents(map)).toEqual([]);
    const tasks = Array.from({ length: 30 }, (_, i) =>
      go(async () => {
        map.store(i, i);
        await gosched();
        map.clear();
      }),
    );
    await Promise.all(tasks.map((task) => task.join()));
    expect(contents(map)).toEqual([]);
  });

  it("TestIssue40999: lets go of what was deleted, key and value", async () => {
    const map = new SyncMap<object, object>();
    const refs = Array.from({ length: 8 }, (_, i) => {
      const [key, value] = [{ i }, { i }];
      map.store(key, value);
      if (i % 2 === 0) map.delete(key);
      else map.loadAndDelete(key);
      return [new WeakRef(key), new WeakRef(value)];
    }).flat();
    await collectGarbage();
    expect(refs.filter((ref) => ref.deref() !== undefined)).toEqual([]);
  });
});

describe("SyncMap.range", () => {
  it("TestConcurrentRange: sees each key once and only what was stored under it, while others store", async () => {
    const size = 1024;
    const map = filled(size);
    let stop = false;
    const writer = go(async () => {
      for (let round = 1; !stop; round++) {
        for (let key = 0; key < size; key++) map.store(key, key * round);
        await gosched();
      }
    });
    for (let i = 0; i < 16; i++) {
      const seen = new Set<number>();
      map.range((key, value) => {
        if (key !== 0) expect(value % key).toBe(0);
        expect(seen.has(key)).toBe(false);
        seen.add(key);
        return true;
      });
      expect(seen.size).toBe(size);
      await gosched();
    }
    stop = true;
    await writer.join();
  });

  it("TestMapRangeNestedCall: ranges inside of it, stores and deletes", () => {
    const map = new SyncMap<number, string>();
    for (const [key, word] of ["hello", "world", "Go"].entries()) map.store(key, word);
    map.range((key) => {
      map.range((inner, value) => {
        expect(map.load(inner)).toEqual([value, true]);
        map.store(42, "dummy");
        expect(map.loadAndDelete(42)).toEqual(["dummy", true]);
        return true;
      });
      map.delete(key);
      return true;
    });
    expect(contents(map)).toEqual([]);
  });

  it("TestHashTrieMap (All, CompareAndDeleteIterate): deletes what it sees, once each", () => {
    const map = filled(100);
    let visits = 0;
    map.range((key, value) => {
      visits++;
      expect(map.compareAndDelete(key, value)).toBe(true);
      return true;
    });
    expect([visits, contents(map)]).toEqual([100, []]);
  });

  it("ends although each visit takes the key out and puts it back at the end", () => {
    const map = filled(3);
    const seen: number[] = [];
    map.range((key, value) => {
      map.delete(key);
      map.store(key, value + 10);
      seen.push(key);
      return true;
    });
    expect(seen).toEqual([0, 1, 2]);
  });

  it("does not visit what is gone by then, and stops when it is told to", () => {
    const map = filled(10);
    const seen: number[] = [];
    map.range((key) => {
      map.delete(key + 1);
      return seen.push(key) < 3;
    });
    expect(seen).toEqual([0, 2, 4]);
  });
});

describe("SyncMap.loadOrCompute", () => {
  it("computes once, however many ask, and keeps it", async () => {
    const map = new SyncMap<string, number>();
    let runs = 0;
    const compute = async (key: string) => {
      runs++;
      await gosched();
      return key.length;
    };
    const tasks = Array.from({ length: 10 }, () => go(() => map.loadOrCompute("word", compute)));
    expect(await Promise.all(tasks.map((task) => task.join()))).toEqual(Array(10).fill(4));
    expect(await map.loadOrCompute("word", () => expect.unreachable())).toBe(4);
    expect([runs, map.load("word")]).toEqual([1, [4, true]]);
  });

  it("a value that is there at once is stored at once; undefined is a value", async () => {
    const map = new SyncMap<string, undefined>();
    void map.loadOrCompute("key", () => undefined);
    expect(map.load("key")).toEqual([undefined, true]);
    expect(await map.loadOrCompute("key", () => expect.unreachable())).toBeUndefined();
  });

  it("keys do not wait for one another", async () => {
    const map = new SyncMap<string, number>();
    const never = map.loadOrCompute("slow", () => new Promise<number>(() => {}));
    expect(await map.loadOrCompute("quick", async () => 1)).toBe(1);
    await expectParked(never);
  });

  it("a compute that fails fails for all who asked, and the next to ask tries again", async () => {
    const map = new SyncMap<string, number>();
    const boom = new Error("boom");
    for (const fail of [
      () => Promise.reject(boom),
      () => {
        throw boom;
      },
    ]) {
      const asks = [map.loadOrCompute("key", fail), map.loadOrCompute("key", fail)];
      for (const ask of asks) await expect(ask).rejects.toBe(boom);
      expect(map.load("key")).toEqual([undefined, false]);
    }
    expect(await map.loadOrCompute("key", () => 1)).toBe(1);
  });

  const changes: [name: string, act: (map: SyncMap<string, number>) => void, left: unknown][] = [
    ["store", (map) => map.store("key", 2), [2, true]],
    ["swap", (map) => map.swap("key", 2), [2, true]],
    ["loadOrStore", (map) => map.loadOrStore("key", 2), [2, true]],
    ["delete", (map) => map.delete("key"), [undefined, false]],
    ["loadAndDelete", (map) => map.loadAndDelete("key"), [undefined, false]],
    ["clear", (map) => map.clear(), [undefined, false]],
  ];
  it.each(changes)("what %s does meanwhile is later than the compute", async (_, act, left) => {
    const map = new SyncMap<string, number>();
    let end!: (value: number) => void;
    const asks = [0, 1].map(() =>
      map.loadOrCompute("key", () => new Promise<number>((resolve) => (end = resolve))),
    );
    act(map);
    const later = map.loadOrCompute("key", () => 3);
    end(1);
    expect(await Promise.all(asks)).toEqual([1, 1]);
    expect(await later).toBe((left as [number | undefined])[0] ?? 3);
    expect(map.load("key")[0]).toBe((left as [number | undefined])[0] ?? 3);
  });

  it("a compute that was parted from its key does not disturb the next one, however it ends", async () => {
    for (const act of ["end", "fail"]) {
      const map = new SyncMap<string, number>();
      let [first, second] = [(_: string) => {}, (_: string) => {}];
      const compute = (value: number, keep: (settle: (act: string) => void) => void) => () =>
        new Promise<number>((resolve, reject) =>
          keep((how) => (how === "end" ? resolve(value) : reject(new Error("failed")))),
        );
      const early = map.loadOrCompute(
        "key",
        compute(1, (settle) => (first = settle)),
      );
      map.delete("key");
      const later = map.loadOrCompute(
        "key",
        compute(2, (settle) => (second = settle)),
      );
      first(act);
      await early.catch(() => {});
      const shares = map.loadOrCompute("key", () => expect.unreachable());
      second("end");
      expect(await Promise.all([later, shares])).toEqual([2, 2]);
    }
  });

  it("a compute that asks for its own key rejects; one that asks for another does not", async () => {
    const map = new SyncMap<string, number>();
    const own = map.loadOrCompute("a", (key) => map.loadOrCompute(key, () => 1));
    await expect(own).rejects.toMatchObject({ code: "once-reentrant" });
    expect(await map.loadOrCompute("a", () => map.loadOrCompute("b", () => 2))).toBe(2);
    const { stdout } = await runText(`
      import { currentTask, go, SyncMap } from "@lockscope/sync";
      currentTask();
      const map = new SyncMap({ name: "cache" });
      const compute = async (key) => {
        await null;
        return map.loadOrCompute(key, () => 1);
      };
      await go(() => map.loadOrCompute("key", compute)).join().catch((e) => console.log(e.code, e.primitive));
    `);
    expect(stdout).toBe("once-reentrant cache\n");
  });

  it("one who gives up leaves the compute and the others alone; an aborted signal asks nothing", async () => {
    const map = new SyncMap<string, number>();
    let end!: (value: number) => void;
    const compute = () => new Promise<number>((resolve) => (end = resolve));
    const controller = new AbortController();
    const { signal } = controller;
    const [runs, leaves, stays] = [
      map.loadOrCompute("key", compute),
      map.loadOrCompute("key", compute, { signal }),
      map.loadOrCompute("key", compute),
    ];
    controller.abort(new Error("gave up"));
    await expect(leaves).rejects.toThrow("gave up");
    end(1);
    expect(await Promise.all([runs, stays])).toEqual([1, 1]);
    await expect(map.loadOrCompute("key", compute, { signal })).rejects.toThrow("gave up");
    await expect(map.loadOrCompute("new", () => expect.unreachable(), { signal })).rejects.toThrow("gave up");
  });

  it("cancel at every step: computed once, for all who stayed", async () => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const map = new SyncMap<string, number>();
      let runs = 0;
      const compute = async () => {
        runs++;
        for (let turn = 0; turn < 5; turn++) await null;
        return 1;
      };
      const first = map.loadOrCompute("key", compute);
      const aborted = map.loadOrCompute("key", compute, { signal }).catch((error: unknown) => {
        expect(error).toBe(reason);
        return 1;
      });
      const last = map.loadOrCompute("key", compute);
      expect(await Promise.all([first, aborted, last])).toEqual([1, 1, 1]);
      expect([runs, map.load("key")]).toEqual([1, [1, true]]);
    });
    expect(points).toBeGreaterThan(5);
  });

  it("against a model: each ask gets the compute that ran when it asked, whatever happens to the key", async () => {
    const step = fc.record({
      act: fc.constantFrom("ask", "ask", "ask", "end", "fail", "store", "delete", "abort"),
      who: fc.nat(),
    });
    await checkPrograms(step, () => {
      const map = new SyncMap<string, number>();
      const calls = new Calls<number>();
      const computes: { settle: (act: string) => void; asks: number[] }[] = [];
      /** The number of the compute that may still store; the value that is stored. */
      let current: number | undefined;
      let stored: number | undefined;
      const open = new Set<number>();
      const expected: unknown[] = [];
      return {
        async step({ act, who }) {
          if (act === "ask") {
            const call = calls.begin((options) =>
              map.loadOrCompute(
                "key",
                () => {
                  const number = computes.length;
                  return new Promise<number>((resolve, reject) => {
                    const settle = (how: string) =>
                      how === "end" ? resolve(number) : reject(new Error(`compute ${number}`));
                    computes.push({ settle, asks: [] });
                  });
                },
                // Whoever computes stays.
                current === undefined ? undefined : options,
              ),
            );
            if (stored !== undefined) expected[call] = stored;
            else {
              if (current === undefined) {
                current = computes.length - 1;
                open.add(current);
              }
              computes[current]!.asks.push(call);
            }
          } else if (act === "store" || act === "delete") {
            current = undefined;
            stored = act === "store" ? -who - 1 : undefined;
            if (act === "store") map.store("key", stored!);
            else map.delete("key");
          } else {
            const number = [...open][who % open.size];
            if (number === undefined) return;
            const { asks, settle } = computes[number]!;
            if (act === "abort") {
              const leaver = asks.splice(1, 1)[0];
              if (leaver === undefined) return;
              calls.abort(leaver);
              expected[leaver] = new Error(`call ${leaver} gave up`);
            } else {
              open.delete(number);
              for (const call of asks)
                expected[call] = act === "end" ? number : new Error(`compute ${number}`);
              if (current === number) {
                current = undefined;
                if (act === "end") stored = number;
              }
              settle(act);
            }
          }
          await settled();
          expect(calls.outcomes).toEqual(expected);
          expect(map.load("key")[0]).toBe(stored);
        },
      };
    });
  });

  it("computes once per key under every order in which tasks arrive and computes end", async () => {
    await underManyOrders(async (pause) => {
      const map = new SyncMap<string, string>();
      const runs: string[] = [];
      const ask = async (key: string) => {
        await pause("arrives");
        return map.loadOrCompute(key, async () => {
          runs.push(key);
          await pause("computes");
          return key.toUpperCase();
        });
      };
      expect(await Promise.all(["a", "b", "a", "b", "a"].map(ask))).toEqual(["A", "B", "A", "B", "A"]);
      expect(runs.sort()).toEqual(["a", "b"]);
    });
  });

  it("types: what comes out is what went in", () => {
    const map = new SyncMap<string, number>();
    expectTypeOf(map.load("key")).toEqualTypeOf<[value: number | undefined, ok: boolean]>();
    expectTypeOf(map.loadOrCompute("key", async () => 1)).resolves.toEqualTypeOf<number>();
    // @ts-expect-error a number, not its text
    map.store("key", "1");
  });
});
