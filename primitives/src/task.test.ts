import { describe, expect, it } from "vitest";
import { expectParked, settled, stateOf } from "../testing/turn.js";
import { withVirtualTime } from "../testing/virtual-clock.js";
import { currentTask, defer, go, gosched, Mutex, numTasks, sleep, type Task } from "./index.js";

describe("go", () => {
  it("begins after the caller's current synchronous stretch, never inside go", async () => {
    const order: string[] = [];
    const task = go(() => order.push("task"));
    order.push("caller");
    await task.join();
    expect(order).toEqual(["caller", "task"]);
  });

  it("begins tasks in the order in which they were started", async () => {
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((n) => go(() => order.push(n)).join()));
    expect(order).toEqual([1, 2, 3]);
  });

  it("join returns what the function returned, as often as it is asked, before and after the end", async () => {
    const task = go(async () => "value");
    expect(await Promise.all([task.join(), task.join()])).toEqual(["value", "value"]);
    expect(await task.join()).toBe("value");
    expect(task.state).toBe("done");
  });

  it("join rejects with the very thing that was thrown, sync or async, be it undefined", async () => {
    const boom = new Error("boom");
    const sync = go(() => {
      throw boom;
    });
    await expect(sync.join()).rejects.toBe(boom);
    await expect(go(() => Promise.reject(undefined)).join()).rejects.toBe(undefined);
    expect(sync.state).toBe("panicked");
  });

  it("join in the same turn as the panic is in time", async () => {
    const task = go(() => {
      throw new Error("late");
    });
    await null;
    await null;
    expect(task.state).toBe("panicked");
    await expect(task.join()).rejects.toThrow("late");
  });

  it("is no thenable: a task can be returned from an async function", async () => {
    const task = await (async () => go(() => 1))();
    expect(await task.join()).toBe(1);
  });

  it("takes its name from the options, else the function, else its number", () => {
    function worker() {}
    expect(go(worker, { name: "first" }).name).toBe("first");
    expect(go(worker).name).toBe("worker");
    const anonymous = go(() => {});
    expect(anonymous.name).toBe(`task#${anonymous.id}`);
  });

  it("numTasks counts from go to the end of the task", async () => {
    await settled();
    const before = numTasks();
    const mu = new Mutex();
    await mu.lock();
    const tasks = [go(() => mu.lock()), go(() => {}), go(() => Promise.reject(new Error("counted")))];
    expect(numTasks()).toBe(before + 3);
    await expect(tasks[2]!.join()).rejects.toThrow("counted");
    await tasks[1]!.join();
    expect(numTasks()).toBe(before + 1);
    mu.unlock();
    await tasks[0]!.join();
    expect(numTasks()).toBe(before);
  });
});

describe("task state and identity", () => {
  it("is waiting while it is parked, and running before and after", async () => {
    const mu = new Mutex();
    await mu.lock();
    const task = go(async () => {
      await mu.lock();
      mu.unlock();
    });
    expect(task.state).toBe("running");
    await settled();
    expect(task.state).toBe("waiting");
    mu.unlock();
    expect(task.state).toBe("running");
    await task.join();
    expect(task.state).toBe("done");
  });

  it("currentTask is the running task, across awaits, and undefined in the main program", async () => {
    expect(currentTask()).toBeUndefined();
    const seen: (Task | undefined)[] = [];
    const body = async () => {
      seen.push(currentTask());
      await sleep(1);
      seen.push(currentTask());
    };
    const tasks = [go(body), go(body)];
    expect(currentTask()).toBeUndefined();
    await Promise.all(tasks.map((task) => task.join()));
    expect(seen).toEqual([tasks[0], tasks[1], tasks[0], tasks[1]]);
    expect(currentTask()).toBeUndefined();
  });

  it("a task started by a task is its own", async () => {
    const outer = go(async () => {
      const inner = go(() => currentTask());
      return [inner, await inner.join(), currentTask()] as const;
    });
    const [inner, seen, after] = await outer.join();
    expect(seen).toBe(inner);
    expect(after).toBe(outer);
  });
});

describe("sleep and gosched", () => {
  it("sleep returns when its time has come, in the order of the times", async () => {
    await withVirtualTime(async (clock) => {
      const order: number[] = [];
      for (const ms of [30, 10, 20]) void sleep(ms).then(() => order.push(ms));
      await clock.advance(9.9);
      expect(order).toEqual([]);
      await clock.advance(10.1);
      expect(order).toEqual([10, 20]);
      await clock.advance(10);
      expect(order).toEqual([10, 20, 30]);
    });
  });

  it("sleep of nothing, less or no number returns at once; of infinity never", async () => {
    await Promise.all([sleep(0), sleep(-1), sleep(Number.NaN)]);
    const controller = new AbortController();
    const forever = sleep(Number.POSITIVE_INFINITY, { signal: controller.signal });
    await expectParked(forever);
    controller.abort(new Error("enough"));
    await expect(forever).rejects.toThrow("enough");
  });

  it("sleep gives up with its signal and leaves no timer behind", async () => {
    await withVirtualTime(async (clock) => {
      const reason = new Error("woken");
      await expect(sleep(10, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      const controller = new AbortController();
      const asleep = sleep(10, { signal: controller.signal });
      expect(clock.pending).toBe(1);
      controller.abort(reason);
      await expect(asleep).rejects.toBe(reason);
      expect(clock.pending).toBe(0);
    });
  });

  it("gosched lets timers have their say", async () => {
    let done = false;
    setTimeout(() => {
      done = true;
    }, 0);
    while (!done) await gosched();
    expect(done).toBe(true);
  });

  it("gosched lets every task that can run go first", async () => {
    const order: string[] = [];
    const yielding = go(async () => {
      await gosched();
      order.push("after gosched");
    });
    const chain = go(async () => {
      for (let i = 0; i < 5; i++) await null;
      order.push("chain of awaits");
    });
    await Promise.all([yielding.join(), chain.join()]);
    expect(order).toEqual(["chain of awaits", "after gosched"]);
  });
});

describe("defer", () => {
  it("runs at the end of the block, last first, however it is left, and once", async () => {
    const order: string[] = [];
    const block = () => {
      using first = defer(() => order.push("first"));
      using _second = defer(() => order.push("second"));
      first[Symbol.dispose]();
      order.push("body");
      throw new Error("left");
    };
    expect(block).toThrow("left");
    expect(order).toEqual(["first", "body", "second"]);
  });

  it("unlocks", async () => {
    const mu = new Mutex();
    await (async () => {
      await mu.lock();
      using _ = defer(() => mu.unlock());
      expect(mu.locked).toBe(true);
    })();
    expect(mu.locked).toBe(false);
    expect(await stateOf(mu.lock())).toBe("fulfilled");
  });
});
