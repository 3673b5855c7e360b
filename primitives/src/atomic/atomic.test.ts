import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { inThread, startThread, startThreads } from "../../testing/threads.js";
import {
  type AtomicNumber,
  Bool,
  Int32,
  Int64,
  type SharedHandle,
  SyncError,
  Uint32,
  Uint64,
} from "../atomic.js";

const kinds = [
  { kind: "Int32", type: Int32, of: (n: number) => n | 0, wrap: (n: bigint) => Number(BigInt.asIntN(32, n)) },
  {
    kind: "Uint32",
    type: Uint32,
    of: (n: number) => n >>> 0,
    wrap: (n: bigint) => Number(BigInt.asUintN(32, n)),
  },
  { kind: "Int64", type: Int64, of: BigInt, wrap: (n: bigint) => BigInt.asIntN(64, n) },
  { kind: "Uint64", type: Uint64, of: BigInt, wrap: (n: bigint) => BigInt.asUintN(64, n) },
] as const;

type Make = new (initial?: unknown) => AtomicNumber<unknown>;

/** One type stands for all four where the test says the same of each. */
function each(
  test: (make: (n?: number) => AtomicNumber<bigint>, of: (n: number) => bigint, kind: string) => unknown,
) {
  for (const { kind, type, of } of kinds) {
    const make = (n?: number) => new (type as Make)(n === undefined ? undefined : of(n));
    test(make as never, of as never, kind);
  }
}

describe("atomic numbers", () => {
  it("TestLoad/TestStore (…Method): a value is what was stored last; zero before", () => {
    each((make, of) => {
      expect(make().load()).toBe(of(0));
      const x = make(7);
      expect(x.load()).toBe(of(7));
      x.store(of(9));
      expect(x.load()).toBe(of(9));
    });
  });

  it("TestSwap (…Method): returns the old value", () => {
    each((make, of) => {
      const x = make(1);
      expect(x.swap(of(2))).toBe(of(1));
      expect(x.load()).toBe(of(2));
    });
  });

  it("TestAdd (…Method): returns the new value", () => {
    each((make, of) => {
      const x = make();
      for (let delta = 1, sum = 0; delta + delta > delta && delta < 2 ** 29; delta += delta) {
        sum += delta;
        expect(x.add(of(delta))).toBe(of(sum));
      }
    });
  });

  it("TestCompareAndSwap (…Method): stores only over the expected value, and says so", () => {
    each((make, of) => {
      const x = make(1);
      expect(x.compareAndSwap(of(2), of(3))).toBe(false);
      expect(x.load()).toBe(of(1));
      expect(x.compareAndSwap(of(1), of(3))).toBe(true);
      expect(x.load()).toBe(of(3));
    });
  });

  it("TestAnd/TestOr (…Method): return the old value", () => {
    each((make, of) => {
      const x = make(0b1100);
      expect(x.and(of(0b0110))).toBe(of(0b1100));
      expect(x.or(of(0b0001))).toBe(of(0b0100));
      expect(x.load()).toBe(of(0b0101));
    });
  });

  it("arithmetic wraps round, whatever the operands; a negative word equals its unsigned self", () => {
    for (const { type, wrap } of kinds) {
      fc.assert(
        fc.property(
          fc.bigInt(-(2n ** 31n), 2n ** 32n - 1n),
          fc.bigInt(-(2n ** 31n), 2n ** 31n - 1n),
          (a, b) => {
            const cast = (n: bigint) => (type === Int32 || type === Uint32 ? Number(n) : n) as never;
            const x = new (type as Make)(cast(a));
            expect(x.load()).toBe(wrap(a));
            expect(x.compareAndSwap(cast(a), cast(b))).toBe(true);
            expect(x.add(cast(a))).toBe(wrap(a + b));
            expect(x.load()).toBe(wrap(a + b));
          },
        ),
        { numRuns: 50 },
      );
    }
  });

  it("the words on either side are left alone", () => {
    // Go's tests put magic words around each variable; here the memory ends where the variable does.
    each((make, _of, kind) => expect(make().handle.buffer.byteLength).toBe(kind.endsWith("64") ? 8 : 4));
  });

  it("numbers and bigints are not mixed up", () => {
    expectTypeOf(new Int32().add).parameters.toEqualTypeOf<[delta: number]>();
    expectTypeOf(new Int64().load()).toEqualTypeOf<bigint>();
    expectTypeOf(Uint64.from).parameters.toEqualTypeOf<[handle: SharedHandle]>();
    expectTypeOf(new Uint32()).toExtend<AtomicNumber<number>>();
  });
});

describe("Bool", () => {
  it("load, store, swap and compareAndSwap", () => {
    const x = new Bool();
    expect(x.load()).toBe(false);
    x.store(true);
    expect(x.swap(false)).toBe(true);
    expect(x.compareAndSwap(true, true)).toBe(false);
    expect(x.compareAndSwap(false, true)).toBe(true);
    expect(Bool.from(x.handle).load()).toBe(true);
    expect(new Bool(true).load()).toBe(true);
  });
});

describe("handles", () => {
  it("from another view of the same memory", () => {
    each((make, of, kind) => {
      const x = make(5);
      const { type } = kinds.find((each) => each.kind === kind)!;
      const same = (type.from as (handle: SharedHandle) => unknown)(structuredClone(x.handle));
      (same as typeof x).add(of(1));
      expect(x.load()).toBe(of(6));
    });
  });

  it("of another kind, or none, throws", () => {
    const wrong = expect.objectContaining({ name: "SyncError", code: "wrong-handle" });
    expect(() => Int32.from(new Uint32().handle)).toThrow(wrong);
    expect(() => Bool.from(new Int32().handle)).toThrow(wrong);
    expect(() => Int64.from(undefined as never)).toThrow(SyncError);
    expect(() => Int64.from({ kind: "Int64" } as never)).toThrow(wrong);
  });

  it("it is the handle that is posted, not the variable", () => {
    for (const x of [new Int32(), new Bool()]) {
      expect(() => structuredClone(x)).toThrow(/post its handle/);
      expect(() => JSON.stringify(x)).toThrow(SyncError);
    }
  });
});

describe("between threads", () => {
  it("TestHammer32/64: no addition, exchange or comparison is lost", async () => {
    const n = 20_000;
    const x = new Int32();
    const y = new Uint64();
    const swaps = new Uint32();
    const threads = await startThreads(
      3,
      `
      const x = atomic.Int32.from(data.x), y = atomic.Uint64.from(data.y), swaps = atomic.Uint32.from(data.swaps);
      for (let i = 0; i < data.n; i++) {
        x.add(1);
        for (let old = y.load(); !y.compareAndSwap(old, old + 1n); old = y.load());
        for (let old = swaps.load(); !swaps.compareAndSwap(old, old + 2); old = swaps.load());
      }`,
      { x: x.handle, y: y.handle, swaps: swaps.handle, n },
    );
    expect(await Promise.all(threads.map(({ end }) => end))).toEqual([0, 0, 0]);
    expect([x.load(), y.load(), swaps.load()]).toEqual([3 * n, BigInt(3 * n), 6 * n]);
  });

  it("TestHammerStoreLoad: a 64-bit value is never seen half written", async () => {
    const x = new Int64();
    const body = `
      const x = atomic.Int64.from(data.x);
      let torn = 0;
      for (let i = 0; i < 50_000; i++) {
        const v = BigInt.asUintN(64, x.load());
        if (v >> 32n !== (v & 0xffffffffn)) torn++;
        const next = BigInt(i);
        x.store((next << 32n) | next);
      }
      post(torn);`;
    const threads = await startThreads(2, body, { x: x.handle });
    expect(await Promise.all(threads.map((thread) => thread.message()))).toEqual([0, 0]);
  });

  it("TestStoreLoadSeqCst32/64: of two who store first and load then, one sees the other", async () => {
    for (const kind of ["Int32", "Int64"] as const) {
      const type = kind === "Int32" ? Int32 : Int64;
      const [a, b] = [new (type as Make)(), new (type as Make)()];
      const turn = new Int32();
      const seen = new Int32Array(new SharedArrayBuffer(4 * 2 * 2_000));
      const body = `
        const type = atomic[data.kind];
        const all = data.all.map((handle) => type.from(handle));
        const zero = data.kind === "Int32" ? 0 : 0n;
        const of = (n) => (data.kind === "Int32" ? n : BigInt(n));
        const mine = all[data.index], other = all[1 - data.index];
        const turn = atomic.Int32.from(data.turn);
        for (let i = 1; i < 2_000; i++) {
          turn.add(1);
          while (turn.load() < 2 * i);
          mine.store(of(i));
          data.seen[2 * i + data.index] = Number(other.load());
        }
        post("done");`;
      const data = { kind, all: [a.handle, b.handle], turn: turn.handle, seen };
      const threads = await startThreads(2, body, data);
      await Promise.all(threads.map((thread) => thread.message()));
      for (let i = 1; i < 2_000; i++) {
        expect(Math.max(seen[2 * i]!, seen[2 * i + 1]!), `round ${i}`).toBeGreaterThanOrEqual(i);
      }
    }
  });

  it("TestStoreLoadRelAcq32/64: what was written before a store is seen after its load", async () => {
    const flag = new Uint32();
    const words = new Int32Array(new SharedArrayBuffer(4));
    const reader = await startThread(
      `
      const flag = atomic.Uint32.from(data.flag);
      let stale = 0;
      for (let i = 1; i <= 2_000; i++) {
        while (flag.load() !== 2 * i - 1);
        if (data.words[0] !== i) stale++;
        flag.store(2 * i);
      }
      post(stale);`,
      { flag: flag.handle, words },
    );
    await inThread(
      `
      const flag = atomic.Uint32.from(data.flag);
      for (let i = 1; i <= 2_000; i++) {
        data.words[0] = i;
        flag.store(2 * i - 1);
        while (flag.load() !== 2 * i);
      }
      post("done");`,
      { flag: flag.handle, words },
    );
    expect(await reader.message()).toBe(0);
  });
});
