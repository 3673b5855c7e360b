import type { Obj } from "../heap.js";
import type { Machine } from "../machine.js";
import { Ref, Sym, type Value } from "../values.js";
import { heed, isPending, type Natives, numberOf, unsure } from "./native.js";

/*
 * Channel: n = capacity, m = 1 closed, 2 nil; list = buffer; more = who waits.
 * waiter: a = promise; b = value to send; n = 1 for a sender; m = how the answer looks, below.
 */
const plain = -1;
const withOk = -2;

function makeWaiter(
  m: Machine,
  channel: Ref,
  promise: Ref,
  sends: boolean,
  form: number,
  value: Value,
): void {
  const { ref, obj } = m.state.make("waiter");
  obj.a = promise;
  obj.b = value;
  obj.n = sends ? 1 : 0;
  obj.m = form;
  m.state.write(channel).more.push(ref);
}

/** The first who waits to send (or to receive); those given up leave the line. */
function firstWaiter(m: Machine, channel: Ref, sends: boolean): Ref | undefined {
  const obj = m.state.write(channel);
  obj.more = obj.more.filter((ref) => isPending(m, m.state.get(ref as Ref).a));
  return (obj.more as Ref[]).find((ref) => m.state.get(ref).n === (sends ? 1 : 0));
}

function answer(m: Machine, form: number, value: Value, ok: boolean): Value {
  if (form === plain) return value;
  return form === withOk ? m.array([value, ok]) : m.array([form, value, ok]);
}

function serve(m: Machine, channel: Ref, ref: Ref, value: Value, ok: boolean): void {
  const waiter = m.state.get(ref);
  const obj = m.state.write(channel);
  obj.more = obj.more.filter((each) => each !== ref);
  m.resolve(waiter.a as Ref, answer(m, waiter.m, value, ok));
}

/** Sends if that needs no waiting. */
export function offer(m: Machine, channel: Ref, value: Value): boolean {
  const obj = m.state.get(channel);
  if (obj.m === 2) return false;
  if (obj.m === 1) return m.misuse("send on closed channel");
  if (obj.escaped) m.escape(value);
  const receiver = firstWaiter(m, channel, false);
  if (receiver !== undefined) {
    serve(m, channel, receiver, value, true);
    return true;
  }
  if (m.state.get(channel).list.length >= obj.n) return false;
  m.state.write(channel).list.push(value);
  return true;
}

/** Receives if that needs no waiting. */
export function poll(m: Machine, channel: Ref): [Value, boolean] | undefined {
  const obj = m.state.write(channel);
  if (obj.m === 2) return undefined;
  const sender = firstWaiter(m, channel, true);
  if (obj.list.length > 0) {
    const value = obj.list.shift();
    if (sender !== undefined) {
      m.state.write(channel).list.push(m.state.get(sender).b);
      serve(m, channel, sender, undefined, true);
    }
    return [value, true];
  }
  if (sender !== undefined) {
    const value = m.state.get(sender).b;
    serve(m, channel, sender, undefined, true);
    return [value, true];
  }
  return obj.m === 1 ? [undefined, false] : undefined;
}

function close(m: Machine, channel: Ref): void {
  const obj = m.state.write(channel);
  if (obj.m === 2) return m.misuse("close of nil channel");
  if (obj.m === 1) return obj.escaped ? undefined : m.misuse("close of closed channel");
  obj.m = 1;
  for (let next = firstWaiter(m, channel, false); next !== undefined; next = firstWaiter(m, channel, false))
    serve(m, channel, next, undefined, false);
  for (let next = firstWaiter(m, channel, true); next !== undefined; next = firstWaiter(m, channel, true)) {
    const waiter = m.state.get(next).a as Ref;
    // Whoever closes relies on all that was sent being received by then: no misuse for certain.
    m.reject(waiter, m.error("SyncError", "send on closed channel"));
  }
}

function receive(m: Machine, self: Ref, form: number, options: Value): Value {
  const got = poll(m, self);
  if (got !== undefined) return m.passed("receive", [self], answer(m, form, ...got));
  const promise = m.waiting("receive", [self]);
  if (!heed(m, promise, options)) makeWaiter(m, self, promise, false, form, undefined);
  return promise;
}

export const channel: Natives = {
  send(m, self, [value, options]) {
    let sent: boolean;
    try {
      sent = offer(m, self, value);
    } catch (error) {
      return rejected(m, self, error);
    }
    if (sent) return m.passed("send", [self], undefined);
    const promise = m.waiting("send", [self]);
    if (!heed(m, promise, options)) makeWaiter(m, self, promise, true, plain, value);
    return promise;
  },
  trySend: (m, self, [value]) => offer(m, self, value),
  receive: (m, self, [options]) => receive(m, self, plain, options),
  receiveOk: (m, self, [options]) => receive(m, self, withOk, options),
  tryReceive(m, self) {
    const got = poll(m, self);
    return got && m.array(got);
  },
  close(m, self) {
    close(m, self);
    return undefined;
  },
};

/** What a promise-returning operation throws, it rejects with. */
function rejected(m: Machine, self: Ref, error: unknown): Ref {
  if (!(error instanceof Error) && typeof error === "object" && error !== null && "value" in error) {
    const promise = m.waiting("send", [self]);
    const obj = m.state.write(promise);
    obj.n = 2;
    obj.b = (error as { value: Value }).value;
    return promise;
  }
  throw error;
}

interface Case {
  readonly index: number;
  readonly kind: Value;
  readonly channel: Value;
  readonly value: Value;
}

function casesOf(m: Machine, list: Value): Case[] {
  return m.elements(list).map((ref, index) => {
    const props = ref instanceof Ref ? m.state.get(ref).props : undefined;
    return { index, kind: props?.get("kind"), channel: props?.get("channel"), value: props?.get("value") };
  });
}

function isReady(m: Machine, { kind, channel: at }: Case): boolean {
  if (!(at instanceof Ref)) return false;
  const obj: Obj = m.state.get(at);
  if (obj.m === 2) return false;
  if (obj.m === 1) return true;
  if (kind === "send") return firstWaiter(m, at, false) !== undefined || obj.list.length < obj.n;
  return obj.list.length > 0 || firstWaiter(m, at, true) !== undefined;
}

/** Go's select: any of the cases that are ready, the default where none is, else a wait on all. */
export function select(m: Machine, list: Value): Value {
  const cases = casesOf(m, list);
  const on = cases.flatMap((each) => (each.channel instanceof Ref ? [each.channel] : []));
  // A case that is no object of ours, or whose channel is somebody else's, may be ready at any time.
  const foreign = cases.filter(({ kind, channel: at }) => kind === undefined || at instanceof Sym);
  const ready = cases.filter((each) => isReady(m, each));
  const fallback = cases.find(({ kind }) => kind === "default");
  if (ready.length === 0 && fallback !== undefined && foreign.length === 0) {
    m.fiber.spins = Math.min(m.fiber.spins + 1, 3);
    return m.passed("select", on, m.array([fallback.index]));
  }
  const open = ready.length + foreign.length;
  if (ready.length > 0 || (fallback !== undefined && foreign.length > 0)) {
    const possible = [...ready, ...foreign, ...(ready.length === 0 && fallback ? [fallback] : [])];
    const chosen = possible[possible.length > 1 ? m.choose(possible.length) : 0]!;
    return m.passed("select", on, pick(m, chosen));
  }
  if (open > 0) {
    const chosen = foreign[foreign.length > 1 ? m.choose(foreign.length) : 0]!;
    return m.external(m.array([chosen.index, m.fresh("received"), true]));
  }
  const promise = m.waiting("select", on);
  for (const { kind, channel: at, value, index } of cases)
    if (at instanceof Ref && m.state.get(at).m !== 2)
      makeWaiter(m, at, promise, kind === "send", index, value);
  return promise;
}

function pick(m: Machine, { index, kind, channel: at, value }: Case): Value {
  if (!(at instanceof Ref)) return m.array([index, m.fresh("received"), true]);
  if (kind === "send") {
    offer(m, at, value);
    return m.array([index]);
  }
  const [received, ok] = poll(m, at) ?? [undefined, false];
  return m.array([index, received, ok]);
}

/** `new Channel(capacity)`. */
export function setCapacity(m: Machine, self: Ref, capacity: Value): void {
  const size = numberOf(capacity ?? 0);
  if (size === undefined) unsure(m, self);
  m.state.write(self).n = size ?? 0;
}

/** Whether somebody waits to receive: a tick that nobody waits for changes nothing. */
export function hasReceiver(m: { state: Machine["state"] }, channel: Ref): boolean {
  return m.state
    .get(channel)
    .more.some(
      (ref) => m.state.get(ref as Ref).n === 0 && m.state.get(m.state.get(ref as Ref).a as Ref).n === 0,
    );
}
