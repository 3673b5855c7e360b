/**
 * The language's library and `@lockscope/sync`, as far as programs under search use them, in the language
 * itself: what is written with callbacks is easier said this way. `$names` are the machine's own operations.
 * Semantics are those of the real library; where the two part, the search is wrong.
 */
export const globals = `
class Error { constructor(message, options) { this.message = message; this.name = "Error"; this.cause = options?.cause; } toString() { return this.message; } }
class TypeError extends Error {}
class RangeError extends Error {}
class AggregateError extends Error {}
class SyncError extends Error {}
class DOMException extends Error {}
class Map {
  constructor(entries) { if (entries) for (const [key, value] of entries) this.set(key, value); }
  forEach(fn) { for (const [key, value] of this) fn(value, key, this); }
}
class WeakMap extends Map {}
class Set {
  constructor(values) { if (values) for (const value of values) this.add(value); }
  forEach(fn) { for (const value of $elements(this)) fn(value, value, this); }
}
class WeakSet extends Set {}
class Array {
  constructor(length) { if (typeof length === "number") for (let i = 0; i < length; i++) this.push(undefined); }
  static from(source, fn) {
    const items = source.length !== undefined && !$isArray(source) && typeof source.length === "number" && source.size === undefined ? $fill(source.length, undefined) : $elements(source);
    return fn ? items.map(fn) : items;
  }
  static of(...items) { return items; }
  static isArray(value) { return $isArray(value); }
  forEach(fn) { for (let i = 0; i < this.length; i++) fn(this[i], i, this); }
  map(fn) { const out = []; for (let i = 0; i < this.length; i++) out.push(fn(this[i], i, this)); return out; }
  flatMap(fn) { return this.map(fn).flat(); }
  filter(fn) { const out = []; for (let i = 0; i < this.length; i++) if (fn(this[i], i, this)) out.push(this[i]); return out; }
  some(fn) { for (let i = 0; i < this.length; i++) if (fn(this[i], i, this)) return true; return false; }
  every(fn) { for (let i = 0; i < this.length; i++) if (!fn(this[i], i, this)) return false; return true; }
  find(fn) { for (let i = 0; i < this.length; i++) if (fn(this[i], i, this)) return this[i]; return undefined; }
  findIndex(fn) { for (let i = 0; i < this.length; i++) if (fn(this[i], i, this)) return i; return -1; }
  findLast(fn) { for (let i = this.length - 1; i >= 0; i--) if (fn(this[i], i, this)) return this[i]; return undefined; }
  reduce(fn, ...initial) {
    let i = 0; let acc = initial[0];
    if (initial.length === 0) { acc = this[0]; i = 1; }
    for (; i < this.length; i++) acc = fn(acc, this[i], i, this);
    return acc;
  }
  sort(fn) { return this; }
  toSorted(fn) { return this.slice(); }
}
class Promise {
  constructor(executor) {
    const self = this;
    try { executor((value) => $resolve(self, value), (error) => $reject(self, error)); } catch (error) { $reject(self, error); }
  }
  finally(fn) { return this.then(async (value) => { await fn(); return value; }, async (error) => { await fn(); throw error; }); }
  static resolve(value) { if ($isPromise(value)) return value; const p = $promise(); $resolve(p, value); return p; }
  static reject(error) { const p = $promise(); $reject(p, error); return p; }
  static withResolvers() { const promise = $promise(); return { promise, resolve: (value) => $resolve(promise, value), reject: (error) => $reject(promise, error) }; }
  static all(source) {
    const list = $elements(source); const all = $promise(); const out = list.slice(); let left = list.length;
    if (left === 0) $resolve(all, out);
    list.forEach((each, i) => { Promise.resolve(each).then((value) => { out[i] = value; left--; if (left === 0) $resolve(all, out); }, (error) => $reject(all, error)); });
    return all;
  }
  static allSettled(source) {
    const list = $elements(source); const all = $promise(); const out = list.slice(); let left = list.length;
    if (left === 0) $resolve(all, out);
    const settle = (i, result) => { out[i] = result; left--; if (left === 0) $resolve(all, out); };
    list.forEach((each, i) => { Promise.resolve(each).then((value) => settle(i, { status: "fulfilled", value }), (reason) => settle(i, { status: "rejected", reason })); });
    return all;
  }
  static race(source) {
    const first = $promise();
    $elements(source).forEach((each) => { Promise.resolve(each).then((value) => $resolve(first, value), (error) => $reject(first, error)); });
    return first;
  }
  static any(source) {
    const list = $elements(source); const first = $promise(); let left = list.length;
    list.forEach((each) => { Promise.resolve(each).then((value) => $resolve(first, value), (error) => { left--; if (left === 0) $reject(first, new AggregateError("all")); }); });
    return first;
  }
}
class AbortSignal {
  aborted = false; reason = undefined; listeners = [];
  addEventListener(type, fn) { this.listeners.push(fn); }
  removeEventListener(type, fn) { const at = this.listeners.indexOf(fn); if (at >= 0) this.listeners.splice(at, 1); }
  throwIfAborted() { if (this.aborted) throw this.reason; }
  static abort(reason) { const c = new AbortController(); c.abort(reason); return c.signal; }
  static timeout(ms) { const c = new AbortController(); $timer(ms, () => c.abort(new DOMException("timeout"))); return c.signal; }
  static any(signals) {
    const c = new AbortController();
    for (const each of signals) { if (each.aborted) c.abort(each.reason); else each.addEventListener("abort", () => c.abort(each.reason)); }
    return c.signal;
  }
}
class AbortController {
  signal = new AbortSignal();
  abort(reason = new DOMException("aborted")) {
    if (this.signal.aborted) return;
    this.signal.aborted = true; this.signal.reason = reason;
    for (const fn of this.signal.listeners) fn({ type: "abort" });
    $abort(this.signal, reason);
  }
}
const Object = {
  keys(of) { return $keys(of); },
  values(of) { return $keys(of).map((key) => of[key]); },
  entries(of) { return $keys(of).map((key) => [key, of[key]]); },
  freeze(of) { return of; },
  assign(to, ...from) { for (const each of from) for (const key of $keys(each)) to[key] = each[key]; return to; },
};
function setTimeout(fn, ms, ...args) { return $timer(ms ?? 0, () => fn(...args)); }
function setInterval(fn, ms, ...args) { return $timer(ms ?? 1, () => fn(...args), true); }
function setImmediate(fn, ...args) { return $timer(0, () => fn(...args)); }
function clearTimeout(timer) { $stop(timer); }
const clearInterval = clearTimeout;
const clearImmediate = clearTimeout;
function queueMicrotask(fn) { Promise.resolve().then(() => fn()); }
const Infinity = 1e308;
`;

export const sync = `
class Task {
  constructor(fn, name) { this.name = name; this.id = 0; this.promise = $spawn(fn, name); }
  join() { return this.promise; }
}
function go(fn, options) { return new Task(fn, options?.name ?? fn.name); }
function gosched() { return $yield(); }
function sleep(ms, options) { return $sleep(ms, options); }
function defer(fn) { return { [Symbol.dispose]() { fn(); } }; }
function currentTask() { return $unknown(); }
function numTasks() { return $unknown(); }
class Guard {
  constructor(give) { this.give = give; this.released = false; }
  release() { if (this.released) throw new SyncError("released twice"); this.released = true; this.give(); }
  [Symbol.dispose]() { if (this.released) return; this.released = true; this.give(); }
}
class Mutex {
  async acquire(options) { await this.lock(options); return new Guard(() => this.unlock()); }
  async withLock(fn, options) { await this.lock(options); try { return await fn(); } finally { this.unlock(); } }
}
class RWMutex {
  rLocker() { this.view ??= { lock: (options) => this.rLock(options), unlock: () => this.rUnlock() }; return this.view; }
  async acquire(options) { await this.lock(options); return new Guard(() => this.unlock()); }
  async acquireRead(options) { await this.rLock(options); return new Guard(() => this.rUnlock()); }
  async withLock(fn, options) { await this.lock(options); try { return await fn(); } finally { this.unlock(); } }
  async withRLock(fn, options) { await this.rLock(options); try { return await fn(); } finally { this.rUnlock(); } }
}
class RecursiveMutex {
  inner = new Mutex(); holder = -1; depth = 0; owner = undefined;
  async lock(options) {
    if (this.holder === $task()) { this.depth++; return; }
    await this.inner.lock(options); this.holder = $task(); this.depth = 1;
  }
  unlock() { this.depth--; if (this.depth === 0) { this.holder = -1; this.inner.unlock(); } }
}
class WaitGroup {
  go(fn) { this.add(1); return go(async () => { try { await fn(); } finally { this.done(); } }, { name: fn.name }); }
}
class Cond {
  constructor(l) { this.l = l; this.line = []; }
  async wait(options) {
    const turn = $waiting(this, "cond", options);
    this.line.push(turn);
    this.l.unlock();
    try { await turn; } finally { await this.l.lock(); }
  }
  signal() { while (this.line.length > 0) { const next = this.line.shift(); if ($pending(next)) { $resolve(next); return; } } }
  broadcast() { const all = this.line; this.line = []; for (const each of all) $resolve(each); }
}
class Once {
  mu = new Mutex(); ran = false;
  async do(fn) {
    if (this.ran) return;
    await this.mu.lock();
    try { if (!this.ran) { try { await fn(); } finally { this.ran = true; } } } finally { this.mu.unlock(); }
  }
}
function onceFunc(fn) { let made; return () => { made ??= (async () => { await fn(); })(); return made; }; }
function onceValue(fn) { let made; return () => { made ??= (async () => fn())(); return made; }; }
class SyncMap {
  map = new Map(); making = new Map();
  load(key) { return [this.map.get(key), this.map.has(key)]; }
  store(key, value) { this.map.set(key, value); }
  loadOrStore(key, value) { if (this.map.has(key)) return [this.map.get(key), true]; this.map.set(key, value); return [value, false]; }
  async loadOrCompute(key, fn) {
    if (this.map.has(key)) return this.map.get(key);
    if (!this.making.has(key)) this.making.set(key, (async () => { try { const value = await fn(key); this.map.set(key, value); return value; } finally { this.making.delete(key); } })());
    return await this.making.get(key);
  }
  loadAndDelete(key) { const found = [this.map.get(key), this.map.has(key)]; this.map.delete(key); return found; }
  delete(key) { this.map.delete(key); }
  swap(key, value) { const before = [this.map.get(key), this.map.has(key)]; this.map.set(key, value); return before; }
  compareAndSwap(key, old, next) { if (this.map.has(key) && this.map.get(key) === old) { this.map.set(key, next); return true; } return false; }
  compareAndDelete(key, old) { if (this.map.has(key) && this.map.get(key) === old) { this.map.delete(key); return true; } return false; }
  range(fn) { for (const [key, value] of this.map) if (!fn(key, value)) return; }
  clear() { this.map.clear(); }
}
class Pool {
  constructor(options) { this.make = options.new; this.items = []; }
  get() { return this.items.length > 0 ? this.items.pop() : this.make?.(); }
  put(item) { this.items.push(item); }
}
`;

export const channel = `
class Channel {
  constructor(capacity, options) { $capacity(this, capacity); }
  static nil() { const c = new Channel(0); $nil(c); return c; }
}
function onReceive(channel, run) { return { kind: "receive", channel, run }; }
function onSend(channel, value, run) { return { kind: "send", channel, value, run }; }
function otherwise(run) { return { kind: "default", run }; }
async function select(...cases) {
  const [index, value, ok] = await $select(cases);
  const chosen = cases[index];
  return chosen.kind === "receive" ? await chosen.run(value, ok) : await chosen.run();
}
function after(ms) { const c = new Channel(1); $timer(ms, c); return c; }
class Timer {
  constructor(ms) { this.c = new Channel(1); this.timer = $timer(ms, this.c); }
  stop() { return $stop(this.timer); }
  reset(ms) { const pending = $stop(this.timer); $poll(this.c); this.timer = $timer(ms, this.c); return pending; }
  [Symbol.dispose]() { $stop(this.timer); }
}
function tick(ms) {
  const c = new Channel(1); const timer = $timer(ms, c, true);
  c[Symbol.dispose] = () => { $stop(timer); };
  return c;
}
`;

export const context = `
class CanceledError extends Error {}
class DeadlineExceededError extends Error {}
class Context {
  controller = new AbortController(); done = new Channel(0); err = undefined; deadline = undefined; why = undefined; children = []; after = [];
  constructor(parent, key, stored) { this.parent = parent; this.key = key; this.stored = stored; this.signal = this.controller.signal; }
  value(key) { if (this.key === key) return this.stored; return this.parent?.value(key); }
  cancel(error, why) {
    if (this.err !== undefined) return;
    this.err = error; this.why = why ?? error;
    this.done.close();
    this.controller.abort(error);
    for (const child of this.children) child.cancel(error, this.why);
    for (const fn of this.after) go(fn);
  }
}
const root = new Context();
function background() { return new Context(); }
function todo() { return new Context(); }
function derive(parent) {
  const child = new Context(parent);
  if (parent.err !== undefined) child.cancel(parent.err, parent.why); else if (parent.children) parent.children.push(child);
  return child;
}
function withCancel(parent) { const child = derive(parent); return [child, () => child.cancel(new CanceledError("context canceled"))]; }
function withCancelCause(parent) { const child = derive(parent); return [child, (why) => child.cancel(new CanceledError("context canceled"), why)]; }
function withTimeout(parent, ms) {
  const child = derive(parent);
  const timer = $timer(ms, () => child.cancel(new DeadlineExceededError("context deadline exceeded")));
  return [child, () => { $stop(timer); child.cancel(new CanceledError("context canceled")); }];
}
function withDeadline(parent, at) { return withTimeout(parent, $unknown()); }
function withValue(parent, key, value) { const child = derive(parent); child.key = key; child.stored = value; return child; }
function withoutCancel(parent) { return new Context(parent); }
function afterFunc(ctx, fn) {
  if (ctx.err !== undefined) { go(fn); return () => false; }
  ctx.after.push(fn);
  return () => { const at = ctx.after.indexOf(fn); if (at < 0) return false; ctx.after.splice(at, 1); return true; };
}
function cause(ctx) { return ctx.why; }
`;

export const group = `
class Semaphore {
  constructor(size) { $size(this, size); }
  async withPermit(fn, n) { await this.acquire(n); try { return await fn(); } finally { this.release(n); } }
}
class SingleFlight {
  calls = new Map();
  async do(key, fn) {
    const shared = this.calls.has(key);
    if (!shared) this.calls.set(key, (async () => { try { return await fn(); } finally { this.calls.delete(key); } })());
    const value = await this.calls.get(key);
    return { value, shared };
  }
  doChan(key, fn) { const c = new Channel(1); go(async () => { await c.send(await this.do(key, fn)); }); return c; }
  forget(key) { this.calls.delete(key); }
}
class BrokenBarrierError extends Error {}
class CyclicBarrier {
  constructor(parties, action) { this.parties = parties; this.action = action; this.line = []; this.broken = false; }
  get waiting() { return this.line.length; }
  async wait(options) {
    if (this.broken) throw new BrokenBarrierError("broken barrier");
    const index = this.parties - 1 - this.line.length;
    if (index <= 0) {
      const all = this.line; this.line = [];
      if (this.action) await this.action();
      for (const each of all) $resolve(each);
      await $yield();
      return 0;
    }
    const turn = $waiting(this, "barrier", options);
    this.line.push(turn);
    await turn;
    return index;
  }
  reset() { const all = this.line; this.line = []; for (const each of all) $reject(each, new BrokenBarrierError("broken barrier")); this.broken = false; }
}
class ErrGroup {
  tasks = new WaitGroup(); error = undefined; failed = false; limit = undefined; cancel = undefined; waitingStart = [];
  static withContext(parent) { const g = new ErrGroup(); const [ctx, cancel] = withCancelCause(parent); g.cancel = cancel; return [g, ctx]; }
  go(fn) {
    this.tasks.add(1);
    const limit = this.limit;
    go(async () => {
      try { if (limit) await limit.acquire(); try { await fn(); } finally { if (limit) limit.release(); } }
      catch (error) { if (!this.failed) { this.failed = true; this.error = error; this.cancel?.(error); } }
      finally { this.tasks.done(); }
    }, { name: "group" });
  }
  tryGo(fn) { if (this.limit && !this.limit.tryAcquire()) return false; if (this.limit) this.limit.release(); this.go(fn); return true; }
  setLimit(n) { this.limit = n < 0 ? undefined : new Semaphore(n); }
  async wait() { await this.tasks.wait(); this.cancel?.(this.error); if (this.failed) throw this.error; }
}
`;

export const atomic = `
class Number$ {
  constructor(initial = 0) { this.current = initial; }
  load() { return this.current; }
  store(value) { this.current = value; }
  add(delta) { const before = this.current; this.current = before + delta; return before; }
  swap(value) { const before = this.current; this.current = value; return before; }
  compareAndSwap(old, next) { if (this.current !== old) return false; this.current = next; return true; }
  and(mask) { const before = this.current; this.current = before & mask; return before; }
  or(mask) { const before = this.current; this.current = before | mask; return before; }
}
class Int32 extends Number$ {}
class Uint32 extends Number$ {}
class Int64 extends Number$ {}
class Uint64 extends Number$ {}
class Bool extends Number$ { constructor(initial = false) { super(initial); } }
class Value extends Number$ { constructor(initial) { super(initial); this.current = initial; } }
`;

export const patterns = `
function orDone(ctx, ch) {
  const out = new Channel(0);
  go(async () => {
    try {
      for (let open = true; open; ) {
        open = await select(
          onReceive(ctx.done, () => false),
          onReceive(ch, async (value, ok) => ok && (await select(onReceive(ctx.done, () => false), onSend(out, value, () => true)))),
        );
      }
    } finally { out.close(); }
  }, { name: "orDone" });
  return out;
}
function stream(ctx, values) {
  const out = new Channel(0);
  go(async () => {
    try { for (const value of values) if (!(await select(onReceive(ctx.done, () => false), onSend(out, value, () => true)))) return; } finally { out.close(); }
  }, { name: "stream" });
  return out;
}
function map(ctx, ch, fn) {
  const out = new Channel(0);
  go(async () => {
    try { for await (const value of orDone(ctx, ch)) { const made = await fn(value); if (!(await select(onReceive(ctx.done, () => false), onSend(out, made, () => true)))) return; } } finally { out.close(); }
  }, { name: "map" });
  return out;
}
function filter(ctx, ch, keep) {
  const out = new Channel(0);
  go(async () => {
    try { for await (const value of orDone(ctx, ch)) if (keep(value) && !(await select(onReceive(ctx.done, () => false), onSend(out, value, () => true)))) return; } finally { out.close(); }
  }, { name: "filter" });
  return out;
}
function fanIn(ctx, ...channels) {
  const out = new Channel(0); const wg = new WaitGroup();
  for (const each of channels) wg.go(async () => { for await (const value of orDone(ctx, each)) if (!(await select(onReceive(ctx.done, () => false), onSend(out, value, () => true)))) return; });
  go(async () => { await wg.wait(); out.close(); }, { name: "fanIn" });
  return out;
}
`;
