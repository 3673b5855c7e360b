/** A reference to an object of the machine's heap. One per id, so that identity is `===`. */
export class Ref {
  private constructor(readonly id: number) {}
  static readonly #all: Ref[] = [];
  static to(id: number): Ref {
    let ref = Ref.#all[id];
    if (ref === undefined) {
      ref = new Ref(id);
      Ref.#all[id] = ref;
    }
    return ref;
  }
}

/**
 * A value that the text does not say. Two with one key are one value; what is computed from it has a key
 * that says how, so that a question asked twice has one answer.
 */
export class Sym {
  constructor(readonly key: string) {}
}

export type Value = undefined | null | boolean | number | string | bigint | Ref | Sym;

const longest = 160;

export function symbolic(operator: string, ...operands: readonly Value[]): Sym {
  const key = `${operator}(${operands.map(keyOf).join(",")})`;
  // A value computed in a loop from itself would make every state a new one.
  return new Sym(key.length > longest ? key.slice(0, longest) : key);
}

export function keyOf(value: Value): string {
  if (value instanceof Sym) return value.key;
  if (value instanceof Ref) return `@${value.id}`;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

const longestText = 10_000;
const largestInteger = 2n ** 64n;

/** A text or an integer that a loop has made grow: what would be computed from it may fill all memory. */
export function isLarge(value: Value): boolean {
  if (typeof value === "string") return value.length > longestText;
  return typeof value === "bigint" && (value > largestInteger || value < -largestInteger);
}

/** Whether it counts as true; undefined where nobody knows. */
export function truthOf(value: Value): boolean | undefined {
  if (value instanceof Sym) return undefined;
  return value instanceof Ref ? true : Boolean(value);
}

/** What a search stops at without a word: its bounds, or code that it does not understand. */
export class GivenUp extends Error {}

/** An exception of the program under search. */
export class Thrown {
  constructor(readonly value: Value) {}
}
