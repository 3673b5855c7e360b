import { describe, expect, it } from "vitest";
import { cancelAtEveryTurn, underManyOrders } from "../../testing/programs.js";
import { withVirtualTime } from "../../testing/virtual-clock.js";
import { after, Channel, onReceive, onSend, select, Timer, tick } from "../channel.js";
import type { WaitOptions } from "../index.js";

/** What `wait` came to: its value, or that it gave up for `reason` and no other. */
async function outcomeOf<T>(wait: Promise<T>, reason: Error): Promise<T | "gave up"> {
  try {
    return await wait;
  } catch (error) {
    expect(error).toBe(reason);
    return "gave up";
  }
}

/** Calls `meanwhile` once a turn until all of `waits` have come back. */
async function until<T>(waits: Promise<T>[], meanwhile: () => void): Promise<T[]> {
  let outcomes: T[] | undefined;
  Promise.all(waits).then((all) => {
    outcomes = all;
  });
  while (outcomes === undefined) {
    meanwhile();
    await null;
  }
  return outcomes;
}

/** Takes out what is left; afterwards nobody may stand in a queue of the channel. */
function drain(c: Channel<number>): number[] {
  const left: number[] = [];
  for (let got = c.tryReceive(); got?.[1]; got = c.tryReceive()) left.push(got[0]!);
  if (c.capacity === 0 && !c.closed) expect(c.trySend(0), "a receiver is left").toBe(false);
  return left;
}

describe("cancel at every step", () => {
  it.each([0, 1, 2])("a send, capacity %i: it was sent, or it gave up", async (capacity) => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const c = new Channel<number>(capacity);
      const before = [...Array(capacity).keys()];
      for (const n of before) c.trySend(n);
      const sends = [c.send(100), c.send(101, { signal }), c.send(102)];
      const values: number[] = [];
      const [, mine] = await until(
        sends.map((send) => outcomeOf(send, reason)),
        () => {
          const got = c.tryReceive();
          if (got !== undefined) values.push(got[0]!);
        },
      );
      values.push(...drain(c));
      expect(values).toEqual([...before, 100, ...(mine === "gave up" ? [] : [101]), 102]);
    });
    expect(points).toBeGreaterThan(2);
  });

  const receives: [string, (c: Channel<number>, options?: WaitOptions) => Promise<number | undefined>][] = [
    ["receive", (c, options) => c.receive(options)],
    ["receiveOk", async (c, options) => (await c.receiveOk(options))[0]],
    ["an iterator's next", async (c, options) => (await c.values(options).next()).value],
    [
      "select",
      (c, options) =>
        select(
          options ?? {},
          onReceive(c, (value) => value),
        ),
    ],
  ];
  it.each(receives)("%s: it has a value, or the value goes to the next in line", async (_, receive) => {
    for (const capacity of [0, 2]) {
      const points = await cancelAtEveryTurn(async (signal, reason) => {
        const c = new Channel<number>(capacity);
        const waits = [receive(c), receive(c, { signal }), receive(c)];
        let [turn, sent] = [0, 0];
        const values = await until(
          waits.map((wait) => outcomeOf(wait, reason)),
          () => {
            if (turn++ > 1 && c.trySend(sent)) sent++;
          },
        );
        expect(values).toEqual(values[1] === "gave up" ? [0, "gave up", 1] : [0, 1, 2]);
        drain(c);
      });
      expect(points).toBeGreaterThan(2);
    }
  });

  it("a select that sends and receives: one of the two, or none", async () => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const [a, b] = [new Channel<number>(), new Channel<number>()];
      const wait = select(
        { signal },
        onReceive(a, (value) => `received ${value}`),
        onSend(b, 2, () => "sent"),
      );
      let turn = 0;
      const done: string[] = [];
      const [outcome] = await until([outcomeOf(wait, reason)], () => {
        turn++;
        if (turn === 3 && a.trySend(1)) done.push("received 1");
        if (turn === 4 && b.tryReceive() !== undefined) done.push("sent");
      });
      expect(done).toEqual(outcome === "gave up" ? [] : [outcome]);
      expect([...drain(a), ...drain(b)]).toEqual([]);
    });
    expect(points).toBeGreaterThan(2);
  });

  it.each([0, 2])("a range, capacity %i: what it has not seen is left to others", async (capacity) => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const c = new Channel<number>(capacity);
      const seen: number[] = [];
      const range = (async () => {
        for await (const value of c.values({ signal })) seen.push(value);
      })();
      const produce = (async () => {
        for (let n = 0; n < 4; n++) await c.send(n);
        c.close();
      })();
      await outcomeOf(range, reason);
      const rest: number[] = [];
      for await (const value of c) rest.push(value);
      await produce;
      expect([...seen, ...rest]).toEqual([0, 1, 2, 3]);
    });
    expect(points).toBeGreaterThan(4);
  });

  it("timers: whoever gives up lets go of the process, and the time is there for the next", async () => {
    const timers: [string, () => Channel<Date> & Partial<Disposable>][] = [
      ["after", () => after(10)],
      ["Timer", () => new Timer(10).c],
      ["tick", () => tick(10)],
    ];
    for (const [name, make] of timers) {
      for (const at of [0, 5, 10, 15]) {
        await withVirtualTime(async (clock) => {
          const c = make();
          const [received, selected] = [new AbortController(), new AbortController()];
          const reason = new Error("enough");
          const waits = [
            outcomeOf(c.receive({ signal: received.signal }), reason),
            outcomeOf(
              select(
                { signal: selected.signal },
                onReceive(c, (time) => time),
              ),
              reason,
            ),
          ];
          expect(clock.holding, name).toBe(1);
          await clock.advance(at);
          for (const controller of [selected, received]) controller.abort(reason);
          const outcomes = await Promise.all(waits);
          expect(outcomes).toEqual(at < 10 ? ["gave up", "gave up"] : [expect.any(Date), "gave up"]);
          expect(clock.holding, "nobody waits").toBe(0);
          await clock.advance(10);
          const later = at < 10 || name === "tick";
          expect(c.tryReceive()).toEqual(later ? [expect.any(Date), true] : undefined);
          c[Symbol.dispose]?.();
        });
      }
    }
  });
});

describe("many orders", () => {
  it("several producers and consumers: every value once, each producer's in order", () =>
    underManyOrders(async (pause) => {
      for (const capacity of [0, 1, 3]) {
        const c = new Channel<[producer: number, n: number]>(capacity);
        const produce = async (producer: number) => {
          for (let n = 0; n < 3; n++) {
            await pause(`produce ${producer}`);
            await c.send([producer, n]);
          }
        };
        const consume = async (consumer: number, seen: [number, number][]) => {
          for await (const value of c) {
            seen.push(value);
            await pause(`consume ${consumer}`);
          }
          return seen;
        };
        const consumers = [consume(0, []), consume(1, [])];
        await Promise.all([produce(0), produce(1), produce(2)]);
        c.close();
        const seen = await Promise.all(consumers);
        for (const each of seen) {
          for (const producer of [0, 1, 2]) {
            const order = each.filter(([from]) => from === producer).map(([, n]) => n);
            expect(order).toEqual(order.toSorted());
          }
        }
        expect(seen.flat().map(String).sort()).toEqual(
          [0, 1, 2].flatMap((producer) => [0, 1, 2].map((n) => `${producer},${n}`)),
        );
      }
    }));

  it("selects on both sides, one of them giving up: nothing is lost and nothing is there twice", () =>
    underManyOrders(async (pause) => {
      const [a, b] = [new Channel<number>(), new Channel<number>(1)];
      const controller = new AbortController();
      const sent: number[] = [];
      const received: number[] = [];
      const sender = async (value: number, options: WaitOptions) => {
        await pause(`send ${value}`);
        await select(
          options,
          onSend(a, value, () => sent.push(value)),
          onSend(b, value, () => sent.push(value)),
        ).catch((error: unknown) => expect(error).toBe(controller.signal.reason));
      };
      const receiver = (async () => {
        const ended = new Set<Channel<number>>();
        while (ended.size < 2) {
          await pause("receive");
          await select(
            ...[a, b].map((c) =>
              onReceive(ended.has(c) ? Channel.nil<number>() : c, (value, ok) => {
                if (ok) received.push(value!);
                else ended.add(c);
              }),
            ),
          );
        }
      })();
      const giveUp = pause("give up").then(() => controller.abort(new Error("enough")));
      await Promise.all([
        sender(1, {}),
        sender(2, { signal: controller.signal }),
        sender(3, {}),
        sender(4, { signal: controller.signal }),
        giveUp,
      ]);
      a.close();
      b.close();
      await receiver;
      expect(received.toSorted()).toEqual(sent.toSorted());
      expect(sent).toEqual(expect.arrayContaining([1, 3]));
    }));
});
