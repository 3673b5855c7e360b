import { afterEach, describe, expect, it } from "vitest";
import { Recorder } from "../../testing/recorder.js";
import { runText } from "../../testing/run-program.js";
import { inThread, startThread, startThreads } from "../../testing/threads.js";
import { settled } from "../../testing/turn.js";
import { Cond, detectRelock, go, gosched, SyncError, sleep } from "../index.js";
import { plugIn } from "../runtime/registry.js";
import { SharedMutex, SharedRWMutex } from "../shared.js";

const idle = { locked: false, woken: false, starving: false, waiters: 0 };
const stateOf = ({ locked, woken, starving, waiters }: SharedMutex) => ({ locked, woken, starving, waiters });

describe("SharedMutex", () => {
  it("TestMutex: tryLock is false while it is locked and true when it is free", async () => {
    const mu = new SharedMutex();
    await mu.lock();
    expect(mu.tryLock()).toBe(false);
    expect(SharedMutex.from(mu.handle).tryLock(), "another view of it").toBe(false);
    mu.unlock();
    expect(mu.tryLock()).toBe(true);
    expect(mu.locked).toBe(true);
    mu.unlock();
    expect(stateOf(mu)).toEqual(idle);
  });

  it("TestMutex: ten tasks that lock and try a thousand times each exclude one another and all end", async () => {
    const mu = new SharedMutex();
    let inside = 0;
    let sections = 0;
    const hammer = async () => {
      for (let i = 0; i < 1000; i++) {
        if (i % 3 === 0) {
          if (!mu.tryLock()) continue;
        } else await mu.lock();
        expect(++inside).toBe(1);
        await null;
        inside--;
        sections++;
        mu.unlock();
      }
    };
    await Promise.all(Array.from({ length: 10 }, () => go(hammer).join()));
    expect(sections).toBeGreaterThanOrEqual(6660);
    expect(stateOf(mu)).toEqual(idle);
  });

  it("TestMutex, TestSemaphore: blocked workers, awaiting workers and the main thread lose no update", async () => {
    const mu = new SharedMutex();
    const words = new Int32Array(new SharedArrayBuffer(8));
    const body = `
      const mu = shared.SharedMutex.from(data.mu);
      for (let i = 0; i < 5_000; i++) {
        if (data.index === 0 && i % 3 === 0) {
          if (!mu.tryLock()) continue;
        } else if (data.index < 2) mu.lockSync();
        else await mu.lock();
        data.words[0]++;
        Atomics.add(data.words, 1, 1);
        mu.unlock();
      }`;
    const threads = await startThreads(4, body, { mu: mu.handle, words });
    for (let i = 0; i < 2_000; i++) {
      await mu.lock();
      words[0]!++;
      Atomics.add(words, 1, 1);
      mu.unlock();
    }
    expect(await Promise.all(threads.map(({ end }) => end))).toEqual([0, 0, 0, 0]);
    expect(words[0]).toBe(words[1]);
    expect(words[0]).toBeGreaterThan(20_000);
    expect(stateOf(mu)).toEqual(idle);
  });

  it("TestMutexFairness: a worker that locks in a loop does not keep another thread out", async () => {
    const mu = new SharedMutex();
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const hog = await startThread(
      `
      const mu = shared.SharedMutex.from(data.mu);
      while (Atomics.load(data.stop, 0) === 0) {
        mu.lockSync();
        const until = performance.now() + 0.1;
        while (performance.now() < until);
        mu.unlock();
      }`,
      { mu: mu.handle, stop },
    );
    for (let i = 0; i < 10; i++) {
      await sleep(0.1);
      await mu.lock();
      mu.unlock();
    }
    Atomics.store(stop, 0, 1);
    expect(await hog.end).toBe(0);
    expect(stateOf(mu)).toEqual(idle);
  });

  it("who has waited for more than a millisecond is handed the lock: newcomers go in line", async () => {
    const mu = new SharedMutex();
    await mu.lock();
    const waiting = await startThread(
      `
      const mu = shared.SharedMutex.from(data);
      const got = mu.lock().then(() => post("locked"));
      post("waits");
      await got;
      mu.unlock();`,
      mu.handle,
    );
    await waiting.message();
    while (mu.waiters === 0) await gosched();
    const late = mu.lock();
    await sleep(3);
    // A call that is too early lets the first in line find out how long it has waited.
    (mu as unknown as { lines: { callFirst(): void }[] }).lines[0]!.callFirst();
    while (!mu.starving) await gosched();
    expect(mu.tryLock()).toBe(false);
    mu.unlock();
    expect(mu.tryLock(), "it is free, but not for us").toBe(false);
    expect(await waiting.message()).toBe("locked");
    await late;
    mu.unlock();
    expect(stateOf(mu)).toEqual(idle);
    await waiting.end;
  });

  it("tasks of one thread get it in order of arrival", async () => {
    const mu = new SharedMutex();
    const order: number[] = [];
    await mu.lock();
    for (const n of [1, 2, 3]) void mu.lock().then(() => order.push(n));
    expect(mu.waiters).toBe(3);
    for (let i = 0; i < 3; i++) {
      mu.unlock();
      await settled();
    }
    expect(order).toEqual([1, 2, 3]);
    mu.unlock();
    expect(stateOf(mu)).toEqual(idle);
  });

  it("a thread that blocks gets what was for its own tasks, which cannot run meanwhile", async () => {
    const mu = new SharedMutex();
    await mu.lock();
    const worker = await startThread(
      `
      const mu = shared.SharedMutex.from(data);
      const other = shared.SharedMutex.from(data);
      const first = mu.lock().then(() => { post("task"); mu.unlock(); });
      post("ready");
      post(other.lockSync(5_000));
      mu.unlock();
      await first;`,
      mu.handle,
    );
    await worker.message();
    while (mu.waiters < 2) await gosched();
    mu.unlock();
    expect([await worker.message(), await worker.message()]).toEqual([true, "task"]);
    await worker.end;
    expect(stateOf(mu)).toEqual(idle);
  });

  it("lockSync returns false when time is up, and leaves nothing behind", async () => {
    const mu = new SharedMutex();
    await mu.lock();
    expect(mu.lockSync(0)).toBe(false);
    expect(mu.lockSync(5)).toBe(false);
    expect(mu.waiters).toBe(0);
    mu.unlock();
    expect(mu.lockSync(0)).toBe(true);
    mu.unlock();
    expect(stateOf(mu)).toEqual(idle);
  });

  it("a time-out or an abort passes the call on to whoever is next", async () => {
    const mu = new SharedMutex();
    for (let round = 0; round < 20; round++) {
      await mu.lock();
      const got = inThread(
        `const mu = shared.SharedMutex.from(data); const got = mu.lockSync(1); if (got) mu.unlock(); post(got);`,
        mu.handle,
      );
      const controller = new AbortController();
      const gone = mu.lock({ signal: controller.signal }).then(
        () => mu.unlock(),
        () => {},
      );
      const next = mu.lock();
      setTimeout(() => controller.abort(), round % 3);
      setTimeout(() => mu.unlock(), 1);
      await next;
      mu.unlock();
      await Promise.all([gone, got]);
      expect(stateOf(mu)).toEqual(idle);
    }
  });

  it("may be unlocked by a thread that did not lock it", async () => {
    const mu = new SharedMutex();
    await mu.lock();
    await inThread(`shared.SharedMutex.from(data).unlock(); post("done");`, mu.handle);
    expect(mu.locked).toBe(false);
  });

  it("TestMutexMisuse (Mutex.Unlock, Mutex.Unlock2)", async () => {
    const mu = new SharedMutex({ name: "counter" });
    const unlocked = expect.objectContaining({
      name: "SyncError",
      message: "sync: unlock of unlocked mutex",
      code: "unlock-of-unlocked",
      primitive: "counter",
    });
    expect(() => mu.unlock()).toThrow(unlocked);
    await mu.lock();
    mu.unlock();
    expect(() => SharedMutex.from(mu.handle).unlock()).toThrow(unlocked);
    expect(mu.tryLock(), "still usable").toBe(true);
  });

  it("guards release at the end of the block, once", async () => {
    const mu = new SharedMutex();
    await expect(async () => {
      using _guard = await mu.acquire();
      expect(mu.locked).toBe(true);
      throw new Error("left early");
    }).rejects.toThrow("left early");
    expect(await mu.withLock(() => mu.locked)).toBe(true);
    await expect(
      mu.withLock(() => {
        throw new Error("inside");
      }),
    ).rejects.toThrow("inside");
    expect(stateOf(mu)).toEqual(idle);
  });

  it("is a Locker: Cond works with it within a thread", async () => {
    const mu = new SharedMutex();
    const cond = new Cond(mu);
    await mu.lock();
    const woken = go(async () => {
      await mu.lock();
      await cond.wait();
      mu.unlock();
      return "woken";
    });
    mu.unlock();
    await settled();
    await mu.withLock(() => cond.signal());
    expect(await woken.join()).toBe("woken");
    expect(stateOf(mu)).toEqual(idle);
  });
});

describe("SharedMutex cancellation", () => {
  const warnings: Error[] = [];
  const collect = (warning: Error) => warnings.push(warning);
  afterEach(() => {
    process.off("warning", collect);
    plugIn(null);
  });

  it("an aborted signal takes nothing, even when the lock is free", async () => {
    const mu = new SharedMutex();
    const reason = new Error("changed my mind");
    const signal = AbortSignal.abort(reason);
    await expect(mu.lock({ signal })).rejects.toBe(reason);
    await expect(mu.acquire({ signal })).rejects.toBe(reason);
    await expect(mu.withLock(() => expect.unreachable(), { signal })).rejects.toBe(reason);
    expect(stateOf(mu)).toEqual(idle);
  });

  it("a given-up wait swallows nobody else's call", async () => {
    const mu = new SharedMutex();
    await mu.lock();
    const controller = new AbortController();
    const gone = mu.lock({ signal: controller.signal });
    const worker = await startThread(
      `const mu = shared.SharedMutex.from(data); mu.lockSync(); post("locked"); mu.unlock();`,
      mu.handle,
    );
    while (mu.waiters < 2) await gosched();
    controller.abort(new Error("gone"));
    await expect(gone).rejects.toThrow("gone");
    expect(mu.waiters).toBe(1);
    mu.unlock();
    expect(await worker.message()).toBe("locked");
    expect(await worker.end).toBe(0);
    expect(stateOf(mu)).toEqual(idle);
  });

  it("ten thousand waiters on one signal leave at once, without a warning", async () => {
    process.on("warning", collect);
    const mu = new SharedMutex();
    await mu.lock();
    const controller = new AbortController();
    const order: number[] = [];
    for (let i = 0; i < 10_000; i++) mu.lock({ signal: controller.signal }).catch(() => order.push(i));
    expect(mu.waiters).toBe(10_000);
    controller.abort();
    expect(mu.waiters).toBe(0);
    await settled();
    expect(order).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    expect(warnings).toEqual([]);
    mu.unlock();
    expect(stateOf(mu)).toEqual(idle);
  });

  it("cancel at every step: the wait ends either with the lock or without a trace", async () => {
    for (let step = 0; step <= 5; step++) {
      const mu = new SharedMutex();
      const controller = new AbortController();
      const { signal } = controller;
      const [held, left] = [() => "held", () => "left"];
      const waits: Promise<string>[] = [];
      const script: (() => unknown)[] = [
        () => waits.push(mu.lock().then(held)),
        () => waits.push(mu.lock({ signal }).then(held, left)),
        () => waits.push(mu.lock().then(held)),
        () => mu.unlock(),
        () => settled(),
      ];
      for (const [at, act] of script.entries()) {
        if (at === step) controller.abort();
        await act();
      }
      if (step === script.length) controller.abort();
      mu.unlock();
      await settled();
      if (mu.locked) mu.unlock();
      expect(await Promise.all(waits), `aborted before step ${step}`).toEqual([
        "held",
        step <= 3 ? "left" : "held",
        "held",
      ]);
      expect(stateOf(mu)).toEqual(idle);
    }
  });

  it("parks through the seam: the instrument sees waits, hand-overs and what went through at once", async () => {
    const recorder = new Recorder();
    plugIn(recorder);
    const mu = new SharedMutex({ name: "mu" });
    await mu.lock();
    const wait = mu.lock();
    const controller = new AbortController();
    const gone = mu.lock({ signal: controller.signal }).catch(() => {});
    controller.abort();
    await gone;
    mu.unlock();
    await wait;
    expect(mu.tryLock()).toBe(false);
    mu.unlock();
    expect(recorder.take()).toEqual([
      "created mu",
      "lock mu 0",
      "main parked: lock mu",
      "main parked: lock mu",
      "main cancelled: lock",
      "unlock mu 0",
      "main readied: lock",
      "lockFailed mu 0",
      "unlock mu 0",
    ]);
  });
});

describe("with re-locks found", () => {
  it("a task that locks again gets an error, and stands in no line", async () => {
    using _ = detectRelock();
    const mu = new SharedMutex();
    await go(async () => {
      await mu.lock();
      await gosched();
      await expect(mu.lock()).rejects.toMatchObject({ code: "reentrant-lock" });
      expect(mu.waiters).toBe(0);
      mu.unlock();
      await settled();
    }).join();
    expect(stateOf(mu)).toEqual(idle);
  });
});

describe("handles", () => {
  it("carry the name; posting the primitive itself throws", async () => {
    const mu = new SharedMutex({ name: "accounts" });
    expect(SharedMutex.from(structuredClone(mu.handle)).name).toBe("accounts");
    expect(new SharedMutex().name).toMatch(/^SharedMutex#\d+$/);
    expect(() => structuredClone(mu)).toThrow(/post its handle/);
    expect(() => JSON.stringify(mu)).toThrow(SyncError);
  });

  it("of another kind, or none, throw", () => {
    const wrong = expect.objectContaining({ name: "SyncError", code: "wrong-handle" });
    expect(() => SharedMutex.from(new SharedRWMutex().handle)).toThrow(wrong);
    expect(() => SharedMutex.from({} as never)).toThrow(wrong);
    expect(() => SharedMutex.from(undefined as never)).toThrow(wrong);
    expect(() => SharedMutex.from(new SharedMutex() as never)).toThrow(wrong);
  });

  it("more threads than there is memory for are told so", async () => {
    const mu = new SharedMutex({ threads: 1 });
    await mu.lock();
    const mine = mu.lock();
    const told = await inThread(
      `await shared.SharedMutex.from(data).lock().catch((error) => post(error.code));`,
      mu.handle,
    );
    expect(told).toBe("too-many-threads");
    mu.unlock();
    await mine;
    mu.unlock();
    expect(stateOf(mu)).toEqual(idle);
  });
});

describe("the event loop", () => {
  it("lives as long as a task waits for another thread, and no longer", async () => {
    const { code, stdout } = await runText(`
      import { SharedMutex } from "@lockscope/sync/shared";
      const mu = new SharedMutex();
      await mu.lock();
      setTimeout(() => mu.unlock(), 50).unref();
      await mu.lock();
      console.log("locked");
      await mu.lock({ signal: AbortSignal.timeout(20) }).catch(() => console.log("gave up"));
    `);
    expect([code, stdout]).toEqual([0, "locked\ngave up\n"]);
  });
});
