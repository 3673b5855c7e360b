import { describe, expect, expectTypeOf, it } from "vitest";
import { Channel, onReceive, onSend, otherwise, type SelectCase, select, tick } from "./channel.js";
import {
  type Guard,
  go,
  type Locker,
  Mutex,
  RWMutex,
  type SyncError,
  sleep,
  type Task,
  WaitGroup,
} from "./index.js";

// Checked by the compiler (`npm run typecheck`): each expected error is one that a user would see as he types.
describe("types", () => {
  it("what comes out is what went in", () => {
    expectTypeOf(go(() => 1)).toEqualTypeOf<Task<number>>();
    expectTypeOf(go(async () => "x").join()).resolves.toEqualTypeOf<string>();
    expectTypeOf(new Mutex().withLock(async () => 1)).resolves.toEqualTypeOf<number>();
    expectTypeOf(new Mutex().acquire()).resolves.toEqualTypeOf<Guard>();
    expectTypeOf(new Channel<number>().receive()).resolves.toEqualTypeOf<number | undefined>();
    expectTypeOf(new Channel<number>().tryReceive()).toEqualTypeOf<
      [value: number | undefined, ok: boolean] | undefined
    >();
    expectTypeOf(onReceive(new Channel<number>(), (value) => String(value))).toEqualTypeOf<
      SelectCase<string>
    >();
    expectTypeOf(select(otherwise(async () => 1))).resolves.toEqualTypeOf<number>();
    expectTypeOf(tick).returns.toExtend<Disposable & Channel<Date>>();
    expectTypeOf<SyncError["code"]>().toEqualTypeOf<string>();
  });

  it("both mutexes and the read side are lockers; a channel of numbers is a channel of anything", () => {
    expectTypeOf<Mutex>().toExtend<Locker>();
    expectTypeOf<RWMutex>().toExtend<Locker>();
    expectTypeOf(new RWMutex().rLocker()).toEqualTypeOf<Locker>();
    expectTypeOf<Channel<number>>().toExtend<Channel<unknown>>();
    expectTypeOf<Guard>().toExtend<Disposable>();
  });

  it("what waits is a promise and nothing but, so that a linter sees an await that was forgotten", () => {
    const [mu, rw, wg, ch] = [new Mutex(), new RWMutex(), new WaitGroup(), new Channel<number>()];
    expectTypeOf(mu.lock).returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf(rw.rLock).returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf<Locker["lock"]>().returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf(wg.wait).returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf(ch.send).returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf(sleep).returns.toEqualTypeOf<Promise<void>>();
    expectTypeOf<"then" extends keyof Task ? true : false>().toEqualTypeOf<false>();
    expectTypeOf<"then" extends keyof Guard ? true : false>().toEqualTypeOf<false>();
  });

  it("misuse is an error as it is typed", () => {
    const misuse = async (mu: Mutex, rw: RWMutex, wg: WaitGroup, ch: Channel<number>) => {
      // @ts-expect-error a task is no promise: join() it
      (await go(() => 1)).toFixed();
      // @ts-expect-error a guard is not thenable
      mu.acquire().then((guard) => guard.then());
      // @ts-expect-error a promise is not a guard: await it
      using _guard = mu.acquire();
      // @ts-expect-error only an RWMutex has a read side
      mu.rLock();
      // @ts-expect-error the signal goes into an object
      rw.lock(new AbortController().signal);
      // @ts-expect-error a number, not its text
      ch.send("1");
      // @ts-expect-error a number, not its text
      onSend(ch, "1", () => {});
      // @ts-expect-error what is received may be undefined
      (await ch.receive()).toFixed();
      // @ts-expect-error by how much?
      wg.add();
      // @ts-expect-error a mutex is not made of an object that looks like one
      const _fake: Mutex = { ...mu };
      // @ts-expect-error lock state is read, not written
      mu.locked = false;
      // @ts-expect-error milliseconds are a number
      await sleep("1s");
    };
    expect(misuse).toBeTypeOf("function");
  });
});
