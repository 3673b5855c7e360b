import { describe, expect, it } from "vitest";
import { expectParked } from "../../testing/turn.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import { after, Channel, onReceive, select, Timer, tick } from "../channel.js";

describe("after", () => {
  it("sends the time once, when it has come", () =>
    withVirtualTime(async (clock) => {
      const c = after(10);
      await clock.advance(9);
      expect(c.tryReceive()).toBeUndefined();
      await clock.advance(1);
      expect(c.tryReceive()).toEqual([expect.any(Date), true]);
      await clock.advance(100);
      expect(c.tryReceive()).toBeUndefined();
    }));

  it("keeps the process alive only while somebody waits for it", () =>
    withVirtualTime(async (clock) => {
      const timeout = after(1000);
      expect([clock.pending, clock.holding]).toEqual([1, 0]);
      const work = new Channel<string>();
      const first = select(
        onReceive(work, (value) => value),
        onReceive(timeout, () => "timed out"),
      );
      expect(clock.holding).toBe(1);
      await work.send("done");
      expect(await first).toBe("done");
      expect(clock.holding, "the time-out that lost").toBe(0);
      const second = timeout.receive();
      expect(clock.holding).toBe(1);
      await clock.advance(1000);
      expect(await second).toBeInstanceOf(Date);
    }));
});

describe("Timer", () => {
  it("stop says whether it was pending; stopped, it never fires", () =>
    withVirtualTime(async (clock) => {
      const timer = new Timer(10);
      const waiting = timer.c.receive();
      expect([timer.stop(), timer.stop()]).toEqual([true, false]);
      await clock.advance(20);
      await expectParked(waiting);
    }));

  it("once its time was fetched it is not pending", () =>
    withVirtualTime(async (clock) => {
      const timer = new Timer(10);
      await clock.advance(10);
      await timer.c.receive();
      expect(timer.stop()).toBe(false);
    }));

  it("a time that came but was not fetched is pending, and gone after stop (Go 1.23)", () =>
    withVirtualTime(async (clock) => {
      const timer = new Timer(10);
      await clock.advance(10);
      expect(timer.stop()).toBe(true);
      expect(timer.c.tryReceive()).toBeUndefined();
    }));

  it("reset starts anew, and serves who waits already", () =>
    withVirtualTime(async (clock) => {
      const timer = new Timer(10);
      const waiting = timer.c.receive();
      await clock.advance(5);
      expect(timer.reset(10)).toBe(true);
      expect(clock.holding, "still waited for").toBe(1);
      await clock.advance(9);
      await expectParked(waiting);
      await clock.advance(1);
      expect(await waiting).toBeInstanceOf(Date);
      expect(timer.reset(1)).toBe(false);
      await clock.advance(1);
      expect(timer.c.length).toBe(1);
    }));

  it("using stops it", () =>
    withVirtualTime(async (clock) => {
      {
        using _timer = new Timer(10);
        expect(clock.pending).toBe(1);
      }
      expect(clock.pending).toBe(0);
    }));
});

describe("tick", () => {
  it("comes every so often until it is disposed; a slow receiver misses some", () =>
    withVirtualTime(async (clock) => {
      const ticks = tick(10);
      let count = 0;
      for (let i = 0; i < 3; i++) {
        await clock.advance(10);
        if (ticks.tryReceive() !== undefined) count++;
      }
      expect(count).toBe(3);
      await clock.advance(35);
      expect(ticks.length, "three came, one is kept").toBe(1);
      ticks[Symbol.dispose]();
      expect(ticks.length).toBe(0);
      await clock.advance(100);
      expect([ticks.length, clock.pending]).toEqual([0, 0]);
    }));

  it("keeps to the beat", () =>
    withVirtualTime(async (clock) => {
      using ticks = tick(10);
      const times: number[] = [];
      const loop = (async () => {
        for await (const _ of ticks) if (times.push(clock.now()) === 3) break;
      })();
      expect(clock.holding).toBe(1);
      await clock.advance(30);
      await loop;
      expect(times).toEqual([10, 20, 30]);
    }));

  it.each([0, -1, Number.NaN])("refuses an interval of %d", (ms) => {
    expect(() => tick(ms)).toThrow(RangeError);
  });
});
