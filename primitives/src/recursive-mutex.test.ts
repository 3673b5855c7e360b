import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calls, cancelAtEveryTurn, checkPrograms, underManyOrders } from "../testing/programs.js";
import { runText } from "../testing/run-program.js";
import { expectParked, settled } from "../testing/turn.js";
import { Channel } from "./channel.js";
import { go, gosched, RecursiveMutex, SyncError, type Task } from "./index.js";

/** Somebody who does what he is told, as one task. */
class Actor {
  readonly #orders = new Channel<() => unknown>(1000);
  readonly task: Task = go(async () => {
    for await (const order of this.#orders) await order();
  });

  /** Runs `fn` as this task. */
  ask<T>(fn: () => T | PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#orders.trySend(() => {
        try {
          // Not awaited: a wait must not keep him from the next order.
          Promise.resolve(fn()).then(resolve, reject);
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  end(): void {
    this.#orders.close();
  }
}

describe("RecursiveMutex", () => {
  it("may be locked again by the task that holds it, and is free after as many unlocks", async () => {
    const mu = new RecursiveMutex();
    const depths: number[] = [];
    const task = go(async () => {
      await mu.lock();
      await gosched();
      await mu.lock();
      expect(mu.tryLock()).toBe(true);
      expect(mu.owner).toBe(task);
      for (; mu.depth > 0; mu.unlock()) depths.push(mu.depth);
    });
    await task.join();
    expect(depths).toEqual([3, 2, 1]);
    expect([mu.owner, mu.depth, mu.locked]).toEqual([undefined, 0, false]);
  });

  it("keeps other tasks out until the last unlock, and hands on in order of arrival", async () => {
    const mu = new RecursiveMutex();
    const order: string[] = [];
    const first = go(async () => {
      await mu.lock();
      await mu.lock();
      await gosched();
      mu.unlock();
      await gosched();
      order.push("first");
      mu.unlock();
    });
    const others = ["second", "third"].map((name) =>
      go(async () => {
        expect(mu.tryLock()).toBe(false);
        await mu.lock();
        await mu.lock();
        order.push(name);
        await gosched();
        mu.unlock();
        mu.unlock();
      }),
    );
    await null;
    await null;
    expect([mu.owner, mu.waiters]).toEqual([first, 2]);
    await Promise.all([first, ...others].map((task) => task.join()));
    expect(order).toEqual(["first", "second", "third"]);
  });

  it("a task that its holder starts is another task", async () => {
    const mu = new RecursiveMutex();
    await go(async () => {
      await mu.lock();
      const inner = go(() => mu.lock());
      await expectParked(inner.join());
      mu.unlock();
      await inner.join();
      expect(mu.owner).toBe(inner);
    }).join();
  });

  it("guards and withLock go one deeper and come back", async () => {
    const mu = new RecursiveMutex();
    await go(async () => {
      {
        using _outer = await mu.acquire();
        using _inner = await mu.acquire();
        expect(mu.depth).toBe(2);
        expect(await mu.withLock(async () => mu.depth)).toBe(3);
        await expect(mu.withLock(() => Promise.reject(new Error("inside")))).rejects.toThrow("inside");
        expect(mu.depth).toBe(2);
      }
      expect(mu.depth).toBe(0);
    }).join();
  });
});

describe("RecursiveMutex misuse", () => {
  it("unlock of what nobody holds", () => {
    const mu = new RecursiveMutex({ name: "mu" });
    expect(() => mu.unlock()).toThrow(
      expect.objectContaining({
        message: "sync: unlock of unlocked mutex",
        code: "unlock-of-unlocked",
        primitive: "mu",
      }),
    );
  });

  it("unlock of what another task holds, or of a task's outside go", async () => {
    const mu = new RecursiveMutex();
    const foreign = expect.objectContaining({ code: "foreign-release" });
    const holder = go(() => mu.lock());
    await holder.join();
    expect(() => mu.unlock()).toThrow(foreign);
    await expect(go(() => mu.unlock()).join()).rejects.toEqual(foreign);
    expect([mu.owner, mu.depth]).toEqual([holder, 1]);
  });
});

describe("RecursiveMutex outside go", () => {
  it("excludes, but knows no holder: to lock again what is held outside go fails", async () => {
    const mu = new RecursiveMutex();
    await mu.lock();
    expect([mu.owner, mu.depth]).toEqual([undefined, 1]);
    await expect(mu.lock()).rejects.toMatchObject({ code: "holder-unknown" });
    await expect(mu.withLock(() => {})).rejects.toMatchObject({ code: "holder-unknown" });
    expect(mu.tryLock()).toBe(false);
    await expect(go(() => mu.unlock()).join()).rejects.toMatchObject({ code: "foreign-release" });
    mu.unlock();
    expect(mu.locked).toBe(false);
  });

  it("waits for a task, and a task for it", async () => {
    const mu = new RecursiveMutex();
    const task = go(async () => {
      await mu.lock();
      await gosched();
      mu.unlock();
      await mu.lock();
      expect(mu.owner).toBe(task);
      mu.unlock();
    });
    await null;
    await null;
    expect(mu.owner).toBe(task);
    await mu.lock();
    expect(mu.owner).toBeUndefined();
    await expectParked(task.join());
    mu.unlock();
    await task.join();
  });

  it("withLock is a task of its own, so that what it runs may lock again; two exclude one another", async () => {
    const mu = new RecursiveMutex();
    let inside = 0;
    const section = () =>
      mu.withLock(async () => {
        await gosched();
        await mu.withLock(async () => {
          expect([++inside, mu.depth]).toEqual([1, 2]);
          await gosched();
          inside--;
        });
        return "value";
      });
    expect(await Promise.all([section(), section()])).toEqual(["value", "value"]);
    const failing = mu.withLock(() => {
      throw new Error("inside");
    });
    await expect(failing).rejects.toThrow("inside");
    await expect(mu.withLock(() => {}, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
    expect(mu.locked).toBe(false);
  });

  it("is where a task stays that had awaited something before the first RecursiveMutex was made", async () => {
    const { code, stdout } = await runText(`
      import { go, RecursiveMutex, sleep } from "@lockscope/sync";
      let mu;
      const early = go(async () => {
        await sleep(1);
        await mu.lock();
        return mu.owner?.name;
      }, { name: "early" });
      const maker = go(async () => {
        mu = new RecursiveMutex();
        await null;
        await mu.lock();
        const name = mu.owner?.name;
        mu.unlock();
        return name;
      }, { name: "maker" });
      console.log(await maker.join(), await early.join());
    `);
    expect([code, stdout]).toEqual([0, "maker undefined\n"]);
  });
});

describe("RecursiveMutex cancellation", () => {
  it("an aborted signal takes nothing, nor goes deeper", async () => {
    const mu = new RecursiveMutex();
    const signal = AbortSignal.abort(new Error("no"));
    await expect(mu.lock({ signal })).rejects.toThrow("no");
    await go(async () => {
      await mu.lock();
      await expect(mu.lock({ signal })).rejects.toThrow("no");
      expect(mu.depth).toBe(1);
    }).join();
  });

  it("cancel at every step: each has it as deep as it asked, or not at all", async () => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const mu = new RecursiveMutex();
      const section = (options?: { signal: AbortSignal }) =>
        go(async () => {
          let taken = 0;
          try {
            for (; taken < 2; taken++) await mu.lock(options);
            await null;
          } catch (error) {
            expect(error).toBe(reason);
          }
          if (taken > 0) expect(mu.depth).toBe(taken);
          for (; taken > 0; taken--) mu.unlock();
        });
      const tasks = [section(), section({ signal }), section()];
      await Promise.all(tasks.map((task) => task.join()));
      expect([mu.owner, mu.depth, mu.waiters]).toEqual([undefined, 0, 0]);
    });
    expect(points).toBeGreaterThan(5);
  });
});

describe("RecursiveMutex against a model", () => {
  it("is a mutex with an owner and a depth, whatever three tasks do with it", async () => {
    const step = fc.record({
      act: fc.constantFrom("lock", "lock", "tryLock", "unlock", "unlock", "abort"),
      who: fc.nat({ max: 2 }),
    });
    const program = (actors: Actor[]) => {
      const mu = new RecursiveMutex();
      const calls = new Calls();
      let owner: number | null = null;
      let depth = 0;
      let line: { who: number; call: number }[] = [];
      return {
        async step({ act, who }: { act: "lock" | "tryLock" | "unlock" | "abort"; who: number }) {
          const actor = actors[who]!;
          const waiting = line.find((wait) => wait.who === who);
          if (act === "abort") {
            if (waiting === undefined) return;
            line = line.filter((wait) => wait !== waiting);
            calls.abort(waiting.call);
          } else if (waiting !== undefined) {
            return;
          } else if (act === "unlock") {
            if (owner !== who) {
              await expect(actor.ask(() => mu.unlock())).rejects.toThrow(SyncError);
              return;
            }
            if (--depth === 0) {
              const next = line.shift();
              owner = next?.who ?? null;
              depth = next === undefined ? 0 : 1;
            }
            await actor.ask(() => mu.unlock());
          } else {
            const enters = owner === null || owner === who;
            if (act === "tryLock") expect(await actor.ask(() => mu.tryLock())).toBe(enters);
            else {
              const call = calls.begin((options) => actor.ask(() => mu.lock(options)));
              if (!enters) line.push({ who, call });
            }
            if (enters) {
              owner = who;
              depth++;
            }
          }
          await settled();
          expect(mu.owner).toBe(owner === null ? undefined : actors[owner]!.task);
          expect([mu.depth, mu.waiters]).toEqual([depth, line.length]);
        },
        end: () => actors.map((actor) => actor.end()),
      };
    };
    await checkPrograms(step, () => program([new Actor(), new Actor(), new Actor()]), {
      maxLength: 40,
      numRuns: 60,
    });
  });

  it("excludes under every order in which the tasks' other awaits end", async () => {
    await underManyOrders(async (pause) => {
      const mu = new RecursiveMutex();
      let inside = 0;
      const section = async () => {
        await pause("arrives");
        await mu.lock();
        expect(++inside).toBe(1);
        await pause("works");
        await mu.withLock(() => pause("deeper"));
        inside--;
        mu.unlock();
      };
      const tasks = [1, 2, 3].map(() => go(section));
      await Promise.all(tasks.map((task) => task.join()));
      expect(mu.locked).toBe(false);
    });
  });
});
