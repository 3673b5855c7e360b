import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { inThread, startThread, startThreads } from "../../testing/threads.js";
import { expectParked, settled } from "../../testing/turn.js";
import { gosched } from "../index.js";
import { SharedChannel } from "../shared.js";

describe("SharedChannel", () => {
  it("carries copies of values, in order, and is closed like any channel", async () => {
    const ch = new SharedChannel<unknown>({ bytes: 1000, name: "jobs" });
    const sent = [1, "two", { three: [3n, new Date(0), new Map([[1, new Set([2])]])] }, undefined, null];
    for (const value of sent) await ch.send(value);
    ch.close();
    expect(ch.closed).toBe(true);
    const received: unknown[] = [];
    for await (const value of SharedChannel.from(ch.handle)) received.push(value);
    expect(received).toEqual(sent);
    expect(await ch.receive()).toBeUndefined();
    expect(await ch.receiveOk()).toEqual([undefined, false]);
    expect(ch.tryReceive()).toEqual([undefined, false]);
    expect(ch.receiveSync()).toBeUndefined();
    expect(() => ch.close()).toThrow(expect.objectContaining({ code: "close-of-closed", primitive: "jobs" }));
    const closed = expect.objectContaining({ name: "SyncError", message: "send on closed channel" });
    await expect(ch.send(1)).rejects.toEqual(closed);
    expect(() => ch.sendSync(1)).toThrow(closed);
    expect(() => ch.trySend(1)).toThrow(closed);
  });

  it("an empty one makes receivers wait, a full one senders; first come, first served", async () => {
    const ch = new SharedChannel<number>({ bytes: 20 });
    const first = ch.receive();
    const second = ch.receive();
    await expectParked(first);
    expect(ch.tryReceive()).toBeUndefined();
    await ch.send(1);
    await ch.send(2);
    expect(await Promise.all([first, second])).toEqual([1, 2]);

    let room = 0;
    while (ch.trySend(room)) room++;
    expect(room).toBeGreaterThan(0);
    const sends = [ch.send(room), ch.send(room + 1)];
    await expectParked(sends[0]!);
    for (let i = 0; i < room + 2; i++) expect(await ch.receive()).toBe(i);
    await Promise.all(sends);
  });

  it("close wakes all who wait: receivers with the end, senders with an error", async () => {
    const empty = new SharedChannel<number>({ bytes: 20 });
    const receivers = [empty.receive(), empty.receiveOk()];
    empty.close();
    expect(await Promise.all(receivers)).toEqual([undefined, [undefined, false]]);
    const full = new SharedChannel<number>({ bytes: 20 });
    while (full.trySend(0));
    const senders = [full.send(1), full.send(2)];
    full.close();
    for (const sender of senders) await expect(sender).rejects.toThrow("send on closed channel");
  });

  it("TestChan, TestMultiConsumer: many senders and receivers, blocked and awaiting; each value comes once", async () => {
    const jobs = new SharedChannel<{ n: number; text: string }>({ bytes: 300 });
    const results = new SharedChannel<number>({ bytes: 100 });
    const body = `
      const jobs = shared.SharedChannel.from(data.jobs), results = shared.SharedChannel.from(data.results);
      if (data.index === 0) for await (const job of jobs) await results.send(job.n * job.text.length);
      else for (let job; (job = jobs.receiveSync()) !== undefined; ) results.sendSync(job.n * job.text.length);
      post("done");`;
    const threads = await startThreads(3, body, { jobs: jobs.handle, results: results.handle });
    const count = 1_000;
    const sending = (async () => {
      for (let n = 0; n < count; n++) await jobs.send({ n, text: "x".repeat(n % 40) });
      jobs.close();
    })();
    let sum = 0;
    for (let i = 0; i < count; i++) sum += (await results.receive())!;
    await sending;
    let expected = 0;
    for (let n = 0; n < count; n++) expected += n * (n % 40);
    expect(sum).toBe(expected);
    for (const thread of threads) expect(await thread.message()).toBe("done");
    expect(results.tryReceive()).toBeUndefined();
  });

  it("time-outs: sendSync returns false, receiveSync undefined; what was not sent does not arrive", async () => {
    const ch = new SharedChannel<number>({ bytes: 20 });
    expect(ch.receiveSync(2)).toBeUndefined();
    let room = 0;
    while (ch.trySend(room)) room++;
    expect(ch.sendSync(99, 2)).toBe(false);
    for (let i = 0; i < room; i++) expect(ch.receiveSync(0)).toBe(i);
    expect(ch.tryReceive()).toBeUndefined();
  });

  it("who gives up takes no value along and sends none", async () => {
    const ch = new SharedChannel<number>({ bytes: 20 });
    const controller = new AbortController();
    const gone = ch.receive(controller);
    const stays = ch.receive();
    controller.abort(new Error("gone"));
    await ch.send(1);
    await expect(gone).rejects.toThrow("gone");
    expect(await stays).toBe(1);
    await expect(ch.receive(controller)).rejects.toThrow("gone");
    await expect(ch.send(1, controller)).rejects.toThrow("gone");

    let room = 0;
    while (ch.trySend(room)) room++;
    const later = new AbortController();
    const unsent = ch.send(98, later);
    const sent = ch.send(99);
    later.abort(new Error("gone"));
    await expect(unsent).rejects.toThrow("gone");
    for (let i = 0; i < room; i++) expect(await ch.receive()).toBe(i);
    await sent;
    expect(await ch.receive()).toBe(99);
  });

  it("when a large message gives up, the small ones behind it go", async () => {
    const ch = new SharedChannel<string>({ bytes: 64 });
    await ch.send("x".repeat(20));
    const controller = new AbortController();
    const large = ch.send("y".repeat(40), controller);
    const small = ch.send("z");
    await expectParked(small);
    controller.abort();
    await small;
    await expect(large).rejects.toThrow();
  });

  it("what could never be sent is refused at once", async () => {
    expect(() => new SharedChannel({ bytes: 0 })).toThrow("makechan: size out of range");
    const ch = new SharedChannel<unknown>({ bytes: 20 });
    await expect(ch.send("x".repeat(100))).rejects.toThrow(RangeError);
    await expect(ch.send(() => {})).rejects.toThrow("could not be cloned");
    expect(ch.tryReceive()).toBeUndefined();
  });

  it("a receiver that is killed while it waits is passed over", async () => {
    const ch = new SharedChannel<string>({ bytes: 100 });
    const blocked = await startThread(
      `post("blocks"); shared.SharedChannel.from(data).receiveSync();`,
      ch.handle,
    );
    await blocked.message();
    while (!(ch as unknown as { lines: { awaited: boolean }[] }).lines[1]!.awaited) await gosched();
    const mine = ch.receive();
    await blocked.kill();
    await ch.send("for whoever lives");
    expect(await mine).toBe("for whoever lives");
  });

  it("does what a list does, whatever the lengths of the messages and the size of the ring", async () => {
    const step = fc.oneof(fc.string({ maxLength: 60 }), fc.constant(null));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 12, max: 200 }),
        fc.array(step, { maxLength: 80 }),
        async (bytes, steps) => {
          const ch = new SharedChannel<string>({ bytes });
          const model: string[] = [];
          for (const text of steps) {
            if (text === null) {
              expect(ch.tryReceive()?.[0]).toBe(model.shift());
              continue;
            }
            let sent = false;
            try {
              sent = ch.trySend(text);
            } catch (error) {
              expect(error).toBeInstanceOf(RangeError);
            }
            if (sent) model.push(text);
            else expect(model.length + text.length).toBeGreaterThan(0);
          }
          while (model.length > 0) expect(ch.receiveSync(0)).toBe(model.shift());
          expect(ch.tryReceive()).toBeUndefined();
        },
      ),
    );
  });

  it("blocks a worker until the main thread, which awaits, has received", async () => {
    const ch = new SharedChannel<number>({ bytes: 16 });
    const worker = inThread<string>(
      `
      const ch = shared.SharedChannel.from(data);
      for (let i = 0; i < 100; i++) ch.sendSync(i);
      ch.close();
      post("all sent");`,
      ch.handle,
    );
    const received: number[] = [];
    for await (const value of ch) received.push(value);
    expect(received).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(await worker).toBe("all sent");
    await settled();
  });

  it("types: what comes out is what went in", () => {
    expectTypeOf<SharedChannel<number>["receive"]>().returns.resolves.toEqualTypeOf<number | undefined>();
    expectTypeOf(SharedChannel.from<string>).returns.toEqualTypeOf<SharedChannel<string>>();
  });
});
