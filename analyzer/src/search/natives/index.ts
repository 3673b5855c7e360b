import { Ref, Sym, type Value } from "../values.js";
import { channel, hasReceiver, poll, select, setCapacity } from "./channels.js";
import { array, map, set } from "./collections.js";
import { semaphore, setSize, waitGroup } from "./counters.js";
import { afterGivingUp, mutex, rwMutex } from "./locks.js";
import { heed, type Native, type Natives, numberOf } from "./native.js";
import { sleep, startTimer, stopTimer } from "./time.js";

export { primitiveMethod } from "./collections.js";
export type { Native, NativeInfo } from "./native.js";
export { hasReceiver };

const promise: Natives = {
  // biome-ignore lint/suspicious/noThenProperty: the method of that name.
  then: (m, self, [fulfilled, rejected]) => m.react(self, fulfilled, rejected),
  catch: (m, self, [rejected]) => m.react(self, undefined, rejected),
};

const methods: Readonly<Record<string, Natives | undefined>> = {
  Mutex: mutex,
  RWMutex: rwMutex,
  WaitGroup: waitGroup,
  Semaphore: semaphore,
  Channel: channel,
  Array: array,
  Map: map,
  Set: set,
  Promise: promise,
};

type Property = (m: Parameters<Native>[0], self: Ref) => Value;
const count: Property = (m, self) => m.state.get(self).n;
const locked: Property = (m, self) => m.state.get(self).n === 1;
const line: Property = (m, self) => m.state.get(self).more.length;
const size: Property = (m, self) => m.state.get(self).list.length;

const properties: Readonly<Record<string, Readonly<Record<string, Property>> | undefined>> = {
  Mutex: { locked, waiters: line },
  RWMutex: { writerHeld: (m, self) => m.state.get(self).m === 1, readers: count, waiters: line },
  WaitGroup: { count },
  Channel: { length: size, capacity: count, closed: (m, self) => m.state.get(self).m === 1 },
  Map: { size },
  Set: { size },
};

export function nativeMethod(kind: string, name: string): Native | undefined {
  return own(methods[kind], name);
}

export function nativeProperty(kind: string, name: string): Property | undefined {
  return own(properties[kind], name);
}

/** Names come from users' programs: `hasOwnProperty` must not find Object's. */
function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** What the description of the library is written in: `$name(…)`. */
export const intrinsics: Readonly<Record<string, Native>> = {
  $capacity(m, _, [self, capacity]) {
    setCapacity(m, self as Ref, capacity);
    return undefined;
  },
  $nil(m, _, [self]) {
    m.state.write(self as Ref).m = 2;
    return undefined;
  },
  $size(m, _, [self, wanted]) {
    setSize(m, self as Ref, wanted);
    return undefined;
  },
  $select: (m, _, [cases]) => select(m, cases),
  $poll(m, _, [ch]) {
    const got = poll(m, ch as Ref);
    return got && m.array(got);
  },
  $sleep: (m, _, [ms, options]) => sleep(m, ms, options),
  /** Lets others run. */
  $yield(m) {
    m.fiber.spins = Math.min(m.fiber.spins + 1, 3);
    return m.passed("other", [], undefined);
  },
  /** A timer to a channel or a function; of unknown length it may fire at any time, or be far away. */
  $timer(m, _, [ms, target, again]) {
    const after = numberOf(ms);
    if (after === undefined) {
      m.escape(target);
      return m.fresh("timer");
    }
    return startTimer(m, after, again === true ? Math.max(after, 1) : 0, target);
  },
  $stop: (m, _, [timer]) => stopTimer(m, timer),
  /** A pending promise of the kind `what` on an object, for waits that the library itself describes. */
  $waiting(m, _, [self, what, options]) {
    const ref = m.waiting(what as "cond", [self as Ref]);
    heed(m, ref, options);
    return ref;
  },
  $resolve(m, _, [ref, value]) {
    if (ref instanceof Ref && m.state.get(ref).n === 0) m.resolve(ref, value);
    return undefined;
  },
  $reject(m, _, [ref, error]) {
    if (ref instanceof Ref && m.state.get(ref).n === 0) {
      m.reject(ref, error);
      for (const lock of m.state.get(ref).wait?.on ?? []) afterGivingUp(m, lock);
    }
    return undefined;
  },
  $pending: (m, _, [ref]) => ref instanceof Ref && m.state.get(ref).n === 0,
  $promise: (m) => m.promise(),
  $isPromise: (m, _, [ref]) =>
    ref instanceof Sym || (ref instanceof Ref && m.state.get(ref).kind === "Promise"),
  /** Starts a task that calls `fn`; its promise is an operation to join. */
  $spawn(m, _, [fn, name]) {
    const ref = m.waiting("join", [], false, true);
    const fiber = m.spawn(fn, [], typeof name === "string" ? name : "task", ref, undefined);
    const own = m.state.write(ref);
    own.a = fiber?.id;
    return ref;
  },
  /** Of an AbortSignal: ends the waits that heed it. */
  $abort(m, _, [signal, reason]) {
    const obj = m.state.write(signal as Ref);
    const waiting = obj.list;
    obj.list = [];
    for (const each of waiting)
      if (each instanceof Ref && m.state.get(each).n === 0) {
        const on = m.state.get(each).wait?.on ?? [];
        m.reject(each, reason);
        for (const lock of on) afterGivingUp(m, lock);
      }
    return undefined;
  },
  $holds(m, _, [self, taken]) {
    const obj = m.state.write(self as Ref);
    const { id, task } = m.fiber;
    obj.holders = taken === true ? [{ fiber: id, task, site: m.site(), read: false }] : [];
    return undefined;
  },
  $task: (m) => m.fiber.task,
  $escape(m, _, args) {
    for (const each of args) m.escape(each);
    return undefined;
  },
  $unknown: (m) => m.fresh("unknown"),
  $random: (m) => m.fresh("random"),
  $keys: (m, _, [of]) => (of instanceof Ref ? m.array(m.ownKeys(of)) : m.fresh("keys")),
  $elements: (m, _, [of]) => m.array(m.elements(of)),
  $isArray(m, _, [of]) {
    return of instanceof Sym ? m.fresh("isArray") : of instanceof Ref && m.state.get(of).kind === "Array";
  },
  $fill: (m, _, [length, value]) =>
    typeof length === "number" && length <= 300
      ? m.array(Array.from({ length }, () => value))
      : m.fresh("list"),
  $now: (m) => m.fresh("now"),
};
