import { go, sleep } from "@lockscope/sync";
import { after, Channel } from "@lockscope/sync/channel";
import { background, type Context } from "@lockscope/sync/context";
import { all, race, SchedGroup, settle, waterfall } from "@lockscope/sync/orchestrate";
import { map } from "@lockscope/sync/patterns";
import { describe, expect, it } from "vitest";
import { settled } from "../../primitives/testing/turn.js";
import { withVirtualTime } from "../../primitives/testing/virtual-clock.js";

describe("Timer", () => {
  it("A `receive` on `after(ms)` returns when that time has passed, and not before.", () =>
    withVirtualTime(async (clock) => {
      let received = false;
      const waiting = after(10)
        .receive()
        .then(() => {
          received = true;
        });
      await clock.advance(9);
      expect(received).toBe(false);
      await clock.advance(1);
      await waiting;
    }));

  it("Of two `sleep`s the one that ends earlier returns first.", () =>
    withVirtualTime(async (clock) => {
      const log: string[] = [];
      const long = sleep(20).then(() => log.push("long"));
      const short = sleep(10).then(() => log.push("short"));
      await clock.advance(20);
      await Promise.all([long, short]);
      expect(log).toEqual(["short", "long"]);
    }));
});

describe("orchestrate", () => {
  it.each([
    ["all", all],
    ["settle", settle],
  ] as const)(
    "The end of each piece of work happens before `all` and `settle` return. (%s)",
    async (_, gather) => {
      const log: string[] = [];
      const work = (name: string, turns: number) => async () => {
        for (let turn = 0; turn < turns; turn++) await null;
        log.push(name);
      };
      await gather(background(), work("slow", 9), work("quick", 1));
      log.push("returned");
      expect(log).toEqual(["quick", "slow", "returned"]);
    },
  );

  it("The first success of a `race` happens before the contexts of the others end, and that before it returns.", async () => {
    const log: string[] = [];
    const loser = (ctx: Context) => {
      ctx.signal.addEventListener("abort", () => log.push("ended"));
      return ctx.done.receive();
    };
    const winner = async () => {
      await null;
      log.push("success");
    };
    await race<unknown>(background(), loser, winner);
    log.push("returned");
    expect(log).toEqual(["success", "ended", "returned"]);
  });

  it("A step of a `waterfall` begins after the end of the one before.", async () => {
    const log: string[] = [];
    const step = (name: string) => async () => {
      log.push(`${name} begins`);
      await null;
      log.push(`${name} ends`);
    };
    await waterfall(background(), step("first"), step("second"));
    expect(log).toEqual(["first begins", "first ends", "second begins", "second ends"]);
  });
});

describe("SchedGroup", () => {
  it("Work begins in the order of its times, at the same time in that of the calls.", () =>
    withVirtualTime(async (clock) => {
      const log: string[] = [];
      const group = new SchedGroup(background());
      group.delay(20, () => log.push("late"));
      group.delay(10, () => log.push("first"));
      group.delay(10, () => log.push("second"));
      const waiting = group.wait();
      await clock.advance(20);
      await waiting;
      expect(log).toEqual(["first", "second", "late"]);
    }));

  it("The end of all that was scheduled happens before `wait` returns.", () =>
    withVirtualTime(async (clock) => {
      const log: string[] = [];
      const group = new SchedGroup(background());
      group.delay(10, async () => {
        await sleep(10);
        log.push("ends");
      });
      const waiting = group.wait().then(() => log.push("waited"));
      await clock.advance(20);
      await waiting;
      expect(log).toEqual(["ends", "waited"]);
    }));
});

describe("patterns", () => {
  it("Values leave a stage in the order in which they came.", async () => {
    const ch = new Channel<number>(3);
    for (const n of [3, 1, 2]) await ch.send(n);
    ch.close();
    const turns = async (n: number) => {
      for (let turn = 0; turn < n; turn++) await null;
      return n;
    };
    const out: number[] = [];
    for await (const n of map(background(), ch, turns)) out.push(n);
    expect(out).toEqual([3, 1, 2]);
  });

  it("A stage takes a value only after its last one has been received.", async () => {
    const ch = new Channel<number>();
    const out = map(background(), ch, (n) => n);
    const log: string[] = [];
    const sender = go(async () => {
      for (const n of [1, 2]) {
        await ch.send(n);
        log.push(`took ${n}`);
      }
    });
    await settled();
    expect(log).toEqual(["took 1"]);
    expect(await out.receive()).toBe(1);
    await sender.join();
    expect(log).toEqual(["took 1", "took 2"]);
    expect(await out.receive()).toBe(2);
  });

  it("The end of the input happens before the end of the output.", async () => {
    const log: string[] = [];
    const ch = new Channel<number>();
    const ended = map(background(), ch, (n) => n)
      .receive()
      .then(() => log.push("output"));
    await settled();
    log.push("input");
    ch.close();
    await ended;
    expect(log).toEqual(["input", "output"]);
  });
});
