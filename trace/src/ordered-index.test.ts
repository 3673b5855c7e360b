import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OrderedIndex } from "./ordered-index.js";

describe("OrderedIndex", () => {
  it("behaves as a list does, few or many", () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(9), fc.nat(60)), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 60 }), (list, preload) => {
        const index = new OrderedIndex<number, { key: number }>((value) => value.key);
        let model: { key: number }[] = [];
        const add = (key: number) => {
          const value = { key };
          index.add(value);
          model.push(value);
        };
        for (let key = 0; key < preload; key++) add(key % 7);
        for (const [adds, key, position] of list) {
          const victim = model[position % Math.max(1, model.length)];
          if (adds || victim === undefined) {
            add(key);
            expect(index.newest).toBe(model[model.length - 1]);
          } else {
            expect(index.delete(victim)).toBe(true);
            expect(index.delete(victim)).toBe(false);
            model = model.filter((value) => value !== victim);
          }
          expect([...index]).toEqual(model);
          expect(index.size).toBe(model.length);
          expect(index.oldest).toBe(model[0]);
          expect(index.find(key)).toBe(model.find((value) => value.key === key));
        }
      }),
    );
  });
});
