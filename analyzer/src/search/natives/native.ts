import type { Obj } from "../heap.js";
import type { Machine } from "../machine.js";
import { Ref, Sym, type Value } from "../values.js";

/** An operation that the machine carries out itself. */
export type Native = (m: Machine, self: Ref, args: readonly Value[]) => Value;
export type Natives = Readonly<Record<string, Native>>;

export interface NativeInfo {
  readonly run: Native;
}

/** A whole number that the text says; undefined where it does not. */
export function numberOf(value: Value): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The signal among an operation's options: none, one that the search sees, or somebody's. */
export function signalOf(m: Machine, options: Value): Ref | "unknown" | undefined {
  if (options instanceof Sym) return "unknown";
  if (!(options instanceof Ref)) return undefined;
  const signal = m.state.get(options).props?.get("signal");
  if (signal instanceof Ref) return signal;
  return signal instanceof Sym ? "unknown" : undefined;
}

/** A count that the text does not say: from here on the object may do anything. */
export function unsure(m: Machine, self: Ref): void {
  m.escape(self);
}

export function items(m: Machine, ref: Ref): Value[] {
  return m.state.write(ref).list;
}

/** Whether a pending promise still waits; those given up stay in their queues until somebody looks. */
export function isPending(m: Machine, promise: Value): boolean {
  return promise instanceof Ref && m.state.get(promise).n === 0;
}

/** Makes the wait one that its signal can end. True: it has already ended. */
export function heed(m: Machine, promise: Ref, options: Value): boolean {
  const signal = signalOf(m, options);
  if (signal === undefined) return false;
  const pending = m.state.write(promise);
  if (signal === "unknown" || pending.wait === undefined) {
    if (pending.wait) pending.wait = { ...pending.wait, external: true };
    return false;
  }
  const state = m.state.get(signal);
  if (state.kind !== "AbortSignal") {
    pending.wait = { ...pending.wait, external: true };
    return false;
  }
  if (state.props?.get("aborted") === true) {
    m.reject(promise, state.props.get("reason"));
    return true;
  }
  m.state.write(signal).list.push(promise);
  return false;
}

export function take(obj: Obj, value: Value): boolean {
  const index = obj.more.indexOf(value);
  if (index < 0) return false;
  obj.more.splice(index, 1);
  return true;
}
