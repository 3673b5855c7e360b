import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ForeignContext } from "../../testing/foreign-context.js";
import { cancelAtEveryTurn } from "../../testing/programs.js";
import { runText } from "../../testing/run-program.js";
import { settled, stateOf } from "../../testing/turn.js";
import { Channel } from "../channel.js";
import { background, type Context, fromSignal, withCancelCause } from "../context.js";
import { numTasks, SyncError } from "../index.js";
import {
  bridge,
  fanIn,
  fanOut,
  filter,
  map,
  or,
  orDone,
  reduce,
  skip,
  skipWhile,
  stream,
  take,
  takeWhile,
  tee,
} from "../patterns.js";

let ctx: Context;
let end: (cause?: Error) => void;
let before: number;

beforeEach(() => {
  before = numTasks();
  [ctx, end] = withCancelCause(background());
});

// Every stage ends with its context at the latest, whatever has become of its neighbours.
afterEach(async () => {
  end(new Error("the test is over"));
  await settled();
  expect(numTasks(), "tasks left behind").toBe(before);
});

const collect = async <T>(ch: Channel<T>): Promise<T[]> => {
  const values: T[] = [];
  for await (const value of ch) values.push(value);
  return values;
};
const numbers = (n: number) =>
  stream(
    ctx,
    Array.from({ length: n }, (_, i) => i + 1),
  );
const even = (n: number) => n % 2 === 0;

describe("stages pass on what they should, and then close", () => {
  it.each<[string, () => Channel<unknown>, unknown[]]>([
    ["stream, of an array", () => stream(ctx, [1, 2, 3]), [1, 2, 3]],
    ["stream, of a text", () => stream(ctx, "abc"), ["a", "b", "c"]],
    ["stream, of a generator", () => stream(ctx, asynchronously(1, 2, 3)), [1, 2, 3]],
    ["stream, of a channel", () => stream(ctx, numbers(3)), [1, 2, 3]],
    ["orDone", () => orDone(ctx, numbers(3)), [1, 2, 3]],
    ["take", () => take(ctx, numbers(5), 2), [1, 2]],
    ["take, none", () => take(ctx, numbers(5), 0), []],
    ["take, more than there are", () => take(ctx, numbers(2), 5), [1, 2]],
    ["takeWhile", () => takeWhile(ctx, numbers(5), (n) => n < 3), [1, 2]],
    ["skip", () => skip(ctx, numbers(5), 2), [3, 4, 5]],
    ["skip, more than there are", () => skip(ctx, numbers(2), 5), []],
    ["skip, without end", () => skip(ctx, numbers(2), Number.POSITIVE_INFINITY), []],
    ["skipWhile", () => skipWhile(ctx, stream(ctx, [1, 2, 3, 1]), (n) => n < 3), [3, 1]],
    ["map", () => map(ctx, numbers(3), (n) => n * 10), [10, 20, 30]],
    ["map, asynchronously", () => map(ctx, numbers(3), async (n) => n * 10), [10, 20, 30]],
    ["filter", () => filter(ctx, numbers(5), even), [2, 4]],
    ["bridge", () => bridge(ctx, stream(ctx, [numbers(2), numbers(3)])), [1, 2, 1, 2, 3]],
    ["fanIn, of none", () => fanIn(ctx), []],
  ])("%s", async (_, make, values) => {
    expect(await collect(make())).toEqual(values);
  });

  it("fanIn: all values of all, each channel's in its order", async () => {
    const all = await collect(fanIn(ctx, numbers(3), stream(ctx, ["a", "b"]) as Channel<unknown>));
    expect(all.filter((value) => typeof value === "number")).toEqual([1, 2, 3]);
    expect(all.filter((value) => typeof value === "string")).toEqual(["a", "b"]);
    expect(all).toHaveLength(5);
  });

  it("fanOut: each value to one", async () => {
    const parts = await Promise.all(fanOut(ctx, numbers(100), 4).map(collect));
    expect(parts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    for (const part of parts) expect(part.length).toBeGreaterThan(0);
  });

  it("fanOut: who does not receive holds up nobody, and no value is kept for him", async () => {
    const [, second] = fanOut(ctx, numbers(10), 2);
    expect(await collect(second!)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("tee: each value to both", async () => {
    const [a, b] = tee(ctx, numbers(5));
    expect(await Promise.all([collect(a), collect(b)])).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
  });

  it("reduce", async () => {
    expect(await reduce(ctx, numbers(4), (sum, n) => sum + n, 0)).toBe(10);
    const none = new Channel<number>();
    none.close();
    expect(await reduce(background(), none, (sum, n) => sum + n, 7)).toBe(7);
  });

  it("carries values that are thenable, and undefined", async () => {
    const thenable = Promise.resolve("inside");
    const through = orDone(ctx, stream<unknown>(ctx, [undefined, { thenable }, undefined]));
    expect(await collect(through)).toEqual([undefined, { thenable }, undefined]);
    const [bare] = await orDone(ctx, stream<unknown>(ctx, [thenable])).receiveOk();
    expect(bare).toBe(thenable);
  });

  it("refuses numbers that are none", () => {
    for (const n of [-1, 0.5, Number.NaN]) {
      expect(() => take(ctx, numbers(1), n)).toThrow(RangeError);
      expect(() => skip(ctx, numbers(1), n)).toThrow(RangeError);
      expect(() => fanOut(ctx, numbers(1), n)).toThrow(RangeError);
    }
    expect(() => fanOut(ctx, numbers(1), 0)).toThrow(RangeError);
  });
});

describe("or", () => {
  it.each([0, 1, 2])("closes when channel %d of three does", async (which) => {
    const channels = [new Channel<number>(), new Channel<number>(), new Channel<number>()];
    const any = or(...channels);
    expect(await stateOf(any.receive())).toBe("pending");
    channels[which]!.close();
    expect(await any.receiveOk()).toEqual([undefined, false]);
    for (const channel of channels) expect(channel.receivers.length).toBe(0);
  });

  it("of none never closes, of one with it", async () => {
    expect(or().closed).toBe(false);
    expect(await stateOf(or().receive())).toBe("pending");
    const any = or(ctx.done);
    end();
    expect(await any.receiveOk()).toEqual([undefined, false]);
  });
});

describe("when the context ends", () => {
  const stages: [string, (ch: Channel<number>) => Channel<unknown>[]][] = [
    ["orDone", (ch) => [orDone(ctx, ch)]],
    ["fanIn", (ch) => [fanIn(ctx, ch, new Channel<number>())]],
    ["fanOut", (ch) => fanOut(ctx, ch, 3)],
    ["tee", (ch) => tee(ctx, ch)],
    ["bridge", (ch) => [bridge(ctx, stream(ctx, [ch]))]],
    ["bridge, between two", () => [bridge(ctx, new Channel<Channel<number>>())]],
    ["stream", (ch) => [stream(ctx, ch)]],
    ["take", (ch) => [take(ctx, ch, 9)]],
    ["takeWhile", (ch) => [takeWhile(ctx, ch, () => true)]],
    ["skip", (ch) => [skip(ctx, ch, 0)]],
    ["skipWhile", (ch) => [skipWhile(ctx, ch, () => false)]],
    ["map", (ch) => [map(ctx, ch, (n) => n)]],
    ["map, in its function", (ch) => [map(ctx, ch, () => new Promise(() => {}))]],
    ["filter", (ch) => [filter(ctx, ch, () => true)]],
  ];

  it.each(stages)("%s that waits for a value closes", async (_, make) => {
    const outs = make(new Channel<number>());
    await settled();
    end();
    for (const out of outs) expect(await out.receiveOk()).toEqual([undefined, false]);
  });

  it.each(stages)("%s that waits for a receiver closes, and drops what it has", async (_, make) => {
    const input = new Channel<number>(1);
    await input.send(1);
    const outs = make(input);
    await settled();
    end();
    await settled();
    for (const out of outs) expect(await out.receiveOk()).toEqual([undefined, false]);
  });

  it.each(stages)("%s that is made afterwards takes nothing", async (_, make) => {
    end();
    const input = new Channel<number>(1);
    await input.send(1);
    for (const out of make(input)) expect(await out.receiveOk()).toEqual([undefined, false]);
    expect(input.length).toBe(1);
  });

  it("reduce rejects with its cause", async () => {
    const why = new Error("why");
    const sum = reduce(ctx, new Channel<number>(), (a, b) => a + b, 0);
    const refused = expect(sum).rejects.toBe(why);
    end(why);
    await refused;
  });

  it("a context of the program's own will do", async () => {
    const own = new ForeignContext();
    const out = orDone(own, new Channel<number>());
    own.end(new Error("over"));
    expect(await out.receiveOk()).toEqual([undefined, false]);
  });

  it("stream tells an iterator that it is left, whether it waits or not", async () => {
    const left: string[] = [];
    function* endless() {
      try {
        for (;;) yield 1;
      } finally {
        left.push("sync");
      }
    }
    async function* endlessly() {
      try {
        for (;;) yield 1;
      } finally {
        left.push("async");
      }
    }
    const silent: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          left.push("silent");
          return { done: true, value: undefined };
        },
      }),
    };
    const outs = [stream(ctx, endless()), stream(ctx, endlessly()), stream(ctx, silent)];
    await settled();
    end();
    for (const out of outs) expect(await out.receiveOk()).toEqual([undefined, false]);
    await settled();
    expect(left.sort()).toEqual(["async", "silent", "sync"]);
  });
});

it("cancel at every turn: a pipeline passes on the first of its values, closes and leaves no task behind", async () => {
  const values = [1, 2, 3];
  const turns = await cancelAtEveryTurn(async (signal) => {
    const child = fromSignal(signal);
    const [a, b] = tee(child, stream(child, asynchronously(...values)));
    const parts = fanOut(
      child,
      map(child, a, async (n) => n),
      2,
    );
    const all = fanIn(
      child,
      ...parts,
      filter(child, b, () => false),
      bridge(child, stream(child, [])),
    );
    const seen = await collect(orDone(child, all));
    expect(seen).toEqual(values.slice(0, seen.length));
    if (!signal.aborted) expect(seen).toEqual(values);
  });
  expect(turns).toBeGreaterThan(20);
});

describe("pace", () => {
  it("a pipeline fetches no more than its stages hold", async () => {
    let fetched = 0;
    function* counted() {
      for (;;) yield ++fetched;
    }
    const stages = [stream(ctx, counted())];
    for (let i = 0; i < 3; i++) stages.push(map(ctx, stages.at(-1)!, (n) => n));
    await settled();
    expect(fetched, "one a stage").toBe(4);
    await stages.at(-1)!.receive();
    await settled();
    expect(fetched).toBe(5);
  });

  it("tee goes at the pace of the slower one", async () => {
    let fetched = 0;
    function* counted() {
      for (;;) yield ++fetched;
    }
    const [fast, slow] = tee(ctx, stream(ctx, counted()));
    expect(await fast.receive()).toBe(1);
    const second = fast.receive();
    expect(await stateOf(second)).toBe("pending");
    expect(fetched).toBe(2);
    await slow.receive();
    expect(await second).toBe(2);
  });

  it("take leaves the rest to others", async () => {
    const input = new Channel<number>(5);
    for (let i = 1; i <= 5; i++) await input.send(i);
    expect(await collect(take(ctx, input, 2))).toEqual([1, 2]);
    expect(input.length).toBe(3);
  });
});

describe("a consumer that stops", () => {
  it("leaves no wait behind at a context that never ends: its pipeline is collected", async () => {
    const { stdout, stderr } = await runText(
      `import { setFlagsFromString } from "node:v8";
       import { runInNewContext } from "node:vm";
       import { background } from "@lockscope/sync/context";
       import { map, stream } from "@lockscope/sync/patterns";
       setFlagsFromString("--expose-gc");
       const gc = runInNewContext("gc");
       const refs = [];
       await (async () => {
         for (let i = 0; i < 100; i++) {
           const out = map(background(), stream(background(), [1, 2, 3]), (n) => n);
           await out.receive();
           refs.push(new WeakRef(out));
         }
       })();
       await new Promise((resolve) => setTimeout(resolve, 10));
       gc();
       await new Promise((resolve) => setTimeout(resolve, 10));
       gc();
       console.log(refs.filter((ref) => ref.deref() !== undefined).length);`,
    );
    expect(stderr).toBe("");
    expect(Number(stdout), "of a hundred").toBeLessThan(5);
  });

  it("what a stage's function throws ends the process, as a panic of any task", async () => {
    const { code, stderr } = await runText(
      `import { background } from "@lockscope/sync/context";
       import { map, stream } from "@lockscope/sync/patterns";
       const out = map(background(), stream(background(), [1]), () => { throw new Error("in the stage"); });
       await out.receive();
       setTimeout(() => {}, 1000);`,
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining("Error: in the stage")]);
  });

  it("an output that somebody else closes is a panic too", async () => {
    const { code, stderr } = await runText(
      `import { background } from "@lockscope/sync/context";
       import { stream } from "@lockscope/sync/patterns";
       stream(background(), [1]).close();
       setTimeout(() => {}, 1000);`,
    );
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(new SyncError("send on closed channel", "").message),
    ]);
  });
});

describe("pipelines against arrays", () => {
  type Step =
    | { kind: "map" | "filter" | "orDone" | "tee" | "fanIn" | "fanOut"; n: number }
    | { kind: "take" | "skip" | "takeWhile" | "skipWhile"; n: number };

  it("a pipeline of any stages makes of its values what an array would; fans may change the order", async () => {
    const step: fc.Arbitrary<Step> = fc.record({
      kind: fc.constantFrom("map", "filter", "orDone", "tee", "take", "skip", "takeWhile", "skipWhile"),
      n: fc.nat({ max: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 9 }), { maxLength: 20 }),
        fc.array(step, { maxLength: 6 }),
        async (values, steps) => {
          const [child, cancel] = withCancelCause(ctx);
          let ch = stream(child, values);
          let model = values;
          for (const { kind, n } of steps) {
            if (kind === "map") {
              ch = map(child, ch, (value) => (value + n) % 10);
              model = model.map((value) => (value + n) % 10);
            } else if (kind === "filter") {
              ch = filter(child, ch, (value) => value !== n);
              model = model.filter((value) => value !== n);
            } else if (kind === "orDone") ch = orDone(child, ch);
            else if (kind === "tee") {
              const [a, b] = tee(child, ch);
              ch = fanIn(
                child,
                filter(child, a, () => false),
                b,
              );
            } else if (kind === "take") {
              ch = take(child, ch, n);
              model = model.slice(0, n);
            } else if (kind === "skip") {
              ch = skip(child, ch, n);
              model = model.slice(n);
            } else if (kind === "takeWhile") {
              ch = takeWhile(child, ch, (value) => value < n);
              const at = model.findIndex((value) => value >= n);
              model = at < 0 ? model : model.slice(0, at);
            } else {
              ch = skipWhile(child, ch, (value) => value < n);
              const at = model.findIndex((value) => value >= n);
              model = at < 0 ? [] : model.slice(at);
            }
          }
          expect(await collect(ch)).toEqual(model);
          cancel();
        },
      ),
    );
  });
});

async function* asynchronously<T>(...values: T[]): AsyncGenerator<T> {
  for (const value of values) {
    await null;
    yield value;
  }
}
