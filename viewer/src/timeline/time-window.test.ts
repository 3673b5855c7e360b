import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimeWindow } from "./time-window.js";

const whole = { start: 100, end: 1100 };

describe("TimeWindow", () => {
  it("shows all of a growing trace until it is told otherwise", () => {
    const window = new TimeWindow();
    expect(window.range(whole)).toEqual(whole);
    expect(window.range({ start: 100, end: 2000 })).toEqual({ start: 100, end: 2000 });
  });

  it("zooms at the pointer", () => {
    const window = new TimeWindow();
    window.setFollow(false, whole);
    window.zoom(0.1, 300, whole, true);
    const { start, end } = window.range(whole);
    expect(end - start).toBeCloseTo(100);
    expect((300 - start) / (end - start)).toBeCloseTo(0.2);
  });

  it("zooms at the pointer in a trace that is over, though all of it was in view", () => {
    const window = new TimeWindow();
    window.zoom(0.1, 300, whole, false);
    expect(window.range(whole)).toEqual({ start: 280, end: 380 });
    expect(window.follow).toBe(false);
    window.zoom(0.5, 5000, whole, false);
    window.pan(5000, whole);
    window.zoom(0.5, 1100, whole, false);
    expect(window.range(whole).end).toBe(1100);
    expect(window.follow).toBe(true);
  });

  it("keeps the present at its right edge while it follows", () => {
    const window = new TimeWindow();
    window.zoom(0.1, 300, whole, true);
    expect(window.range(whole)).toEqual({ start: 1000, end: 1100 });
    expect(window.range({ start: 100, end: 1500 })).toEqual({ start: 1400, end: 1500 });
    window.setFollow(false, { start: 100, end: 1500 });
    expect(window.range({ start: 100, end: 9000 })).toEqual({ start: 1400, end: 1500 });
  });

  it("lets go of the present when moved back, and takes it up again when moved into it", () => {
    const window = new TimeWindow();
    window.zoom(0.1, 1100, whole, true);
    window.pan(-50, whole);
    expect(window.follow).toBe(false);
    expect(window.range(whole)).toEqual({ start: 950, end: 1050 });
    window.pan(200, whole);
    expect(window.follow).toBe(true);
    expect(window.range(whole)).toEqual({ start: 1000, end: 1100 });
  });

  it("shows all again when zoomed out as far as it goes", () => {
    const window = new TimeWindow();
    window.zoom(0.5, 600, whole, true);
    window.zoom(100, 600, whole, true);
    expect(window.fit).toBe(true);
    expect(window.range(whole)).toEqual(whole);
  });

  it("goes to a span that is out of sight", () => {
    const window = new TimeWindow();
    window.zoom(0.01, 1100, whole, true);
    window.reveal({ start: 200, end: 204 }, whole);
    const { start, end } = window.range(whole);
    expect(start).toBeLessThan(200);
    expect(end).toBeGreaterThan(204);
  });

  it("shows a range with a little room beside it", () => {
    const window = new TimeWindow();
    window.show({ start: 400, end: 500 }, whole);
    expect(window.range(whole)).toEqual({ start: 395, end: 505 });
    expect(window.follow).toBe(false);
    window.show(whole, whole);
    expect(window.range(whole)).toEqual(whole);
  });

  it("follows the present once it is moved to it", () => {
    const window = new TimeWindow();
    window.show({ start: 400, end: 500 }, whole);
    window.moveTo(300, whole);
    expect(window.range(whole)).toEqual({ start: 300, end: 410 });
    expect(window.follow).toBe(false);
    window.moveTo(5000, whole);
    expect(window.range({ start: 100, end: 1200 })).toEqual({ start: 1090, end: 1200 });
  });

  it("stays within the trace whatever is done to it", () => {
    const action = fc.tuple(
      fc.constantFrom("zoom", "pan", "follow", "start"),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const window = new TimeWindow();
        for (const [name, value] of actions) {
          if (name === "zoom") window.zoom(0.1 + value * 3, 100 + value * 1000, whole, true);
          else if (name === "pan") window.pan((value - 0.5) * 3000, whole);
          else if (name === "follow") window.setFollow(value > 0.5, whole);
          else window.toStart(whole);
          const { start, end } = window.range(whole);
          expect(start).toBeGreaterThanOrEqual(whole.start - 1e-6);
          expect(end).toBeLessThanOrEqual(whole.end + 1e-6);
          expect(end).toBeGreaterThan(start);
        }
      }),
    );
  });

  it("comes back as it was saved, whatever an older page saved", () => {
    const window = new TimeWindow();
    window.zoom(0.1, 1100, whole, true);
    window.pan(-300, whole);
    const again = new TimeWindow();
    again.restore(JSON.parse(JSON.stringify(window.save())));
    expect(again.range(whole)).toEqual(window.range(whole));
    again.restore({ start: Number.NaN, span: -3 });
    expect(again.range(whole)).toEqual(whole);
  });
});
