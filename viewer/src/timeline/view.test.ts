import { describe, expect, it, vi } from "vitest";
import { TimelineView } from "./view.js";

const whole = { start: 0, end: 1000 };

describe("TimelineView", () => {
  it("comes back as it was saved", () => {
    const view = new TimelineView();
    view.setMode("locks");
    view.setOrder("waited");
    view.cursor.set(12.5);
    view.selection.set(90, 30);
    view.window.zoom(0.1, 500, whole, true);
    const again = new TimelineView();
    again.restore(JSON.parse(JSON.stringify(view.save())));
    expect(again.mode).toBe("locks");
    expect(again.order).toBe("waited");
    expect(again.cursor.time).toBe(12.5);
    expect(again.selection.range).toEqual({ start: 30, end: 90 });
    expect(again.window.range(whole)).toEqual(view.window.range(whole));
  });

  it("is as new where what was saved is of no use", () => {
    const saved = { window: 3, mode: "sideways", order: 1, cursor: "12", selection: [1, null] };
    for (const state of [undefined, null, "x", saved, { selection: [4, 4] }, { selection: [1, 2, 3] }]) {
      const view = new TimelineView();
      view.restore(state);
      expect(view.save()).toEqual(new TimelineView().save());
    }
  });

  it("forgets instants, and keeps the mode, when another trace is shown", () => {
    const view = new TimelineView();
    view.setMode("tasks");
    view.cursor.set(3);
    view.selection.set(1, 2);
    view.reset();
    expect(view.cursor.time).toBeUndefined();
    expect(view.selection.range).toBeUndefined();
    expect(view.mode).toBe("tasks");
  });

  it("tells of changes, not of what stays the same, until one no longer listens", () => {
    const { selection, cursor } = new TimelineView();
    const listener = vi.fn();
    const stop = selection.onChange(listener);
    cursor.onChange(listener);
    selection.set(1, 2);
    selection.set(2, 1);
    cursor.set(undefined);
    expect(listener).toHaveBeenCalledTimes(1);
    selection.set(5, 5);
    expect(selection.range).toBeUndefined();
    stop();
    selection.set(1, 2);
    cursor.set(0);
    expect(listener).toHaveBeenCalledTimes(3);
  });
});
