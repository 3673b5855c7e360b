/** The language's own library, as far as programs under search use it. See `index.ts`. */
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
  static resolve(...given) { if (given.length === 0) return $yield(); const [value] = given; if ($isPromise(value)) return value; const p = $promise(); $resolve(p, value); return p; }
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
