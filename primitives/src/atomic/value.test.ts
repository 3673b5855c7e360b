import { describe, expect, it } from "vitest";
import { go, gosched } from "../index.js";
import { Value } from "./value.js";

const throwing = (message: string, code: string) =>
  expect.objectContaining({ name: "SyncError", message, code });

describe("Value", () => {
  it("TestValue: undefined at first, then what was stored last", () => {
    const v = new Value<number>();
    expect(v.load()).toBeUndefined();
    v.store(42);
    expect(v.load()).toBe(42);
    v.store(84);
    expect(v.load()).toBe(84);
  });

  it("TestValueLarge: of any size, by reference", () => {
    const large = { name: "x".repeat(10_000), list: [1, 2, 3] };
    expect(new Value(large).load()).toBe(large);
  });

  it("TestValuePanic: nil and another type", () => {
    const v = new Value<unknown>();
    const nil = throwing("sync/atomic: store of nil value into Value", "nil-value");
    const mixed = throwing(
      "sync/atomic: store of inconsistently typed value into Value",
      "inconsistent-type",
    );
    expect(() => v.store(undefined)).toThrow(nil);
    v.store(42);
    expect(() => v.store("foo")).toThrow(mixed);
    expect(() => v.store(null)).toThrow(nil);
    expect(v.load()).toBe(42);
  });

  it("objects are of one type when they inherit from the same prototype", () => {
    const v = new Value<object>({ a: 1 });
    v.store({ b: 2 });
    expect(() => v.store(new Map())).toThrow("inconsistently typed");
    expect(() => v.store(() => {})).toThrow("inconsistently typed");
  });

  it("TestValue_Swap", () => {
    const v = new Value<unknown>();
    expect(v.swap(1)).toBeUndefined();
    expect(v.swap(2)).toBe(1);
    expect(() => v.swap(undefined)).toThrow(
      throwing("sync/atomic: swap of nil value into Value", "nil-value"),
    );
    expect(() => v.swap("two")).toThrow(
      throwing("sync/atomic: swap of inconsistently typed value into Value", "inconsistent-type"),
    );
    expect(v.load()).toBe(2);
  });

  it("TestValue_CompareAndSwap", () => {
    const v = new Value<unknown>();
    const act = "sync/atomic: compare and swap of";
    expect(() => v.compareAndSwap(undefined, undefined)).toThrow(
      throwing(`${act} nil value into Value`, "nil-value"),
    );
    expect(() => v.compareAndSwap(1, "x")).toThrow(
      throwing(`${act} inconsistently typed values`, "inconsistent-type"),
    );
    expect(v.compareAndSwap(1, 2), "nothing is stored yet").toBe(false);
    expect(v.compareAndSwap(undefined, 1)).toBe(true);
    expect(v.compareAndSwap(undefined, 2)).toBe(false);
    expect(v.compareAndSwap(2, 3)).toBe(false);
    expect(v.compareAndSwap(1, 3)).toBe(true);
    expect(() => v.compareAndSwap(undefined, "x")).toThrow(
      throwing(`${act} inconsistently typed value into Value`, "inconsistent-type"),
    );
    expect(v.load()).toBe(3);
  });

  it("TestValueConcurrent, TestValueSwapConcurrent: no swapped value is lost or seen twice", async () => {
    const v = new Value<number>();
    const got: (number | undefined)[] = [];
    const tasks = Array.from({ length: 10 }, (_, task) =>
      go(async () => {
        for (let i = 0; i < 100; i++) {
          got.push(v.swap(task * 100 + i));
          if (i % 10 === task) await gosched();
        }
      }).join(),
    );
    await Promise.all(tasks);
    got.push(v.load());
    expect(new Set(got).size).toBe(1001);
    expect(got).toHaveLength(1001);
  });

  it("TestValueCompareAndSwapConcurrent: each step is made once", async () => {
    const v = new Value(0);
    const tasks = Array.from({ length: 10 }, (_, task) =>
      go(async () => {
        for (let i = task; i < 1000; i += 10) while (!v.compareAndSwap(i, i + 1)) await gosched();
      }).join(),
    );
    await Promise.all(tasks);
    expect(v.load()).toBe(1000);
  });

  it("lives in one thread", () => {
    expect(() => structuredClone(new Value(1))).toThrow(/is copied/);
  });
});
