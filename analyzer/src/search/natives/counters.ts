import type { Machine } from "../machine.js";
import type { Ref, Value } from "../values.js";
import { heed, isPending, type Natives, numberOf, unsure } from "./native.js";

/*
 * WaitGroup: n = count; more = promises of those who wait.
 * Semaphore: n = free, m = size; more = promises in line, each with its wish in list[0].
 */

function add(m: Machine, self: Ref, delta: Value): void {
  const by = numberOf(delta);
  if (by === undefined) return unsure(m, self);
  const group = m.state.write(self);
  group.n += by;
  if (group.n < 0) {
    if (group.escaped) group.n = 0;
    else m.misuse("sync: negative WaitGroup counter");
  }
  if (group.n > 0) return;
  const waiting = group.more.filter((promise) => isPending(m, promise));
  group.more = [];
  for (const promise of waiting) m.resolve(promise as Ref, undefined);
}

export const waitGroup: Natives = {
  add(m, self, [delta]) {
    add(m, self, delta);
    return undefined;
  },
  done(m, self) {
    add(m, self, -1);
    return undefined;
  },
  wait(m, self, [options]) {
    if (m.state.get(self).n === 0) return m.passed("wait-group", [self], undefined);
    const promise = m.waiting("wait-group", [self]);
    if (!heed(m, promise, options)) m.state.write(self).more.push(promise);
    return promise;
  },
};

function serve(m: Machine, self: Ref): void {
  const semaphore = m.state.write(self);
  semaphore.more = semaphore.more.filter((promise) => isPending(m, promise));
  while (semaphore.more.length > 0) {
    const first = semaphore.more[0] as Ref;
    const wish = m.state.get(first).list[0] as number;
    if (wish > semaphore.n) return;
    semaphore.n -= wish;
    semaphore.more.shift();
    const { c, wait } = m.state.get(first);
    const fiber = c as number;
    const task = m.state.fibers[fiber]?.task ?? fiber;
    semaphore.holders = [...semaphore.holders, { fiber, task, site: wait?.site ?? m.site(), read: false }];
    m.resolve(first, undefined);
  }
}

export const semaphore: Natives = {
  acquire(m, self, [count, options]) {
    const wish = numberOf(count ?? 1);
    if (wish === undefined) unsure(m, self);
    const obj = m.state.write(self);
    const queued = obj.more.some((promise) => isPending(m, promise));
    if (!queued && (wish ?? 1) <= obj.n) {
      obj.n -= wish ?? 1;
      const { id, task } = m.fiber;
      obj.holders = [...obj.holders, { fiber: id, task, site: m.site(), read: false }];
      return m.passed("permit", [self], undefined);
    }
    const promise = m.waiting("permit", [self]);
    m.state.write(promise).list.push(wish ?? 1);
    if (!heed(m, promise, options)) obj.more.push(promise);
    return promise;
  },
  tryAcquire(m, self, [count]) {
    const wish = numberOf(count ?? 1) ?? 1;
    const obj = m.state.write(self);
    if (obj.more.some((promise) => isPending(m, promise)) || wish > obj.n) return false;
    obj.n -= wish;
    const { id, task } = m.fiber;
    obj.holders = [...obj.holders, { fiber: id, task, site: m.site(), read: false }];
    return true;
  },
  release(m, self, [count]) {
    const by = numberOf(count ?? 1);
    if (by === undefined) unsure(m, self);
    const obj = m.state.write(self);
    if (obj.n + (by ?? 1) > obj.m && !obj.escaped) return m.misuse("semaphore: released more than held");
    obj.n += by ?? 1;
    const own = obj.holders.findIndex((each) => each.fiber === m.fiber.id);
    const gone = own >= 0 ? own : 0;
    obj.holders = obj.holders.filter((_, index) => index !== gone);
    serve(m, self);
    return undefined;
  },
};

export function setSize(m: Machine, self: Ref, size: Value): void {
  const known = numberOf(size);
  if (known === undefined) unsure(m, self);
  const obj = m.state.write(self);
  obj.n = known ?? 1;
  obj.m = known ?? Number.MAX_SAFE_INTEGER;
}
