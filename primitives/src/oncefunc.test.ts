import { describe, expect, expectTypeOf, it } from "vitest";
import { collectGarbage } from "../testing/collect.js";
import { runText } from "../testing/run-program.js";
import { onceFunc, onceValue, onceValues } from "./index.js";

/** The three of them, each made of a function without arguments. */
const variants: [
  name: string,
  make: (fn: () => [number, string]) => (o?: { signal: AbortSignal }) => Promise<unknown>,
  result: unknown,
][] = [
  ["Func", onceFunc, undefined],
  ["Value", onceValue, [1, "a"]],
  ["Values", onceValues, [1, "a"]],
];

describe.each(variants)("once%s", (name, make, result) => {
  it(`TestOnce${name}: calls the function once, whoever asks`, async () => {
    let calls = 0;
    const f = make(() => {
      calls++;
      return [1, "a"];
    });
    expect(calls, "not before the first call").toBe(0);
    expect(await Promise.all([f(), f(), f()])).toEqual([result, result, result]);
    expect(await f()).toEqual(result);
    expect(calls).toBe(1);
  });

  it("takes a function that waits", async () => {
    let calls = 0;
    const f = make((async () => {
      calls++;
      await null;
      return [1, "a"];
    }) as never);
    expect(await Promise.all([f(), f()])).toEqual([result, result]);
    expect(calls).toBe(1);
  });

  it(`TestOnce${name}Panic, TestOnceFuncPanicTraceback: every call rejects with the very same error`, async () => {
    let calls = 0;
    const boom = new Error("boom");
    const f = make(() => {
      calls++;
      throw boom;
    });
    const outcomes = [f(), f(), f()].map((call) => call.catch((error: unknown) => error));
    for (const outcome of await Promise.all(outcomes)) expect(outcome).toBe(boom);
    await expect(f()).rejects.toBe(boom);
    expect(calls).toBe(1);
    expect(boom.stack, "the stack is that of the first call").toContain("oncefunc.test.ts");
  });

  it("TestOnceFuncPanicNil: undefined that was thrown was thrown", async () => {
    let calls = 0;
    const f = make(() => {
      calls++;
      throw undefined;
    });
    await expect(f()).rejects.toBeUndefined();
    await expect(f()).rejects.toBeUndefined();
    expect(calls).toBe(1);
  });

  it.each([false, true])(
    `TestOnceXGC: lets go of the function after the first call (it throws: %s)`,
    async (fails) => {
      const { f, ref } = (() => {
        const held = { large: "thing" };
        const f = make(() => {
          if (fails) throw held.large;
          return [1, held.large];
        });
        return { f, ref: new WeakRef(held) };
      })();
      await collectGarbage();
      expect(ref.deref(), "held until it is called").toBeDefined();
      await f().catch(() => {});
      await collectGarbage();
      expect(ref.deref()).toBeUndefined();
      await f().catch(() => {});
    },
  );

  it("one who gives up leaves the function and the others alone", async () => {
    let end!: () => void;
    const f = make(
      (() =>
        new Promise((resolve) => {
          end = () => resolve([1, "a"]);
        })) as never,
    );
    const controller = new AbortController();
    const [runs, leaves, stays] = [f(), f({ signal: controller.signal }), f()];
    controller.abort(new Error("gave up"));
    await expect(leaves).rejects.toThrow("gave up");
    end();
    expect(await Promise.all([runs, stays])).toEqual([result, result]);
    await expect(f({ signal: controller.signal }), "an aborted signal wins").rejects.toThrow("gave up");
  });

  it("whose function calls it again rejects instead of waiting for itself", async () => {
    const f = make(() => f() as never);
    await expect(f()).rejects.toMatchObject({ code: "once-reentrant" });
  });
});

describe("onceFunc, onceValue, onceValues", () => {
  it("a rejection that was handled does not silence the next", async () => {
    const { code, stderr } = await runText(`
      import { onceValue } from "@lockscope/sync";
      const f = onceValue(() => Promise.reject(new Error("each time")));
      await f().catch(() => {});
      void f();
    `);
    expect(code).toBe(1);
    expect(stderr).toContain("each time");
  });

  it("a later call costs no new promise", async () => {
    const f = onceValue(() => 1);
    await f();
    expect(f()).toBe(f());
  });

  it("types: what comes out is what the function returns", () => {
    expectTypeOf(onceFunc(() => 1)).returns.resolves.toEqualTypeOf<void>();
    expectTypeOf(onceValue(async () => 1)).returns.resolves.toEqualTypeOf<number>();
    expectTypeOf(onceValues(() => [1, "a"])).returns.resolves.toEqualTypeOf<[number, string]>();
  });
});
