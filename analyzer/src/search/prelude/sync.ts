/** `@lockscope/sync` itself: tasks, locks, groups, conditions. See `index.ts`. */
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
