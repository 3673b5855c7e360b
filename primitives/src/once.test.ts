import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calls, cancelAtEveryTurn, checkPrograms, underManyOrders } from "../testing/programs.js";
import { runText } from "../testing/run-program.js";
import { expectParked, settled } from "../testing/turn.js";
import { go, Once } from "./index.js";

/** A function that ends when it is told to. */
function gate(): { fn: () => Promise<void>; open: () => void; fail: (error: unknown) => void; runs: number } {
  const made = { fn: () => Promise.resolve(), open() {}, fail(_: unknown) {}, runs: 0 };
  const end = new Promise<void>((resolve, reject) => {
    Object.assign(made, { open: resolve, fail: reject });
  });
  made.fn = () => {
    made.runs++;
    return end;
  };
  return made;
}

describe("Once", () => {
  it("TestOnce: of ten tasks one runs the function, and all see what it did", async () => {
    const once = new Once();
    let o = 0;
    const task = async () => {
      await once.do(async () => {
        await null;
        o++;
      });
      expect(o).toBe(1);
    };
    await Promise.all(Array.from({ length: 10 }, () => go(task).join()));
    expect(o).toBe(1);
  });

  it("TestOncePanic: a function that throws has run, and only the first caller hears of it", async () => {
    for (const fail of [
      () => {
        throw new Error("failed");
      },
      () => Promise.reject(new Error("failed")),
    ]) {
      const once = new Once();
      const [first, second] = [once.do(fail), once.do(() => expect.unreachable())];
      await expect(first).rejects.toThrow("failed");
      await second;
      await once.do(() => expect.unreachable());
    }
  });

  it("runs the function within the call, and a function that does not wait is over with it", () => {
    const once = new Once();
    let ran = false;
    void once.do(() => {
      ran = true;
    });
    expect(ran).toBe(true);
    const other = new Once();
    void other.do(() => {});
    expect(
      other.do(() => {}),
      "one shared promise where nothing waits",
    ).toBe(once.do(() => {}));
  });

  it("nobody goes on before the function has ended", async () => {
    const once = new Once();
    const { fn, open } = gate();
    const [first, second] = [once.do(fn), once.do(fn)];
    await expectParked(first);
    await expectParked(second);
    open();
    await Promise.all([first, second]);
  });

  it("passes nothing on of what the function returned", async () => {
    expect(await new Once().do(async () => "value")).toBeUndefined();
  });

  it("a thenable that throws when it is looked at is a function that threw", async () => {
    const once = new Once();
    const trap = {
      // biome-ignore lint/suspicious/noThenProperty: that is what is tested
      get then(): never {
        throw new Error("trap");
      },
    };
    await expect(once.do(() => trap)).rejects.toThrow("trap");
    await once.do(() => expect.unreachable());
  });
});

describe("Once that is called by its own function", () => {
  const reentrant = expect.objectContaining({ code: "once-reentrant", primitive: "config" });

  it("throws on the same stack, wherever that is", async () => {
    const once = new Once({ name: "config" });
    await expect(once.do(() => once.do(() => {}))).rejects.toEqual(reentrant);
    await once.do(() => expect.unreachable());
  });

  it("throws after an await in a task whose identity is known", async () => {
    const { stdout, code } = await runText(`
      import { currentTask, go, Once } from "@lockscope/sync";
      currentTask();
      const once = new Once({ name: "config" });
      const load = async () => {
        await null;
        await once.do(load);
      };
      await go(() => once.do(load), { name: "loader" }).join().catch((e) => console.log(e.code, e.task));
    `);
    expect([code, stdout]).toEqual([0, "once-reentrant loader\n"]);
  });

  it("does not mistake a call beside it for one from inside, nor a task that the function starts", async () => {
    const { stdout, code, stderr } = await runText(`
      import { currentTask, go, Once, sleep } from "@lockscope/sync";
      currentTask();
      const once = new Once();
      const beside = await go(async () => {
        const load = () => sleep(1);
        await Promise.all([once.do(load), once.do(load)]);
        return "beside";
      }).join();
      const other = new Once();
      let started;
      await go(() => other.do(async () => {
        started = go(() => other.do(() => {}));
        await sleep(1);
      })).join();
      await started.join();
      console.log(beside, "started");
    `);
    expect([code, stdout, stderr]).toEqual([0, "beside started\n", ""]);
  });

  it("another Once inside is none of its business", async () => {
    const [outer, inner] = [new Once(), new Once()];
    let ran = 0;
    await outer.do(() => inner.do(() => ran++));
    expect(ran).toBe(1);
  });
});

describe("Once cancellation", () => {
  it("an aborted signal runs nothing and rejects, also when the function has run", async () => {
    const once = new Once();
    const options = { signal: AbortSignal.abort(new Error("no")) };
    await expect(once.do(() => expect.unreachable(), options)).rejects.toThrow("no");
    await once.do(() => {});
    await expect(once.do(() => expect.unreachable(), options)).rejects.toThrow("no");
  });

  it("one who gives up leaves the function and the others alone", async () => {
    const once = new Once();
    const { fn, open } = gate();
    const controller = new AbortController();
    const [runs, leaves, stays] = [once.do(fn), once.do(fn, { signal: controller.signal }), once.do(fn)];
    controller.abort(new Error("gave up"));
    await expect(leaves).rejects.toThrow("gave up");
    await expectParked(stays);
    open();
    await Promise.all([runs, stays]);
  });

  it("cancel at every step: the function runs once, and all others go on", async () => {
    const points = await cancelAtEveryTurn(async (signal, reason) => {
      const once = new Once();
      let runs = 0;
      const load = async () => {
        runs++;
        for (let turn = 0; turn < 5; turn++) await null;
      };
      const first = once.do(load);
      const aborted = once.do(load, { signal }).catch((error: unknown) => expect(error).toBe(reason));
      await Promise.all([first, aborted, once.do(load)]);
      expect(runs).toBe(1);
    });
    expect(points).toBeGreaterThan(5);
  });
});

describe("Once against a model", () => {
  it("is new, running or done", async () => {
    const step = fc.record({ act: fc.constantFrom("do", "do", "end", "fail", "abort"), who: fc.nat() });
    await checkPrograms(step, () => {
      const once = new Once();
      const run = gate();
      const calls = new Calls();
      let state: "new" | "running" | "done" = "new";
      let line: number[] = [];
      const [returned, rejected]: number[][] = [[], []];
      return {
        async step({ act, who }) {
          if (act === "do") {
            const number = calls.begin((options) => once.do(run.fn, options));
            if (state === "done") returned!.push(number);
            else line.push(number);
            if (state === "new") state = "running";
          } else if (act === "abort") {
            const leaver = line[1 + (who % line.length)];
            if (leaver === undefined) return;
            line = line.filter((waiting) => waiting !== leaver);
            rejected!.push(leaver);
            calls.abort(leaver);
          } else if (state === "running") {
            state = "done";
            const [runner, ...others] = line.splice(0);
            if (act === "fail") rejected!.push(runner!);
            else returned!.push(runner!);
            returned!.push(...others);
            if (act === "end") run.open();
            else run.fail(new Error("failed"));
            await settled();
          }
        },
        end() {
          expect([...calls.returned].sort()).toEqual(returned!.sort());
          expect([...calls.rejected].sort()).toEqual(rejected!.sort());
          expect(run.runs).toBe(state === "new" ? 0 : 1);
        },
      };
    });
  });

  it("runs its function once under every order in which tasks arrive and the function goes on", async () => {
    await underManyOrders(async (pause) => {
      const once = new Once();
      let [begun, ended] = [0, 0];
      const task = async () => {
        await pause("arrives");
        await once.do(async () => {
          begun++;
          await pause("runs");
          ended++;
        });
        expect([begun, ended]).toEqual([1, 1]);
      };
      await Promise.all([1, 2, 3, 4].map(task));
    });
  });
});
