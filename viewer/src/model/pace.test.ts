import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pace } from "./pace.js";

describe("a pace", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("lets what costs much be done seldom, and what costs nothing at any time", () => {
    const pace = new Pace();
    expect(pace.isDue).toBe(true);
    expect(pace.run(() => vi.advanceTimersByTime(100) && 7)).toBe(7);
    vi.advanceTimersByTime(399);
    expect(pace.isDue).toBe(false);
    vi.advanceTimersByTime(1);
    expect(pace.isDue).toBe(true);
    pace.run(() => undefined);
    expect(pace.isDue).toBe(true);
  });
});
