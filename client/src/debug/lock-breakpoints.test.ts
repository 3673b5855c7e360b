import { describe, expect, it } from "vitest";
import { idOf, LockBreakpoints, type Memory } from "./lock-breakpoints.js";

function memory(saved?: unknown): Memory & { value: unknown } {
  return {
    value: saved,
    get() {
      return this.value;
    },
    async update(_key, value) {
      this.value = value;
    },
  };
}

const waited = { lock: "accounts", waitedMs: 50, enabled: true };
const nested = { lock: "bank.ts:12", whileHolding: "rates", enabled: true };

describe("lock breakpoints", () => {
  it("are kept, told as a program takes them, and one replaces another of its kind", () => {
    const kept = memory();
    const breakpoints = new LockBreakpoints(kept);
    let changes = 0;
    breakpoints.on("change", () => changes++);
    breakpoints.add(waited);
    breakpoints.add(nested);
    breakpoints.add({ ...waited, waitedMs: 100 });
    expect(breakpoints.conditions()).toEqual([
      { lock: "bank.ts:12", whileHolding: "rates" },
      { lock: "accounts", waitedMs: 100 },
    ]);
    expect(changes).toBe(3);
    expect(new LockBreakpoints(kept).all).toEqual(breakpoints.all);
  });

  it("that are switched off stay, but no program hears of them", () => {
    const breakpoints = new LockBreakpoints(memory([waited, nested]));
    breakpoints.enable(idOf(waited), false);
    expect(breakpoints.all).toHaveLength(2);
    expect(breakpoints.conditions()).toEqual([{ lock: "bank.ts:12", whileHolding: "rates" }]);
    breakpoints.remove(idOf(nested));
    expect(breakpoints.conditions()).toEqual([]);
    breakpoints.clear();
    expect(breakpoints.all).toEqual([]);
  });

  it("that are no such thing are not taken from what was saved", () => {
    const breakpoints = new LockBreakpoints(
      memory([waited, null, 7, { lock: "x", enabled: true }, { lock: 1 }]),
    );
    expect(breakpoints.all).toEqual([waited]);
    expect(new LockBreakpoints(memory("nonsense")).all).toEqual([]);
  });
});
