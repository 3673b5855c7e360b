import { describe, expect, it } from "vitest";
import { cancelAtEveryTurn, underManyOrders } from "../../testing/programs.js";
import { settled, stateOf } from "../../testing/turn.js";
import { Channel } from "../channel.js";
import { SingleFlight } from "../group.js";
import { go } from "../index.js";

describe("SingleFlight", () => {
  // Go: singleflight/singleflight_test.go TestDo
  it("TestDo: one who asks alone gets his value", async () => {
    const group = new SingleFlight<string>();
    expect(await group.do("key", () => "bar")).toEqual({ value: "bar", shared: false });
    expect(await group.do("key", async () => "again")).toEqual({ value: "again", shared: false });
  });

  // Go: singleflight/singleflight_test.go TestDoErr
  it("TestDoErr, TestPanicErrorUnwrap: and what it threw, the very same", async () => {
    const group = new SingleFlight<string>();
    const error = new Error("some error");
    const failing = () => {
      throw error;
    };
    await expect(group.do("key", failing)).rejects.toBe(error);
    await expect(group.do("key", () => Promise.reject(undefined))).rejects.toBeUndefined();
    expect((await group.do("key", () => "ok")).value, "a failure is not kept").toBe("ok");
  });

  // Go: singleflight/singleflight_test.go TestDoDupSuppress
  it("TestDoDupSuppress: many who ask at once get the result of one call", async () => {
    const group = new SingleFlight<string>();
    const value = new Channel<string>();
    let calls = 0;
    const fn = async () => {
      calls++;
      return (await value.receive())!;
    };
    const tasks = Array.from({ length: 10 }, () => go(() => group.do("key", fn)));
    await settled();
    await value.send("bar");
    for (const task of tasks) expect(await task.join()).toEqual({ value: "bar", shared: true });
    expect(calls).toBe(1);
  });

  // Go: singleflight/singleflight_test.go TestForget
  it("TestForget: who asks afterwards begins a new call; the old one does not end it", async () => {
    const group = new SingleFlight<number>();
    const [first, second] = [new Channel<number>(), new Channel<number>()];
    const one = group.do("key", async () => (await first.receive())!);
    group.forget("key");
    const two = group.do("key", async () => (await second.receive())!);
    await first.send(1);
    expect(await one).toEqual({ value: 1, shared: false });
    const three = group.do("key", () => expect.unreachable());
    await second.send(2);
    expect([await two, await three]).toEqual([
      { value: 2, shared: true },
      { value: 2, shared: true },
    ]);
  });

  // Go: singleflight/singleflight_test.go TestDoChan
  it("TestDoChan: the result comes through a channel", async () => {
    const group = new SingleFlight<string>();
    const channel = group.doChan("key", () => "bar");
    expect(await channel.receive()).toEqual({ value: "bar", shared: false });
    const error = new Error("some error");
    const failed = group.doChan("key", () => {
      throw error;
    });
    expect(await failed.receive()).toEqual({ error, shared: false });
  });

  it("those who want a channel and those who wait share a call", async () => {
    const group = new SingleFlight<string>();
    const value = new Channel<string>();
    const begun = group.doChan("key", async () => (await value.receive())!);
    const waiting = group.do("key", () => expect.unreachable());
    const joined = group.doChan("key", () => expect.unreachable());
    await value.send("bar");
    const result = { value: "bar", shared: true };
    expect([await begun.receive(), await waiting, await joined.receive()]).toEqual([result, result, result]);
  });

  // Go: singleflight/singleflight_test.go TestPanicDo
  it("TestPanicDo: what the call throws reaches all five, and nobody is left behind", async () => {
    const group = new SingleFlight<string>();
    const go1 = new Channel<void>();
    const thrown = new Error("invalid memory address");
    const fn = async () => {
      await go1.receive();
      throw thrown;
    };
    const waits = Array.from({ length: 5 }, () => group.do("key", fn));
    const ends = Promise.all(waits.map((wait) => expect(wait).rejects.toBe(thrown)));
    await go1.send();
    await ends;
  });

  it("keys do not share, and a function may ask for another key", async () => {
    const group = new SingleFlight<string>();
    const outer = group.do("a", async () => (await group.do("b", () => "inner")).value);
    expect(await outer).toEqual({ value: "inner", shared: false });
  });

  it("who gives up leaves the call to the others, also if he began it", async () => {
    const group = new SingleFlight<string>();
    const value = new Channel<string>();
    const controllers = [new AbortController(), new AbortController()];
    const fn = async () => (await value.receive())!;
    const [first, second] = controllers.map(({ signal }) => group.do("key", fn, { signal }));
    const third = group.do("key", fn);
    controllers[1]!.abort(new Error("second gone"));
    await expect(second).rejects.toThrow("second gone");
    controllers[0]!.abort(new Error("first gone"));
    await expect(first).rejects.toThrow("first gone");
    expect(await stateOf(third)).toBe("pending");
    await value.send("bar");
    expect(await third).toEqual({ value: "bar", shared: true });
    const no = { signal: AbortSignal.abort(new Error("no")) };
    await expect(group.do("key", () => expect.unreachable(), no)).rejects.toThrow("no");
  });

  it("a call whose every waiter has gone fails in silence: who gave up does not want to know", async () => {
    const group = new SingleFlight<string>();
    const end = new Channel<void>();
    const controller = new AbortController();
    const fn = async () => {
      await end.receive();
      throw new Error("too late");
    };
    const wait = group.do("key", fn, { signal: controller.signal });
    controller.abort(new Error("gone"));
    await expect(wait).rejects.toThrow("gone");
    await end.send();
    await settled();
    expect((await group.do("key", () => "new")).value).toBe("new");
  });

  it("one call at a time for a key, whatever the order in which tasks go on", () =>
    underManyOrders(async (pause) => {
      const group = new SingleFlight<number>();
      let running = 0;
      let calls = 0;
      const ask = async (n: number) => {
        await pause(`asks ${n}`);
        const { value } = await group.do("key", async () => {
          expect(++running).toBe(1);
          const mine = ++calls;
          await pause("computes");
          running--;
          return mine;
        });
        expect(value).toBeLessThanOrEqual(calls);
      };
      await Promise.all([1, 2, 3, 4].map(ask));
      expect(calls).toBeGreaterThan(0);
    }));

  it("cancel at every turn: the others get their result", async () => {
    const turns = await cancelAtEveryTurn(async (signal, reason) => {
      const group = new SingleFlight<string>();
      const fn = async () => {
        await null;
        return "value";
      };
      const [first, second, third] = [
        group.do("key", fn, { signal }).catch((error: unknown) => expect(error).toBe(reason)),
        group.do("key", fn),
        group.do("key", fn, { signal }).catch((error: unknown) => expect(error).toBe(reason)),
      ];
      expect((await second).value).toBe("value");
      await Promise.all([first, third]);
    });
    expect(turns).toBeGreaterThan(2);
  });
});
