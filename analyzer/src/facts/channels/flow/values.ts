import type ts from "typescript";
import type { FunctionWithBody } from "../../../project/port.js";

/** A channel, by where it is made: all that one expression makes are one here. */
export interface ChannelValue {
  readonly kind: "channel";
  readonly node: ts.Node;
  /**
   * `timer`: something fires it by itself. `done`: a context's, closed by its cancel function.
   * `library`: made by the library's own tasks, which send, receive and close it.
   */
  readonly made: "new" | "nil" | "timer" | "done" | "library";
  /** Undefined where it is not a constant. */
  readonly capacity: number | undefined;
}

/** A function that can be called through a variable, a field, a parameter. */
export interface FunctionValue {
  readonly kind: "function";
  readonly body: FunctionWithBody;
}

const functions = new WeakMap<FunctionWithBody, FunctionValue>();

/** One object a function: who names it is in many places. */
export function functionValue(body: FunctionWithBody): FunctionValue {
  let value = functions.get(body);
  if (value === undefined) {
    value = { kind: "function", body };
    functions.set(body, value);
  }
  return value;
}

export interface ContextValue {
  readonly kind: "context";
  readonly node: ts.Node;
  readonly done: ChannelValue;
}

/** The function that ends a context. */
export interface CancelValue {
  readonly kind: "cancel";
  readonly done: ChannelValue;
}

export type Value = ChannelValue | FunctionValue | ContextValue | CancelValue;

/** What an expression, a variable, a field or a function's result may be; grows until nothing flows any more. */
export interface Slot {
  readonly values: Set<Value>;
  readonly to: Set<Slot>;
  /** What else has to happen when a value arrives: a call through it, for instance. */
  readonly heard: ((value: Value) => void)[];
}

/** Inclusion constraints between slots, solved as they are added. */
export interface FlowGraph {
  slot(): Slot;
  add(slot: Slot, value: Value): void;
  flow(from: Slot, to: Slot): void;
  hear(slot: Slot, listener: (value: Value) => void): void;
}

export function createFlowGraph(): FlowGraph {
  const work: [Slot, Value][] = [];
  let running = false;

  function run(): void {
    if (running) return;
    running = true;
    for (let item = work.pop(); item !== undefined; item = work.pop()) {
      const [slot, value] = item;
      if (slot.values.has(value)) continue;
      slot.values.add(value);
      for (const next of slot.to) work.push([next, value]);
      for (const listener of [...slot.heard]) listener(value);
    }
    running = false;
  }

  return {
    slot: () => ({ values: new Set(), to: new Set(), heard: [] }),
    add(slot, value) {
      work.push([slot, value]);
      run();
    },
    flow(from, to) {
      if (from === to || from.to.has(to)) return;
      from.to.add(to);
      for (const value of from.values) work.push([to, value]);
      run();
    },
    hear(slot, listener) {
      slot.heard.push(listener);
      for (const value of [...slot.values]) listener(value);
    },
  };
}
