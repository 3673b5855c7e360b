import { describe, expect, it } from "vitest";
import { LiveState } from "./live-state.js";
import { Mode } from "./schema.js";

/** A hundred thousand tasks that come and go, of which every ten-thousandth keeps a lock. */
function play(live: LiveState): void {
  for (let id = 1; id <= 100_000; id++) {
    const task = live.task(id, id);
    live.startTask(id, task);
    if (id % 10_000 === 0) live.acquire(id, task, live.lock(1 + id / 10_000), Mode.exclusive, 0, 1);
    live.endTask(id, task, false);
  }
}

describe("a live state that does not keep what is over", () => {
  it("forgets tasks that have ended, but for those that hold something", () => {
    const live = new LiveState({ history: false, past: false });
    play(live);
    expect(live.tasks.length).toBeLessThan(40_000);
    expect(live.liveTasks).toBe(0);
    expect(live.findTask(2)).toBeUndefined();
    expect(live.findTask(10_000)?.holds.size).toBe(1);
    expect(live.findTask(100_000)?.phase).toBe("done");
    expect(new Set(live.tasks).size).toBe(live.tasks.length);
  });

  it("is asked for: else all are kept", () => {
    const live = new LiveState({ history: false });
    play(live);
    expect(live.tasks).toHaveLength(100_000);
  });
});
