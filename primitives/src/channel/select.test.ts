import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectParked, settled, stateOf } from "../../testing/turn.js";
import { silentInstrument } from "../../testing/virtual-clock.js";
import { Channel, onReceive, onSend, otherwise, type SelectCase, select } from "../channel.js";
import { go, gosched } from "../index.js";
import { plugIn } from "../runtime/index.js";

describe("select", () => {
  /** Go's test/chan/select3.go: whether an operation blocks, alone and as the only case of a select. */
  describe("select3.go", () => {
    const full = () => {
      const c = new Channel<number>(10);
      for (let i = 0; i < 10; i++) c.trySend(i);
      return c;
    };
    const closed = (capacity = 0) => {
      const c = new Channel<number>(capacity);
      c.close();
      return c;
    };
    const closedFull = () => {
      const c = full();
      c.close();
      return c;
    };
    const table: [string, () => Channel<number>, "send" | "receive", "blocks" | "goes through" | "fails"][] =
      [
        ["send to a nil channel", Channel.nil<number>, "send", "blocks"],
        ["receive from a nil channel", Channel.nil<number>, "receive", "blocks"],
        ["send to an unbuffered channel without receiver", () => new Channel(), "send", "blocks"],
        ["receive from an unbuffered channel without sender", () => new Channel(), "receive", "blocks"],
        ["receive from an empty buffered channel", () => new Channel(10), "receive", "blocks"],
        ["send to a buffered channel with room", () => new Channel(10), "send", "goes through"],
        ["receive from a buffered channel with a value", full, "receive", "goes through"],
        ["send to a full channel", full, "send", "blocks"],
        ["receive from a closed channel", closed, "receive", "goes through"],
        ["receive from a closed buffered channel", () => closed(10), "receive", "goes through"],
        ["receive from a closed channel with values", closedFull, "receive", "goes through"],
        ["send to a closed channel", closed, "send", "fails"],
        ["send to a closed full channel", closedFull, "send", "fails"],
      ];
    const outcomes = { blocks: "pending", "goes through": "fulfilled", fails: "rejected" };

    it.each(table)("%s", async (_, make, act, outcome) => {
      const perform = (c: Channel<number>) => (act === "send" ? c.send(1) : c.receive());
      const asCase = (c: Channel<number>) =>
        act === "send" ? onSend(c, 1, () => {}) : onReceive(c, () => {});
      const fallback = () => "default";

      expect(await stateOf(perform(make()))).toBe(outcomes[outcome]);
      expect(await stateOf(select(asCase(make())))).toBe(outcomes[outcome]);
      const withDefault = select<unknown>(asCase(make()), otherwise(fallback));
      if (outcome === "fails") await expect(withDefault).rejects.toThrow("send on closed channel");
      else expect(await withDefault).toBe(outcome === "blocks" ? "default" : undefined);
    });

    it("a select without cases, or with nil channels only, blocks for ever", async () => {
      await expectParked(select());
      await expectParked(
        select(
          onReceive(Channel.nil(), () => {}),
          onSend(Channel.nil<number>(), 1, () => {}),
        ),
      );
    });

    it("a select on one channel in both directions does not serve itself", async () => {
      const c = new Channel<number>();
      const both = select(
        onSend(c, 1, () => "sent"),
        onReceive(c, () => "received"),
      );
      await expectParked(both);
      expect(await c.receive()).toBe(1);
      expect(await both).toBe("sent");
    });
  });

  it("runs the handler with what was received and returns what it returns", async () => {
    const c = new Channel<number>(1);
    await c.send(7);
    expect(await select(onReceive(c, async (value, ok) => [value, ok]))).toEqual([7, true]);
    c.close();
    expect(await select(onReceive(c, (value, ok) => [value, ok]))).toEqual([undefined, false]);
  });

  it("goes ahead at once, handler included, with a case that is ready", async () => {
    const c = new Channel<number>(1);
    let ran = false;
    void select(
      onSend(c, 1, () => {
        ran = true;
      }),
    );
    expect([ran, c.length]).toEqual([true, 1]);
  });

  it("what a handler throws is the select's rejection, ready or parked", async () => {
    const c = new Channel<number>(1);
    const boom = () => {
      throw new Error("boom");
    };
    await expect(select(onSend(c, 1, boom))).rejects.toThrow("boom");
    await expect(select(otherwise(boom))).rejects.toThrow("boom");
    c.tryReceive();
    const parked = select(onReceive(c, boom));
    await c.send(2);
    await expect(parked).rejects.toThrow("boom");
  });

  it("takes at most one otherwise", async () => {
    await expect(
      select(
        otherwise(() => 1),
        otherwise(() => 2),
      ),
    ).rejects.toThrow(TypeError);
  });

  it("a parked send fails when its channel is closed; a parked receive comes up", async () => {
    const [a, b] = [new Channel<number>(), new Channel<number>()];
    const cases = () => [onSend(a, 1, () => "sent"), onReceive(b, (_, ok) => `received ${ok}`)];
    const [sender, receiver] = [select(...cases()), select(...cases())];
    b.close();
    expect(await Promise.all([sender, receiver])).toEqual(["received false", "received false"]);
    const c = new Channel<number>();
    const failing = select(onSend(c, 1, () => {}));
    c.close();
    await expect(failing).rejects.toMatchObject({ code: "send-on-closed" });
  });

  it("doubleselect.go: one value a select, even where two cases name one channel", async () => {
    const [c1, c2] = [new Channel<number>(), new Channel<number>()];
    const sender = go(async () => {
      for (let i = 0; i < 1000; i++) {
        await select(
          onSend(c1, i, () => {}),
          onSend(c2, i, () => {}),
          onSend(c1, i, () => {}),
        );
      }
      c1.close();
      c2.close();
    });
    const seen: number[] = [];
    const drain = async (c: Channel<number>) => {
      for await (const value of c) seen.push(value);
    };
    await Promise.all([drain(c1), drain(c2), sender.join()]);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  it("select6.go: a select that was served elsewhere is in nobody's way", async () => {
    const [c1, c2] = [new Channel<boolean>(), new Channel<boolean>()];
    const first = select(
      onReceive(c1, () => 1),
      onReceive(c2, () => 1),
    );
    const second = c1.receive();
    await c2.send(true);
    expect(await first).toBe(1);
    expect(c1.trySend(true)).toBe(true);
    expect(await second).toBe(true);
  });

  it("TestSelfSelect: tasks that select sending and receiving on one channel serve each other, never themselves", async () => {
    for (const capacity of [0, 10]) {
      const c = new Channel<number>(capacity);
      const tasks = [0, 1].map((me) =>
        go(async () => {
          for (let i = 0; i < 1000; i++) {
            const receive = onReceive(c, (value) => {
              if (capacity === 0) expect(value).not.toBe(me);
            });
            const send = onSend(c, me, () => {});
            await (me === 0 || i % 2 === 0 ? select(send, receive) : select(receive, send));
          }
        }),
      );
      await Promise.all(tasks.map((task) => task.join()));
    }
  });

  it("TestSelectFairness: two ready channels are chosen alike", async () => {
    const trials = 10_000;
    const [c1, c2] = [new Channel<number>(trials + 1), new Channel<number>(trials + 1)];
    for (let i = 0; i < trials + 1; i++) {
      await c1.send(1);
      await c2.send(2);
    }
    const [c3, c4, out, done] = [
      new Channel<number>(),
      new Channel<number>(),
      new Channel<number>(),
      new Channel<never>(),
    ];
    const identity = (value: number | undefined) => value!;
    const task = go(async () => {
      for (let more = true; more; ) {
        const value = await select(...[c3, c4, c1, c2].map((c) => onReceive(c, identity)));
        more = await select(
          onSend(out, value, () => true),
          onReceive(done, () => false),
        );
      }
    });
    let ones = 0;
    for (let i = 0; i < trials; i++) if ((await out.receive()) === 1) ones++;
    done.close();
    await task.join();
    // The expected margin of error at a confidence of six nines, as in the original.
    expect(Math.abs(ones / trials - 0.5)).toBeLessThan(4.891676 / (2 * Math.sqrt(trials)));
  });

  it("TestPseudoRandomSend: of two sends on one channel each has its share", async () => {
    const n = 100;
    for (const capacity of [0, n]) {
      const c = new Channel<number>(capacity);
      const received = go(async () => {
        const values: number[] = [];
        while (values.length < n) {
          await gosched();
          values.push((await c.receive())!);
        }
        return values;
      });
      for (let i = 0; i < n; i++) {
        await select(
          onSend(c, 1, () => {}),
          onSend(c, 0, () => {}),
        );
      }
      const ones = (await received.join()).filter((value) => value === 1).length;
      expect(Math.min(ones, n - ones)).toBeGreaterThan(n / 10);
    }
  });

  it("TestNonblockSelectRace: default is never taken while one of the cases is always ready", async () => {
    for (let i = 0; i < 1000; i++) {
      const [c1, c2] = [new Channel<number>(1), new Channel<number>(1)];
      await c1.send(1);
      const task = go(() =>
        select(
          onReceive(c1, () => "ready"),
          onReceive(c2, () => "ready"),
          otherwise(() => "not ready"),
        ),
      );
      await c2.send(1);
      c1.tryReceive();
      expect(await task.join()).toBe("ready");
    }
  });

  it("TestNonblockSelectRace2: closing counts as ready", async () => {
    for (let i = 0; i < 1000; i++) {
      const [c1, c2] = [new Channel<number>(1), new Channel<number>()];
      await c1.send(1);
      const task = go(() =>
        select(
          onReceive(c1, () => "ready"),
          onReceive(c2, () => "ready"),
          otherwise(() => "not ready"),
        ),
      );
      c2.close();
      c1.tryReceive();
      expect(await task.join()).toBe("ready");
    }
  });

  it("TestSelectDuplicateChannel: the cases that lost leave every queue", async () => {
    const [c, d, e] = [new Channel<number>(), new Channel<number>(), new Channel<number>()];
    const a = go(async () => {
      await select(
        onReceive(c, () => {}),
        onReceive(c, () => {}),
        onReceive(d, () => {}),
      );
      await e.send(9);
    });
    await settled();
    const b = go(() => c.receive());
    await settled();
    await d.send(7);
    expect(await e.receive()).toBe(9);
    await c.send(8);
    expect(await b.join()).toBe(8);
    await a.join();
    expect(c.trySend(1), "nobody is left in the queue").toBe(false);
  });

  it("TestSelectStress: senders and receivers, by operation and by select, over four channels", async () => {
    const n = 2000;
    const channels = [0, 0, 2, 3].map((capacity) => new Channel<number>(capacity));
    const senders = channels.map((c) =>
      go(async () => {
        for (let i = 0; i < n; i++) await c.send(i);
      }),
    );
    const receivers = channels.map((c) =>
      go(async () => {
        for (let i = 0; i < n; i++) await c.receive();
      }),
    );
    /** Selects over all channels, switching off (nil) those that have had their n. */
    const selectLoop = async (make: (c: Channel<number>, then: () => void) => SelectCase<void>) => {
      const left = channels.map(() => n);
      while (left.some((count) => count > 0)) {
        await select(
          ...channels.map((c, i) => make(left[i]! > 0 ? c : Channel.nil<number>(), () => void left[i]!--)),
        );
      }
    };
    const selecting = [
      go(() => selectLoop((c, then) => onSend(c, 0, then))),
      go(() => selectLoop((c, then) => onReceive(c, then))),
    ];
    await Promise.all([...senders, ...receivers, ...selecting].map((task) => task.join()));
    expect(channels.map((c) => [c.length, c.trySend(0) && c.capacity === 0])).toEqual(
      channels.map(() => [0, false]),
    );
  });
});

describe("select cancellation", () => {
  it("an aborted signal takes no case, ready or otherwise", async () => {
    const c = new Channel<number>(1);
    const never = () => expect.unreachable();
    const signal = AbortSignal.abort(new Error("no"));
    await expect(select({ signal }, onSend(c, 1, never), otherwise(never))).rejects.toThrow("no");
    expect(c.length).toBe(0);
  });

  it("a select that gives up leaves every queue", async () => {
    const [a, b] = [new Channel<number>(), new Channel<number>()];
    const controller = new AbortController();
    const { signal } = controller;
    const parked = select(
      { signal },
      onReceive(a, () => 1),
      onSend(b, 1, () => 2),
    );
    controller.abort(new Error("enough"));
    await expect(parked).rejects.toThrow("enough");
    expect(a.trySend(1)).toBe(false);
    expect(b.tryReceive()).toBeUndefined();
  });

  it("one abort that reaches a send before the select passes it by", async () => {
    const c = new Channel<number>();
    const controller = new AbortController();
    let sent: boolean | undefined;
    controller.signal.addEventListener("abort", () => {
      sent = c.trySend(1);
    });
    const parked = select(
      { signal: controller.signal },
      onReceive(c, () => 1),
    );
    controller.abort(new Error("enough"));
    await expect(parked).rejects.toThrow("enough");
    expect(sent).toBe(false);
  });

  it("passes by those whose abort has not reached them yet, and takes another case", async () => {
    const [a, b, c] = [new Channel<number>(), new Channel<number>(), new Channel<number>(1)];
    const controller = new AbortController();
    const outcomes: Promise<string>[] = [];
    controller.signal.addEventListener("abort", () => {
      const send = (to: Channel<number>, name: string) => onSend(to, 1, () => name);
      outcomes.push(
        select(
          send(a, "a"),
          otherwise(() => "nobody"),
        ),
        select(send(b, "b"), send(c, "c")),
      );
    });
    const parked = [a, b].map((each) => each.receive({ signal: controller.signal }));
    plugIn({ ...silentInstrument(), random: () => 0 });
    try {
      controller.abort(new Error("enough"));
    } finally {
      plugIn(null);
    }
    for (const each of parked) await expect(each).rejects.toThrow("enough");
    expect(await Promise.all(outcomes)).toEqual(["nobody", "c"]);
  });
});

describe("select5.go: every combination of ready and unready cases", () => {
  type Kind = "ready send" | "ready receive" | "blocked send" | "blocked receive" | "nil" | "closed";
  const kinds: Kind[] = ["ready send", "ready receive", "blocked send", "blocked receive", "nil", "closed"];
  const isReady = (kind: Kind) => kind.startsWith("ready") || kind === "closed";

  const makeCase = (kind: Kind, at: number): SelectCase<number> => {
    const c = kind === "nil" ? Channel.nil<number>() : new Channel<number>(kind.startsWith("ready") ? 1 : 0);
    if (kind === "ready receive") c.trySend(1);
    if (kind === "closed") c.close();
    return kind.endsWith("send") ? onSend(c, 1, () => at) : onReceive(c, () => at);
  };

  it("chooses a ready case if there is one, else the default, else waits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...kinds), { maxLength: 8 }),
        fc.boolean(),
        async (chosen, hasDefault) => {
          const cases = chosen.map(makeCase);
          if (hasDefault) cases.push(otherwise(() => -1));
          const result = select(...cases);
          if (chosen.some(isReady)) expect(isReady(chosen[await result]!)).toBe(true);
          else if (hasDefault) expect(await result).toBe(-1);
          else await expectParked(result);
        },
      ),
    );
  });
});
