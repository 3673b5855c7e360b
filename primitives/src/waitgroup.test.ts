import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cancelAtEveryTurn, underManyOrders } from "../testing/programs.js";
import { expectParked, settled, stateOf } from "../testing/turn.js";
import { go, SyncError, WaitGroup } from "./index.js";

describe("WaitGroup", () => {
  it("TestWaitGroup: two groups of sixteen, eight times over; nobody is released too soon", async () => {
    const n = 16;
    const [started, released] = [new WaitGroup(), new WaitGroup()];
    for (let round = 0; round < 8; round++) {
      started.add(n);
      released.add(n);
      let exited = 0;
      const tasks = Array.from({ length: n }, () =>
        go(async () => {
          started.done();
          await released.wait();
          exited++;
        }),
      );
      await started.wait();
      for (let i = 0; i < n; i++) {
        await settled();
        expect(exited, "released the group too soon").toBe(0);
        released.done();
      }
      await Promise.all(tasks.map((task) => task.join()));
      expect(exited).toBe(n);
    }
  });

  it("TestWaitGroupMisuse: more done than add", () => {
    const wg = new WaitGroup({ name: "workers" });
    wg.add(1);
    wg.done();
    expect(() => wg.done()).toThrow(
      expect.objectContaining({
        message: "sync: negative WaitGroup counter",
        code: "waitgroup-negative",
        primitive: "workers",
      }),
    );
    expect(wg.count).toBe(0);
  });

  it("TestWaitGroupRace: wait never returns before the last done", async () => {
    for (let i = 0; i < 1000; i++) {
      const wg = new WaitGroup();
      let n = 0;
      wg.add(1);
      go(() => {
        n++;
        wg.done();
      });
      wg.add(1);
      go(() => {
        n++;
        wg.done();
      });
      await wg.wait();
      expect(n).toBe(2);
    }
  });

  it("wait on zero returns at once, whether anything was ever added or not", async () => {
    const wg = new WaitGroup();
    await wg.wait();
    wg.add(2);
    wg.add(-2);
    await wg.wait();
    expect(wg.count).toBe(0);
  });

  it("releases all who wait", async () => {
    const wg = new WaitGroup();
    wg.add(1);
    const waits = [wg.wait(), wg.wait(), wg.wait()];
    await expectParked(waits[2]!);
    wg.done();
    await Promise.all(waits);
  });

  it("takes whole numbers only", () => {
    const wg = new WaitGroup();
    for (const delta of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => wg.add(delta)).toThrow(RangeError);
    }
    expect(wg.count).toBe(0);
  });
});

describe("WaitGroup reuse", () => {
  it("is legal for one who has returned from wait, even as the very next thing", async () => {
    const wg = new WaitGroup();
    wg.add(1);
    go(() => wg.done());
    await wg.wait();
    wg.add(1);
    expect(wg.count).toBe(1);
  });

  it("fails while some who waited have yet to go on: the last done followed by add", async () => {
    const wg = new WaitGroup();
    wg.add(1);
    const wait = wg.wait();
    wg.done();
    expect(() => wg.add(1)).toThrow(
      expect.objectContaining({
        message: "sync: WaitGroup is reused before previous Wait has returned",
        code: "waitgroup-reuse",
      }),
    );
    expect(wg.count).toBe(0);
    await wait;
    wg.add(1);
  });

  it("fails in the first of two who return from wait, not in the last", async () => {
    const wg = new WaitGroup();
    wg.add(1);
    const outcome: string[] = [];
    const waitAndReuse = async () => {
      await wg.wait();
      try {
        wg.add(1);
        outcome.push("added");
      } catch (error) {
        outcome.push((error as SyncError).code);
      }
    };
    const both = Promise.all([waitAndReuse(), waitAndReuse()]);
    wg.done();
    await both;
    expect(outcome).toEqual(["waitgroup-reuse", "added"]);
  });

  it("a wait that was given up does not count", async () => {
    const wg = new WaitGroup();
    wg.add(1);
    const controller = new AbortController();
    const gone = wg.wait({ signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(gone).rejects.toThrow("gone");
    wg.done();
    wg.add(1);
    expect(wg.count).toBe(1);
  });
});

describe("WaitGroup.go", () => {
  it("counts the task from the call on until it has ended", async () => {
    const wg = new WaitGroup();
    let ran = 0;
    for (let i = 0; i < 3; i++) {
      wg.go(async () => {
        await settled();
        ran++;
      });
    }
    expect(wg.count).toBe(3);
    await wg.wait();
    expect([ran, wg.count]).toEqual([3, 0]);
  });

  it("counts down for a task that throws too", async () => {
    const wg = new WaitGroup();
    const task = wg.go(() => {
      throw new Error("inside");
    });
    const end = expect(task.join()).rejects.toThrow("inside");
    await wg.wait();
    await end;
    expect(task.state).toBe("panicked");
  });

  it("names the task after the function", () => {
    const wg = new WaitGroup();
    expect(wg.go(function worker() {}).name).toBe("worker");
    expect(wg.go(() => {}).name).toMatch(/^task#\d+$/);
  });
});

describe("WaitGroup cancellation", () => {
  it("an aborted signal rejects even at zero", async () => {
    await expect(new WaitGroup().wait({ signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
  });

  it("the others still return at zero", async () => {
    const wg = new WaitGroup();
    wg.add(1);
    const controller = new AbortController();
    const [stays, goes] = [wg.wait(), wg.wait({ signal: controller.signal })];
    controller.abort(new Error("gone"));
    await expect(goes).rejects.toThrow("gone");
    expect(await stateOf(stays)).toBe("pending");
    wg.done();
    await stays;
  });
});

describe("WaitGroup, cancel at every step", () => {
  it("a wait that is given up anywhere leaves the counter, the others, and the next round alone", async () => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const wg = new WaitGroup();
      let left = 2;
      for (let i = 0; i < 2; i++) {
        wg.go(async () => {
          await null;
          await null;
          left--;
        });
      }
      const wait = (options?: { signal: AbortSignal }) => wg.wait(options).then(() => expect(left).toBe(0));
      await Promise.all([
        wait(),
        wait({ signal }).catch((error: unknown) => expect(error).toBe(reason)),
        wait(),
      ]);
      expect(wg.count).toBe(0);
      wg.add(1);
      wg.done();
      await wg.wait();
    });
    expect(points).toBeGreaterThan(5);
  });

  it("wait returns after the last of its tasks under every order in which they end", async () => {
    await underManyOrders(async (pause) => {
      const wg = new WaitGroup();
      let ended = 0;
      for (let i = 0; i < 4; i++) {
        wg.go(async () => {
          await pause();
          if (i === 0) wg.go(() => pause().then(() => ended++));
          ended++;
        });
      }
      await Promise.all([wg.wait(), pause().then(() => wg.wait())]);
      expect([ended, wg.count]).toEqual([5, 0]);
    });
  });
});

describe("WaitGroup against a model", () => {
  it("is a counter with a line that empties at zero", async () => {
    const step = fc.oneof(
      fc.integer({ min: -3, max: 3 }).map((delta) => ({ act: "add" as const, delta })),
      fc.constant({ act: "wait" as const, delta: 0 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
        const wg = new WaitGroup();
        let count = 0;
        let line: { released: boolean }[] = [];
        for (const { act, delta } of steps) {
          if (act === "wait") {
            const wait = { released: false };
            line.push(wait);
            wg.wait().then(() => {
              wait.released = true;
            });
          } else if (count + delta < 0) {
            expect(() => wg.add(delta)).toThrow(SyncError);
          } else {
            count += delta;
            wg.add(delta);
          }
          await settled();
          expect(wg.count).toBe(count);
          expect(line.map((wait) => wait.released)).toEqual(line.map(() => count === 0));
          if (count === 0) line = [];
        }
      }),
    );
  });
});
