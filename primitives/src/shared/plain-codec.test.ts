import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "./plain-codec.js";

const copy = <T>(value: T): T => decode(encode(value)) as T;

describe("values as bytes, without node:v8", () => {
  it("whatever fast-check makes of plain values comes back as it was", () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
    });
    fc.assert(
      fc.property(anything, (value) => {
        expect(copy(value)).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });

  it("numbers to the bit, text to the code unit", () => {
    for (const n of [0, -0, 1, -1, 2 ** 31, -(2 ** 31), 0.1, Number.NaN, Infinity, -Infinity, 5e-324]) {
      expect(Object.is(copy(n), n), String(n)).toBe(true);
    }
    for (const text of ["", "é漢😀", "\ud800 alone", "\0"]) expect(copy(text)).toBe(text);
    expect(copy(-(2n ** 200n))).toBe(-(2n ** 200n));
  });

  it("what is referred to twice is one object still, cycles included", () => {
    const node: Record<string, unknown> = { list: [] };
    node.self = node;
    (node.list as unknown[]).push(node, node.list, new Map([["node", node]]));
    const clone = copy(node);
    expect(clone.self).toBe(clone);
    const list = clone.list as unknown[];
    expect([list[0], list[1]]).toEqual([clone, list]);
    expect((list[2] as Map<string, unknown>).get("node")).toBe(clone);
  });

  it("buffers and views of part of one, errors with their cause, holes, and a key that is __proto__", () => {
    const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
    expect(copy(new Int16Array(buffer, 2, 2))).toEqual(new Int16Array([1027, 1541]));
    expect(new Uint8Array(copy(buffer))).toEqual(new Uint8Array(buffer));
    const error = copy(new RangeError("too far", { cause: new Error("why") }));
    expect(error).toBeInstanceOf(RangeError);
    expect([error.message, (error.cause as Error).message]).toEqual(["too far", "why"]);
    // biome-ignore lint/suspicious/noSparseArray: holes are what is tested
    expect(1 in copy([0, , 2])).toBe(false);
    const odd = copy(JSON.parse('{"__proto__": 1}'));
    expect(Object.keys(odd)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(odd)).toBe(Object.prototype);
  });

  it("refuses what a structured clone refuses", () => {
    for (const value of [() => {}, Symbol("s"), new WeakMap(), Promise.resolve(), { deep: [() => {}] }]) {
      expect(() => encode(value)).toThrow(expect.objectContaining({ name: "DataCloneError" }));
    }
  });
});
