import type ts from "typescript";
import type { Binding } from "../scopes.js";

/** State outside the task: `this.cache<key>`, a variable of the module, a captured one. */
export interface Place {
  /** One key, one place. A part's key begins with that of the whole, and a separator. */
  readonly key: string;
  readonly text: string;
  /** The last name in it. */
  readonly name: string;
  /** Variables that the key reads as indexes: a new value of one makes it another place. */
  readonly indexes: readonly Binding[];
  /** The function whose variable it is in, where that is not the whole module. */
  readonly home?: ts.Node;
}

/**
 * How a value comes from a read. `same`: it is what was read. `derived`: computed from it at once.
 * `through`: what was read was handed to something that the task waited for; `handed`: as a whole.
 */
export type Strength = "same" | "derived" | "handed" | "through";

/** A read of a place that a value depends on. */
export interface Taint {
  readonly place: Place;
  readonly node: ts.Node;
  /** How many times the task had been suspended when it read. */
  readonly epoch: number;
  readonly strength: Strength;
}

/** What a condition says about a place. `other`: something else than whether there is anything in it. */
export type Sense = "absent" | "present" | "other";

/** The path is the one on which a condition on a place held. */
export interface Decision {
  readonly taint: Taint;
  readonly sense: Sense;
  readonly condition: ts.Node;
  /** The condition of a loop: whoever comes out of it has waited rather than looked. */
  readonly loop: boolean;
}

/** How a write comes by its value. `set`: the value replaces what is there; `change`: what is there is read too. */
export type Way = "set" | "change";

export interface Value {
  readonly taints: readonly Taint[];
  /** What it refers to: a property of the value is a part of that place. */
  readonly alias: Place | undefined;
  /** What its truth says of the places it was read from: in `taints`, when it says more than `other`. */
  readonly whenTrue: Sense;
  readonly truth: boolean | undefined;
  /** The variable it was just read from, for what a branch on it tells. */
  readonly variable: { readonly binding: Binding; readonly negated: boolean } | undefined;
  /** `made`: an await gave it. `shared`: everybody who awaits gets the same. `left out`: an argument not given. */
  readonly origin: "made" | "shared" | "constant" | "left out" | "other";
  /** What the path had been decided by when the value was made. */
  readonly decided: readonly Decision[];
}

export const unknown: Value = {
  taints: [],
  alias: undefined,
  whenTrue: "other",
  truth: undefined,
  variable: undefined,
  origin: "other",
  decided: [],
};

export function constant(truth: boolean): Value {
  return { ...unknown, truth, origin: "constant" };
}

/** What a parameter is for which the call has no argument. */
export const leftOut: Value = { ...unknown, truth: false, origin: "left out" };

/** Computed from the values, as `+`, a template, a spread or a call that returns at once computes. */
export function derived(values: readonly Value[]): Value {
  const isPlain = values.every(
    ({ taints, decided, origin }) => taints.length + decided.length === 0 && origin !== "made",
  );
  // What is computed from what everybody gets is the same for everybody.
  const isShared = values.length > 0 && values.every(({ origin }) => origin === "shared");
  if (isPlain) return isShared ? { ...unknown, origin: "shared" } : unknown;
  const taints = values.flatMap((value) => value.taints);
  return {
    ...unknown,
    taints: distinct(
      taints.map((each) => (each.strength === "same" ? { ...each, strength: "derived" } : each)),
    ),
    origin: values.some((value) => value.origin === "made") ? "made" : isShared ? "shared" : "other",
    decided: values.flatMap((value) => value.decided),
  };
}

/** What the task gets that waited for a value computed from these. */
export function handedOn(value: Value, whole: readonly Value[]): Value {
  const raw = new Set(whole.flatMap((each) => each.taints.filter((taint) => taint.strength === "same")));
  const places = new Set([...raw].map((taint) => taint.place.key));
  return {
    ...value,
    taints: value.taints.map((each) => ({
      ...each,
      strength: places.has(each.place.key) ? "handed" : "through",
    })),
  };
}

function distinct(taints: readonly Taint[]): readonly Taint[] {
  if (taints.length < 2) return taints;
  const seen = new Map<string, Taint>();
  for (const taint of taints) {
    const key = `${taint.place.key}@${taint.epoch}:${taint.strength}`;
    if (!seen.has(key)) seen.set(key, taint);
  }
  return [...seen.values()].slice(0, 24);
}
