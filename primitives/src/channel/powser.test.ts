import { describe, expect, it } from "vitest";
import { Channel, type ReceiveChannel, type SendChannel } from "../channel.js";
import { go } from "../index.js";

// Go: test/chan/powser1.go, powser2.go. Power series as channels of their coefficients, each operation a task: a
// web of tasks that wait for each other, where a series may be defined by itself.

class Rational {
  readonly #over: bigint;
  readonly #under: bigint;

  constructor(over: bigint | number, under: bigint | number = 1) {
    const [a, b] = [BigInt(over), BigInt(under)];
    const divisor = gcd(a < 0n ? -a : a, b);
    this.#over = a / divisor;
    this.#under = b / divisor;
  }

  plus(other: Rational): Rational {
    return new Rational(this.#over * other.#under + other.#over * this.#under, this.#under * other.#under);
  }

  times(other: Rational): Rational {
    return new Rational(this.#over * other.#over, this.#under * other.#under);
  }

  toString(): string {
    return this.#under === 1n ? `${this.#over}` : `${this.#over}/${this.#under}`;
  }
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

type Series = ReceiveChannel<Rational>;

/** The series whose coefficients `produce` sends, for as long as somebody takes them. */
function series(produce: (out: SendChannel<Rational>) => Promise<void>): Series {
  const out = new Channel<Rational>();
  go(() => produce(out));
  return out;
}

const next = async (s: Series) => (await s.receive())!;

const coefficients = (coefficient: (n: number) => Rational) =>
  series(async (out) => {
    for (let n = 0; ; n++) await out.send(coefficient(n));
  });

/** The same series twice; one may lag behind the other. */
function split(s: Series): [Series, Series] {
  const both = [new Channel<Rational>(100), new Channel<Rational>(100)] as const;
  go(async () => {
    for await (const coefficient of s) for (const each of both) await each.send(coefficient);
  });
  return [both[0], both[1]];
}

const add = (u: Series, v: Series) =>
  series(async (out) => {
    for (;;) await out.send((await next(u)).plus(await next(v)));
  });

const scale = (factor: Rational, u: Series) =>
  series(async (out) => {
    for (;;) await out.send((await next(u)).times(factor));
  });

/** x times u. */
const shift = (u: Series) =>
  series(async (out) => {
    await out.send(new Rational(0));
    for (;;) await out.send(await next(u));
  });

/** With u = u0 + x·U and v = v0 + x·V: u0·v0 + x·(u0·V + v0·U + x·U·V). */
const multiply = (u: Series, v: Series): Series =>
  series(async (out) => {
    const [u0, v0] = [await next(u), await next(v)];
    await out.send(u0.times(v0));
    const [[u1, u2], [v1, v2]] = [split(u), split(v)];
    const rest = add(add(scale(u0, v1), scale(v0, u1)), shift(multiply(u2, v2)));
    for (;;) await out.send(await next(rest));
  });

const derivative = (u: Series) =>
  series(async (out) => {
    await next(u);
    for (let n = 1; ; n++) await out.send((await next(u)).times(new Rational(n)));
  });

const integral = (constant: Rational, u: Series) =>
  series(async (out) => {
    await out.send(constant);
    for (let n = 1; ; n++) await out.send((await next(u)).times(new Rational(1, n)));
  });

/** e to the u, where u has no constant term: the integral of itself times the derivative of u. */
function exponential(u: Series): Series {
  const loop = new Channel<Rational>();
  const [own, result] = split(integral(new Rational(1), multiply(loop, derivative(u))));
  go(async () => {
    for await (const coefficient of own) await loop.send(coefficient);
  });
  return result;
}

async function first(count: number, s: Series): Promise<string[]> {
  const found: string[] = [];
  while (found.length < count) found.push(String(await next(s)));
  return found;
}

describe("powser1.go", () => {
  const ones = () => coefficients(() => new Rational(1));
  const x = (factor = 1) => coefficients((n) => new Rational(n === 1 ? factor : 0));

  it("adds, scales and multiplies", async () => {
    expect(await first(4, add(ones(), scale(new Rational(1, 2), ones())))).toEqual([
      "3/2",
      "3/2",
      "3/2",
      "3/2",
    ]);
    expect(await first(6, multiply(ones(), ones()))).toEqual(["1", "2", "3", "4", "5", "6"]);
    expect(await first(4, multiply(x(), multiply(x(), ones())))).toEqual(["0", "0", "1", "1"]);
  });

  it("the derivative of the integral is the series itself", async () => {
    expect(await first(5, integral(new Rational(7), ones()))).toEqual(["7", "1", "1/2", "1/3", "1/4"]);
    expect(await first(5, derivative(integral(new Rational(7), ones())))).toEqual(["1", "1", "1", "1", "1"]);
  });

  it("a series defined by itself: the exponential function", async () => {
    expect(await first(6, exponential(x()))).toEqual(["1", "1", "1/2", "1/6", "1/24", "1/120"]);
    expect(await first(5, multiply(exponential(x()), exponential(x(-1))))).toEqual(["1", "0", "0", "0", "0"]);
  });
});
