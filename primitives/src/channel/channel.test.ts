import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectParked, settled } from "../../testing/turn.js";
import { Channel } from "../channel.js";
import { go, SyncError } from "../index.js";

describe("Channel", () => {
  it.each([0, 1, 2, 3, 10, 100, 199])("TestChan: capacity %i", async (capacity) => {
    {
      const c = new Channel<number>(capacity);
      expect([c.capacity, c.length, c.closed]).toEqual([capacity, 0, false]);
      expect(c.tryReceive(), "an empty channel has nothing to receive").toBeUndefined();
      const waits = [c.receive(), c.receiveOk()];
      await expectParked(waits[0]!);
      await c.send(0);
      await c.send(1);
      expect(await Promise.all(waits)).toEqual([0, [1, true]]);
    }
    {
      const c = new Channel<number>(capacity);
      for (let i = 0; i < capacity; i++) await c.send(i);
      expect(c.length).toBe(capacity);
      expect(c.trySend(-1), "a full channel takes nothing").toBe(false);
      const late = c.send(capacity);
      await expectParked(late);
      expect(await c.receive()).toBe(0);
      await late;
    }
    {
      const c = new Channel<number>(capacity);
      for (let i = 0; i < capacity; i++) await c.send(i);
      c.close();
      for (let i = 0; i < capacity; i++) expect(await c.receiveOk()).toEqual([i, true]);
      expect(await c.receive()).toBeUndefined();
      expect(await c.receiveOk()).toEqual([undefined, false]);
      expect(c.tryReceive()).toEqual([undefined, false]);
    }
    {
      const c = new Channel<number>(capacity);
      const waits = [c.receiveOk(), c.receive()];
      await expectParked(waits[1]!);
      c.close();
      expect(await Promise.all(waits)).toEqual([[undefined, false], undefined]);
    }
    {
      const c = new Channel<number>(capacity);
      go(async () => {
        for (let i = 0; i < 100; i++) await c.send(i);
      });
      for (let i = 0; i < 100; i++) {
        if (i % 2 === 0) expect(await c.receive()).toBe(i);
        else expect(await c.receiveOk()).toEqual([i, true]);
      }
    }
    {
      const c = new Channel<number>(capacity);
      const senders = Array.from({ length: 4 }, () =>
        go(async () => {
          for (let i = 0; i < 1000; i++) await c.send(i);
        }),
      );
      const seen = new Map<number, number>();
      const receivers = Array.from({ length: 4 }, () =>
        go(async () => {
          for (let i = 0; i < 1000; i++) {
            const value = (await c.receive())!;
            seen.set(value, (seen.get(value) ?? 0) + 1);
          }
        }),
      );
      await Promise.all([...senders, ...receivers].map((task) => task.join()));
      expect(seen.size).toBe(1000);
      expect(new Set(seen.values())).toEqual(new Set([4]));
    }
  });

  it("fifo.go: what is sent is received in order, unbuffered through a chain of tasks as well", async () => {
    const buffered = new Channel<number>(10);
    for (let i = 0; i < 10; i++) await buffered.send(i);
    for (let i = 0; i < 10; i++) expect(await buffered.receive()).toBe(i);

    const c = new Channel<number>();
    const order: number[] = [];
    const sends = Array.from({ length: 10 }, (_, i) => c.send(i));
    for (let i = 0; i < 10; i++) order.push((await c.receive())!);
    await Promise.all(sends);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("an unbuffered send returns only once it has been received", async () => {
    const c = new Channel<string>();
    const sent = c.send("hello");
    await expectParked(sent);
    expect(await c.receive()).toBe("hello");
    await sent;
  });

  it("nonblock.go: try operations go through exactly when the other side waits", async () => {
    const c = new Channel<string>();
    expect(c.trySend("x")).toBe(false);
    expect(c.tryReceive()).toBeUndefined();
    const received = c.receive();
    expect(c.trySend("y")).toBe(true);
    expect(await received).toBe("y");
    const sent = c.send("z");
    expect(c.tryReceive()).toEqual(["z", true]);
    await sent;
  });

  it("TestNonblockRecvRace: a value in a channel that is being closed is still received", async () => {
    for (let i = 0; i < 1000; i++) {
      const c = new Channel<number>(1);
      await c.send(1);
      const task = go(() => c.tryReceive());
      c.close();
      expect(await task.join()).toEqual([1, true]);
    }
  });

  it("TestMultiConsumer: 23 workers, every item worked on once", async () => {
    const [workers, items] = [23, 27_184];
    const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31];
    const queue = new Channel<number>(items / 4);
    const results = new Channel<number>(items / 8);
    const pool = Array.from({ length: workers }, (_, worker) =>
      go(async () => {
        for await (const value of queue) {
          if (primes[worker % primes.length] === value) await settled();
          await results.send(value);
        }
      }),
    );
    let expected = 0;
    go(async () => {
      for (let i = 0; i < items; i++) {
        const value = primes[i % primes.length]!;
        expected += value;
        await queue.send(value);
      }
      queue.close();
      for (const worker of pool) await worker.join();
      results.close();
    });
    let [count, sum] = [0, 0];
    for await (const value of results) {
      count++;
      sum += value;
    }
    expect([count, sum]).toEqual([items, expected]);
  });

  it("sieve1.go: a chain of a hundred tasks", async () => {
    const filter = async (input: Channel<number>, output: Channel<number>, prime: number) => {
      for await (const n of input) if (n % prime !== 0) await output.send(n);
    };
    let stream = new Channel<number>();
    const source = stream;
    go(async () => {
      for (let n = 2; ; n++) await source.send(n);
    });
    const found: number[] = [];
    for (let i = 0; i < 25; i++) {
      const prime = (await stream.receive())!;
      found.push(prime);
      const next = new Channel<number>();
      const input = stream;
      go(() => filter(input, next, prime));
      stream = next;
    }
    expect(found.at(-1)).toBe(97);
  });

  it("undefined is a value like any other", async () => {
    const c = new Channel<undefined>(1);
    await c.send(undefined);
    expect(await c.receiveOk()).toEqual([undefined, true]);
  });

  it("for await may be left early and taken up again", async () => {
    const c = new Channel<number>(3);
    for (const n of [1, 2, 3]) await c.send(n);
    c.close();
    for await (const n of c) {
      expect(n).toBe(1);
      break;
    }
    const rest: number[] = [];
    for await (const n of c) rest.push(n);
    expect(rest).toEqual([2, 3]);
  });

  it("a huge capacity costs what the channel holds", async () => {
    const c = new Channel<number>(2 ** 32 - 1);
    for (let i = 0; i < 1000; i++) expect(c.trySend(i)).toBe(true);
    for (let i = 0; i < 500; i++) expect(c.tryReceive()).toEqual([i, true]);
    for (let i = 1000; i < 2000; i++) expect(c.trySend(i)).toBe(true);
    for (let i = 500; i < 2000; i++) expect(c.tryReceive()).toEqual([i, true]);
    expect(c.length).toBe(0);
  });
});

describe("Channel misuse", () => {
  it("send on a closed channel rejects, trySend throws", async () => {
    const c = new Channel<number>(1, { name: "jobs" });
    c.close();
    const error = expect.objectContaining({
      message: "send on closed channel",
      code: "send-on-closed",
      primitive: "jobs",
    });
    await expect(c.send(1)).rejects.toEqual(error);
    expect(() => c.trySend(1)).toThrow(error);
  });

  it("close fails those who wait to send", async () => {
    const c = new Channel<number>();
    const sends = [c.send(1), c.send(2)];
    c.close();
    for (const send of sends) await expect(send).rejects.toThrow("send on closed channel");
    expect(await c.receiveOk()).toEqual([undefined, false]);
  });

  it("close of a closed channel", () => {
    const c = new Channel();
    c.close();
    expect(() => c.close()).toThrow(
      expect.objectContaining({ message: "close of closed channel", code: "close-of-closed" }),
    );
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32])("makechan: size %d", (size) => {
    expect(() => new Channel(size)).toThrow(
      expect.objectContaining({ message: "makechan: size out of range", code: "channel-size" }),
    );
  });
});

describe("Channel.nil", () => {
  it("blocks senders and receivers for ever, each apart from the other", async () => {
    const c = Channel.nil<number>();
    await expectParked(c.send(1));
    await expectParked(c.receive());
    expect(c.trySend(1)).toBe(false);
    expect(c.tryReceive()).toBeUndefined();
    expect([c.length, c.capacity]).toEqual([0, 0]);
  });

  it("can be given up on", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const waits = [Channel.nil().receive({ signal }), Channel.nil().send(1, { signal })];
    controller.abort(new Error("enough"));
    for (const wait of waits) await expect(wait).rejects.toThrow("enough");
  });

  it("cannot be closed", () => {
    expect(() => Channel.nil().close()).toThrow(
      expect.objectContaining({ message: "close of nil channel", code: "nil-channel" }),
    );
  });
});

describe("Channel cancellation", () => {
  it("an aborted signal neither sends nor receives, even where there is room or a value", async () => {
    const signal = AbortSignal.abort(new Error("no"));
    const c = new Channel<number>(2);
    await c.send(1);
    await expect(c.send(2, { signal })).rejects.toThrow("no");
    await expect(c.receive({ signal })).rejects.toThrow("no");
    await expect(c.receiveOk({ signal })).rejects.toThrow("no");
    expect(c.length).toBe(1);
  });

  it("cancel at every step: a value that was not received by the one who left goes to the next", async () => {
    for (const leaver of [0, 1, 2]) {
      const c = new Channel<number>();
      const controllers = [0, 1, 2].map(() => new AbortController());
      const waits = controllers.map(({ signal }) => c.receive({ signal }));
      controllers[leaver]!.abort(new Error("left"));
      await expect(waits[leaver]).rejects.toThrow("left");
      await c.send(1);
      await c.send(2);
      expect(await Promise.all(waits.filter((_, i) => i !== leaver))).toEqual([1, 2]);
      expect(c.trySend(3)).toBe(false);
    }
  });

  it("cancel at every step: a value whose sender left is never received", async () => {
    for (const leaver of [0, 1, 2]) {
      const c = new Channel<number>();
      const controllers = [0, 1, 2].map(() => new AbortController());
      const sends = controllers.map(({ signal }, i) => c.send(i, { signal }));
      controllers[leaver]!.abort(new Error("left"));
      await expect(sends[leaver]).rejects.toThrow("left");
      const stayed = [0, 1, 2].filter((i) => i !== leaver);
      expect([await c.receive(), await c.receive()]).toEqual(stayed);
      expect(c.tryReceive()).toBeUndefined();
    }
  });
});

describe("Channel against a model", () => {
  it("is a bounded queue between two lines", async () => {
    const step = fc.record({
      act: fc.constantFrom("send", "send", "receive", "receive", "trySend", "tryReceive", "close", "abort"),
      who: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 3 }), fc.array(step, { maxLength: 60 }), async (capacity, steps) => {
        const c = new Channel<number>(capacity);
        const model = {
          buffer: [] as number[],
          senders: [] as { id: number; value: number }[],
          receivers: [] as { id: number }[],
          closed: false,
        };
        const got: [number, unknown][] = [];
        const expected: [number, unknown][] = [];
        const controllers: AbortController[] = [];
        const watch = (id: number, wait: Promise<unknown>) =>
          wait.then(
            (value) => got.push([id, value]),
            (error: unknown) => {
              if (error instanceof SyncError) got.push([id, error.code]);
            },
          );
        const give = (value: number): boolean => {
          const receiver = model.receivers.shift();
          if (receiver !== undefined) expected.push([receiver.id, [value, true]]);
          else if (model.buffer.length < capacity) model.buffer.push(value);
          else return false;
          return true;
        };
        const take = (): [number | undefined, boolean] | undefined => {
          const sender = model.senders.shift();
          if (sender !== undefined) {
            model.buffer.push(sender.value);
            expected.push([sender.id, undefined]);
          }
          const value = model.buffer.shift();
          if (value !== undefined) return [value, true];
          return model.closed ? [undefined, false] : undefined;
        };
        for (const { act, who } of steps) {
          const id = controllers.length;
          if (act === "send" || act === "receive") {
            const controller = new AbortController();
            controllers.push(controller);
            const { signal } = controller;
            if (act === "receive") {
              const found = take();
              if (found !== undefined) expected.push([id, found]);
              else model.receivers.push({ id });
              void watch(id, c.receiveOk({ signal }));
            } else {
              if (model.closed) expected.push([id, "send-on-closed"]);
              else if (give(id)) expected.push([id, undefined]);
              else model.senders.push({ id, value: id });
              void watch(id, c.send(id, { signal }));
            }
          } else if (act === "trySend") {
            if (model.closed) expect(() => c.trySend(-1)).toThrow(SyncError);
            else expect(c.trySend(-1)).toBe(give(-1));
          } else if (act === "tryReceive") {
            expect(c.tryReceive()).toEqual(take());
          } else if (act === "close") {
            if (model.closed) expect(() => c.close()).toThrow(SyncError);
            else {
              model.closed = true;
              for (const { id } of model.receivers.splice(0)) expected.push([id, [undefined, false]]);
              for (const { id } of model.senders.splice(0)) expected.push([id, "send-on-closed"]);
              c.close();
            }
          } else {
            const line = [...model.senders, ...model.receivers];
            if (line.length === 0) continue;
            const leaver = line[who % line.length]!.id;
            model.senders = model.senders.filter((waiting) => waiting.id !== leaver);
            model.receivers = model.receivers.filter((waiting) => waiting.id !== leaver);
            controllers[leaver]!.abort();
          }
          expect([c.length, c.closed]).toEqual([model.buffer.length, model.closed]);
        }
        await settled();
        const byId = (a: [number, unknown], b: [number, unknown]) => a[0] - b[0];
        expect(got.sort(byId)).toEqual(expected.sort(byId));
      }),
    );
  });
});
