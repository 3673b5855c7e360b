import { describe, expect, it } from "vitest";
import { settled } from "../../testing/turn.js";
import {
  Channel,
  onReceive,
  onSend,
  otherwise,
  type ReceiveChannel,
  type SendChannel,
  select,
} from "../channel.js";
import { go, type Task } from "../index.js";

// The programs of Go's test/chan that are not in channel.test.ts, select.test.ts and views.test.ts.

describe("test/chan", () => {
  it("goroutines.go: one value through ten thousand tasks", async () => {
    const first = new Channel<number>();
    let last = first;
    for (let i = 0; i < 10_000; i++) {
      const [from, to] = [last, new Channel<number>()];
      go(async () => to.send((await from.receive())! + 1));
      last = to;
    }
    await first.send(0);
    expect(await last.receive()).toBe(10_000);
  });

  it("select.go: a case that is switched off never comes up, and the rest go on", async () => {
    const [a, b] = [new Channel<number>(), new Channel<number>()];
    /** Sends the bits of `bits` on whichever channel takes them, each once. */
    const sender = async (bits: number[]) => {
      for (const bit of bits) {
        await select(
          onSend(a, bit, () => {}),
          onSend(b, bit, () => {}),
        );
      }
    };
    /** Takes half from each: a channel that has given its share is nil from then on. */
    const take = async (share: number) => {
      let [sum, fromA, fromB] = [0, 0, 0];
      while (fromA < share || fromB < share) {
        await select(
          onReceive(fromA < share ? a : Channel.nil<number>(), (bit) => {
            [sum, fromA] = [sum + bit!, fromA + 1];
          }),
          onReceive(fromB < share ? b : Channel.nil<number>(), (bit) => {
            [sum, fromB] = [sum + bit!, fromB + 1];
          }),
        );
      }
      return [sum, fromA, fromB];
    };
    const bits = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const tasks = [go(() => take(50)), go(() => sender(bits))];
    await Promise.all(tasks.map((task) => task.join()));
    expect(await tasks[0]!.join()).toEqual([34, 50, 50]);
  });

  it("select2.go: a channel that never comes up keeps nothing of the selects that named it", async () => {
    const [busy, idle] = [new Channel<number>(), new Channel<number>()];
    const rounds = 3000;
    const sender = go(async () => {
      for (let i = 0; i < rounds; i++) {
        await select(
          onSend(busy, i, () => {}),
          onSend(idle, i, () => {}),
        );
      }
    });
    for (let i = 0; i < rounds; i++) expect(await busy.receive()).toBe(i);
    await sender.join();
    expect(idle.senders.length).toBe(0);
  });

  it("select4.go: a ready case is taken before the default", async () => {
    const c = new Channel<number>(1);
    c.trySend(42);
    const result = select<number | undefined>(
      onReceive(c, (value) => value),
      otherwise(() => expect.unreachable()),
    );
    expect(await result).toBe(42);
  });

  describe("select7.go: whichever way one side waits, the other side finds it", () => {
    const idle = () => new Channel<number>();
    const receives: [string, (c: ReceiveChannel<number>) => Promise<unknown>][] = [
      ["receive", (c) => c.receive()],
      ["select", (c) => select(onReceive(c, (value) => value))],
      [
        "select of two",
        (c) =>
          select(
            onReceive(idle(), () => -1),
            onReceive(c, (value) => value),
          ),
      ],
    ];
    const sends: [string, (c: SendChannel<number>) => Promise<unknown>][] = [
      ["send", (c) => c.send(1)],
      ["select", (c) => select(onSend(c, 1, () => {}))],
      [
        "select of two",
        (c) =>
          select(
            onSend(idle(), -1, () => {}),
            onSend(c, 1, () => {}),
          ),
      ],
    ];
    const attempts: [string, (c: Channel<number>) => unknown][] = [
      ["tryReceive", (c) => c.tryReceive()?.[0]],
      [
        "select with a default",
        (c) =>
          select<unknown>(
            onReceive(c, (value) => value),
            otherwise(() => "nobody"),
          ),
      ],
    ];

    it.each(receives)("%s waits, every send comes", async (_, receive) => {
      for (const [, send] of sends) {
        const c = new Channel<number>();
        const received = receive(c);
        await settled();
        await send(c);
        expect(await received).toBe(1);
      }
      const c = new Channel<number>();
      const received = receive(c);
      expect(c.trySend(1)).toBe(true);
      expect(await received).toBe(1);
    });

    it.each(sends)("%s waits, every receive comes", async (_, send) => {
      for (const [, receive] of [...receives, ...attempts]) {
        const c = new Channel<number>();
        const sent = send(c);
        await settled();
        expect(await receive(c)).toBe(1);
        await sent;
      }
    });
  });

  it("zerosize.go: values of no content are counted like any other", async () => {
    for (const capacity of [0, 10]) {
      const c = new Channel<undefined>(capacity);
      const task = go(async () => {
        for (let i = 0; i < 10; i++) await c.send(undefined);
        c.close();
      });
      let count = 0;
      for await (const value of c) {
        expect(value).toBeUndefined();
        count++;
      }
      await task.join();
      expect(count).toBe(10);
    }
  });

  it("sieve2.go: primes by merging the multiples of those found, all of it through channels", async () => {
    const primes = new Channel<number>(10);
    /** Has to hold the primes up to the square of the last one that is in use. */
    const found = new Channel<number>(50);
    const multiplesOf = (prime: number) => {
      const multiples = new Channel<number>(2);
      go(async () => {
        for (let n = prime * prime; ; n += 2 * prime) await multiples.send(n);
      });
      return multiples;
    };
    /** Odd composites in order, from the multiples of the odd primes as they are found. */
    const composites = new Channel<number>();
    go(async () => {
      const heads: { next: number; rest: Channel<number> }[] = [];
      let square = 0;
      const add = async () => {
        const rest = multiplesOf((await found.receive())!);
        square = (await rest.receive())!;
        heads.push({ next: square, rest });
      };
      await add();
      for (;;) {
        heads.sort((a, b) => a.next - b.next);
        const least = heads[0]!;
        // No multiple of the next prime that is new comes before its square.
        if (least.next === square) await add();
        await composites.send(least.next);
        least.next = (await least.rest.receive())!;
      }
    });
    go(async () => {
      await primes.send(2);
      for (const prime of [3, 5, 7]) {
        await primes.send(prime);
        await found.send(prime);
      }
      let composite = (await composites.receive())!;
      for (let n = 9; ; n += 2) {
        while (composite < n) composite = (await composites.receive())!;
        if (composite === n) continue;
        await primes.send(n);
        await found.send(n);
      }
    });
    const first: number[] = [];
    while (first.length < 50) first.push((await primes.receive())!);
    expect(first.slice(0, 10)).toEqual([2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
    expect(first.at(-1)).toBe(229);
  });
});

describe("runtime/chanbarrier_test.go, as stress", () => {
  /** Ten tasks; each makes a channel for an answer again and again, and a task of its own answers. */
  const ask = (answer: (c: SendChannel<string>, text: string) => Promise<unknown>) =>
    Array.from(
      { length: 10 },
      (_, asker): Task =>
        go(async () => {
          for (let i = 0; i < 200; i++) {
            const response = new Channel<string>();
            const text = `${asker}.${i}`;
            go(() => answer(response, text));
            expect(await response.receive()).toBe(text);
          }
        }),
    );

  it("TestChanSendBarrier", async () => {
    await Promise.all(ask((c, text) => c.send(text)).map((task) => task.join()));
  });

  it("TestChanSendSelectBarrier", async () => {
    const never = new Channel<never>();
    const answer = (c: SendChannel<string>, text: string) =>
      select(
        onReceive(never, () => {}),
        onSend(c, text, () => {}),
      );
    await Promise.all(ask(answer).map((task) => task.join()));
    expect(never.receivers.length).toBe(0);
  });
});
