/** `@lockscope/sync/group`. See `index.ts`. */
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
