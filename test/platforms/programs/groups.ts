import { gosched, sleep } from "@lockscope/sync";
import {
  afterFunc,
  background,
  cause,
  fromSignal,
  withCancel,
  withCancelCause,
  withDeadline,
  withoutCancel,
  withTimeout,
  withValue,
} from "@lockscope/sync/context";
import { CyclicBarrier, ErrGroup, Semaphore, SingleFlight } from "@lockscope/sync/group";
import { all, last, race, retry, SchedGroup, settle, take, waterfall } from "@lockscope/sync/orchestrate";
import { type Cases, failure, wordsOf } from "./case.js";

const errorOf = (error: Error | undefined) => (error === undefined ? "none" : wordsOf(error));

/** Go's `context` and `x/sync`, a barrier, and work that is orchestrated. */
export const groups: Cases = {
  "context: cancel, cause, deadline, value": {
    async run() {
      const root = withValue(background(), "user", "ada");
      const [parent, cancel] = withCancelCause(root);
      const [child] = withCancel(parent);
      const apart = withoutCancel(parent);
      const called = new Promise((resolve) => afterFunc(child, () => resolve("called")));
      cancel(new Error("because"));
      await child.done.receive();
      const [late] = withTimeout(background(), 1);
      await late.done.receive();
      const [past] = withDeadline(background(), new Date(0));
      const foreign = fromSignal(AbortSignal.abort(new Error("foreign")));
      return [
        child.value("user"),
        errorOf(child.err),
        errorOf(cause(child)),
        child.signal.aborted,
        errorOf(apart.err),
        await called,
        errorOf(late.err),
        errorOf(past.err),
        errorOf(cause(foreign)),
      ];
    },
    expected: [
      "ada",
      "CanceledError: context canceled",
      "Error: because",
      true,
      "none",
      "called",
      "DeadlineExceededError: context deadline exceeded",
      "DeadlineExceededError: context deadline exceeded",
      "Error: foreign",
    ],
  },
  Semaphore: {
    async run() {
      const sem = new Semaphore(2);
      let [running, most] = [0, 0];
      const work = async () => {
        most = Math.max(most, ++running);
        await gosched();
        running--;
      };
      await Promise.all([1, 2, 3, 4, 5].map(() => sem.withPermit(work)));
      await sem.acquire(2);
      const refused = sem.tryAcquire();
      const large = sem.acquire(2);
      const small = sem.tryAcquire(1);
      sem.release(2);
      await large;
      return [most, refused, small, sem.available];
    },
    expected: [2, false, false, 0],
  },
  SingleFlight: {
    async run() {
      const flight = new SingleFlight<number>();
      let calls = 0;
      const fetch = () => gosched().then(() => ++calls);
      const both = await Promise.all([flight.do("key", fetch), flight.do("key", fetch)]);
      return [both, await flight.doChan("key", fetch).receive()];
    },
    expected: [
      [
        { value: 1, shared: true },
        { value: 1, shared: true },
      ],
      { value: 2, shared: false },
    ],
  },
  CyclicBarrier: {
    async run() {
      let rounds = 0;
      const barrier = new CyclicBarrier(3, () => void rounds++);
      const round = () => Promise.all([barrier.wait(), barrier.wait(), barrier.wait()]);
      const arrivals = [await round(), await round()];
      const broken = failure(() => barrier.wait());
      barrier.reset();
      return [arrivals, rounds, (await broken).split(":")[0], barrier.broken];
    },
    expected: [
      [
        [2, 1, 0],
        [2, 1, 0],
      ],
      2,
      "BrokenBarrierError",
      false,
    ],
  },
  ErrGroup: {
    async run() {
      const [group, ctx] = ErrGroup.withContext(background());
      group.setLimit(2);
      const ended: string[] = [];
      group.go(() => Promise.reject(new Error("first")));
      group.go(async () => {
        await ctx.done.receive();
        ended.push("told");
      });
      group.go(() => ended.push("queued"));
      return [await failure(() => group.wait()), ended.sort(), errorOf(cause(ctx))];
    },
    expected: ["Error: first", ["queued", "told"], "Error: first"],
  },
  orchestrate: {
    async run() {
      const ctx = background();
      const work = [
        () => sleep(4).then(() => "slow"),
        () => "fast",
        () => Promise.reject<string>(new Error("broken")),
      ] as const;
      let failures = 2;
      const again = () => (failures-- > 0 ? Promise.reject(new Error("again")) : "at last");
      const late: number[] = [];
      const scheduled = new SchedGroup(ctx);
      scheduled.delay(40, () => late.push(2));
      scheduled.delay(1, () => late.push(1));
      await scheduled.wait();
      return [
        (await settle(ctx, ...work)).map(({ status }) => status),
        await race(ctx, ...work),
        await failure(() => all(ctx, ...work)),
        await all(ctx, work[0], work[1]),
        await take(ctx, 1, work[0], work[1]),
        await last(ctx, 1, work[0], work[1]),
        await retry(ctx, 3, again),
        await waterfall(
          ctx,
          () => 1,
          (_ctx, n) => (n as number) + 1,
        ),
        late,
      ];
    },
    expected: [
      ["fulfilled", "fulfilled", "rejected"],
      "fast",
      "Error: broken",
      ["slow", "fast"],
      ["fast"],
      ["slow"],
      "at last",
      2,
      [1, 2],
    ],
  },
};
