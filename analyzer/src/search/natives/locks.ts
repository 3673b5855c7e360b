import type { Holder, Obj } from "../heap.js";
import type { Machine } from "../machine.js";
import type { Ref, Value } from "../values.js";
import { heed, isPending, type Natives } from "./native.js";

/*
 * Mutex: n = 1 while locked; more = promises in line.
 * RWMutex: n = readers, m = 1 while written; more = promises in line, a writer's with m = 2 in its own right.
 */

function holder(m: Machine, fiber: number, site: Holder["site"], read: boolean): Holder {
  return { fiber, task: m.state.fibers[fiber]?.task ?? fiber, site, read };
}

/** The lock goes to one who waited. */
function grant(m: Machine, lock: Obj, promise: Ref, read: boolean): void {
  const { c, wait } = m.state.get(promise);
  lock.holders = [...lock.holders, holder(m, c as number, wait?.site ?? m.site(), read)];
  m.resolve(promise, undefined);
}

function waiters(m: Machine, lock: Obj): Ref[] {
  lock.more = lock.more.filter((promise) => isPending(m, promise));
  return lock.more as Ref[];
}

function taken(m: Machine, self: Ref, read: boolean): Value {
  const lock = m.state.write(self);
  lock.holders = [...lock.holders, holder(m, m.fiber.id, m.site(), read)];
  return m.passed(read ? "rLock" : "lock", [self], undefined);
}

function queue(m: Machine, self: Ref, read: boolean, options: Value): Value {
  const promise = m.waiting(read ? "rLock" : "lock", [self]);
  if (!heed(m, promise, options)) m.state.write(self).more.push(promise);
  return promise;
}

/** Somebody's holding ends: the caller's own, if it has one. */
function letGo(m: Machine, lock: Obj, read: boolean): void {
  const own = lock.holders.findIndex((each) => each.read === read && each.fiber === m.fiber.id);
  const any = own >= 0 ? own : lock.holders.findIndex((each) => each.read === read);
  lock.holders = lock.holders.filter((_, index) => index !== any);
}

export const mutex: Natives = {
  lock(m, self, [options]) {
    if (m.state.get(self).n === 1) return queue(m, self, false, options);
    m.state.write(self).n = 1;
    return taken(m, self, false);
  },
  tryLock(m, self) {
    const lock = m.state.write(self);
    if (lock.n === 1) return false;
    lock.n = 1;
    lock.holders = [holder(m, m.fiber.id, m.site(), false)];
    return true;
  },
  unlock(m, self) {
    const lock = m.state.write(self);
    if (lock.n === 0) return lock.escaped ? undefined : m.misuse("sync: unlock of unlocked mutex");
    letGo(m, lock, false);
    const [next] = waiters(m, lock);
    if (next === undefined) lock.n = 0;
    else {
      lock.more.shift();
      grant(m, lock, next, false);
    }
    return undefined;
  },
};

function isWriter(m: Machine, promise: Ref): boolean {
  return m.state.get(promise).wait?.kind === "lock";
}

/** Readers in line all go; else the first writer. `readersFirst` after a writer, as in Go. */
function pump(m: Machine, self: Ref, readersFirst: boolean): void {
  const lock = m.state.write(self);
  if (lock.m === 1) return;
  const line = waiters(m, lock);
  const writer = line.find((promise) => isWriter(m, promise));
  const readers = line.filter((promise) => !isWriter(m, promise));
  if (readers.length > 0 && (readersFirst || writer === undefined)) {
    lock.more = lock.more.filter((promise) => isWriter(m, promise as Ref));
    lock.n += readers.length;
    for (const reader of readers) grant(m, lock, reader, true);
  } else if (writer !== undefined && lock.n === 0) {
    lock.more = lock.more.filter((promise) => promise !== writer);
    lock.m = 1;
    grant(m, lock, writer, false);
  }
}

export const rwMutex: Natives = {
  lock(m, self, [options]) {
    const lock = m.state.write(self);
    if (lock.m === 1 || lock.n > 0) return queue(m, self, false, options);
    lock.m = 1;
    return taken(m, self, false);
  },
  tryLock(m, self) {
    const lock = m.state.write(self);
    if (lock.m === 1 || lock.n > 0) return false;
    lock.m = 1;
    lock.holders = [holder(m, m.fiber.id, m.site(), false)];
    return true;
  },
  unlock(m, self) {
    const lock = m.state.write(self);
    if (lock.m === 0) return lock.escaped ? undefined : m.misuse("sync: Unlock of unlocked RWMutex");
    lock.m = 0;
    letGo(m, lock, false);
    pump(m, self, true);
    return undefined;
  },
  rLock(m, self, [options]) {
    const lock = m.state.write(self);
    if (lock.m === 1 || waiters(m, lock).some((promise) => isWriter(m, promise)))
      return queue(m, self, true, options);
    lock.n += 1;
    return taken(m, self, true);
  },
  tryRLock(m, self) {
    const lock = m.state.write(self);
    if (lock.m === 1 || waiters(m, lock).some((promise) => isWriter(m, promise))) return false;
    lock.n += 1;
    lock.holders = [...lock.holders, holder(m, m.fiber.id, m.site(), true)];
    return true;
  },
  rUnlock(m, self) {
    const lock = m.state.write(self);
    if (lock.n === 0) return lock.escaped ? undefined : m.misuse("sync: RUnlock of unlocked RWMutex");
    lock.n -= 1;
    letGo(m, lock, true);
    pump(m, self, false);
    return undefined;
  },
};

/** A writer that gave up its place lets the readers behind it go. */
export function afterGivingUp(m: Machine, lock: Ref): void {
  if (m.state.get(lock).kind === "RWMutex") pump(m, lock, false);
}
