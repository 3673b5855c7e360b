import { go, gosched } from "@lockscope/sync";
import { after, Channel, onReceive, onSend, otherwise, select, Timer, tick } from "@lockscope/sync/channel";
import { background, withCancel } from "@lockscope/sync/context";
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
} from "@lockscope/sync/patterns";
import { type Cases, failure } from "./case.js";

async function all<T>(channel: Channel<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of channel) values.push(value);
  return values;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Go's `chan`, `select`, timers, and what is built of them. */
export const channels: Cases = {
  "Channel: unbuffered and buffered, closed, nil": {
    async run() {
      const jobs = new Channel<number>();
      const sender = go(async () => {
        for (const n of [1, 2, 3]) await jobs.send(n);
        jobs.close();
      });
      const received = await all(jobs);
      await sender.join();
      const buffered = new Channel<string>(2);
      const tried = [buffered.trySend("a"), buffered.trySend("b"), buffered.trySend("c")];
      buffered.close();
      const left = [await buffered.receiveOk(), buffered.tryReceive(), await buffered.receiveOk()];
      const signal = AbortSignal.timeout(1);
      const never = await failure(() => Channel.nil<number>().receive({ signal }));
      return [received, tried, left, await failure(() => buffered.send("d")), never.split(":")[0]];
    },
    expected: [
      [1, 2, 3],
      [true, true, false],
      [
        ["a", true],
        ["b", true],
        [null, false],
      ],
      "send-on-closed: send on closed channel",
      "TimeoutError",
    ],
  },
  select: {
    async run() {
      const [a, b] = [new Channel<string>(1), new Channel<string>(1)];
      const cases = () => [
        onReceive(a, (value) => `a ${value}`),
        onSend(b, "to b", () => "sent"),
        otherwise(() => "nothing ready"),
      ];
      const first = await select(...cases());
      const second = await select(...cases());
      const waiting = select(
        onReceive(a, (value) => `a ${value}`),
        onReceive(after(10_000), () => "late"),
      );
      await gosched();
      await a.send("in time");
      return [first, second, await waiting, await b.receive()];
    },
    expected: ["sent", "nothing ready", "a in time", "to b"],
  },
  "Timer, after, tick": {
    async run() {
      const stopped = new Timer(10_000);
      const stop = [stopped.stop(), stopped.stop()];
      using timer = new Timer(10_000);
      const reset = timer.reset(1);
      const fired = (await timer.c.receive()) instanceof Date;
      using ticks = tick(1);
      await ticks.receive();
      const again = (await ticks.receive()) instanceof Date;
      return [stop, reset, fired, again, (await after(1).receive()) instanceof Date];
    },
    expected: [[true, false], true, true, true, true],
  },
  "patterns: stages": {
    async run() {
      const [ctx, cancel] = withCancel(background());
      const numbers = () => stream(ctx, [1, 2, 3, 4, 5]);
      const seen = [
        await all(map(ctx, numbers(), (n) => n * n)),
        await all(filter(ctx, numbers(), (n) => n % 2 === 1)),
        await all(take(ctx, numbers(), 2)),
        await all(takeWhile(ctx, numbers(), (n) => n < 4)),
        await all(skip(ctx, numbers(), 3)),
        await all(skipWhile(ctx, numbers(), (n) => n < 3)),
        await reduce(ctx, numbers(), (a, n) => a + n, 0),
      ];
      cancel();
      return seen;
    },
    expected: [[1, 4, 9, 16, 25], [1, 3, 5], [1, 2], [1, 2, 3], [4, 5], [3, 4, 5], 15],
  },
  "patterns: joined and split": {
    async run() {
      const [ctx, cancel] = withCancel(background());
      const numbers = () => stream(ctx, [1, 2, 3, 4]);
      const merged = await all(fanIn(ctx, numbers(), numbers()));
      const shares = await Promise.all(fanOut(ctx, numbers(), 2).map(all));
      const both = await Promise.all(tee(ctx, numbers()).map(all));
      const flat = await all(bridge(ctx, stream(ctx, [numbers(), numbers()])));
      const passed = await all(orDone(ctx, numbers()));
      const never = new Channel<unknown>();
      const one = new Channel<unknown>();
      const either = or(never, one);
      one.close();
      const ended = await either.receiveOk();
      cancel();
      return [sum(merged), sum(shares.flat()), both, flat, passed, ended];
    },
    expected: [
      20,
      10,
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ],
      [1, 2, 3, 4, 1, 2, 3, 4],
      [1, 2, 3, 4],
      [null, false],
    ],
  },
};
