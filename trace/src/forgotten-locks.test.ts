import { describe, expect, it } from "vitest";
import { findDeadlocks } from "./deadlocks.js";
import { TraceFollower } from "./follower.js";
import { LiveState } from "./live-state.js";
import { EventKind, LockKind, Mode } from "./schema.js";
import { snapshotBatches } from "./snapshot.js";
import { TraceStore } from "./store.js";
import { StreamReader } from "./stream-reader.js";
import { TraceBuilder } from "./trace-builder.js";
import { OrderWatch } from "./watch/order-watch.js";

const ERA = 3_000_000_000; // an u32, which the row's value has as an i32

/** A thread that makes locks of an era, and says that it is over. */
class Eras {
  readonly trace = new TraceBuilder();
  readonly task = this.trace.task("a");
  readonly #reader = new StreamReader({ prelude: false });
  #shipped = 0;
  #nextLock = 100;

  lock(name: string, kind: LockKind = LockKind.mutex, era = ERA, id = this.#nextLock++): number {
    this.trace.definitions.lock(id, kind, 0, name, 0, era);
    return id;
  }

  row(kind: EventKind, lock: number, arg = 0): void {
    this.trace.time++;
    this.trace.row({ kind, task: this.task, lock, arg });
  }

  forget(era = ERA): void {
    this.trace.row({ kind: EventKind.forget, value: era | 0 });
  }

  shipTo(follower: TraceFollower): void {
    this.trace.flush();
    for (const bytes of this.trace.batches.slice(this.#shipped))
      for (const batch of this.#reader.push(bytes)) follower.append(batch);
    this.#shipped = this.trace.batches.length;
  }
}

const forgetful = () => new TraceFollower(new LiveState({ history: false, past: false }));

const names = ({ live }: TraceFollower) => live.locks.map(({ name }) => name);

describe("a lock of an era that is over", () => {
  it("is forgotten, unless somebody has it or waits for it, or it counts something", () => {
    const eras = new Eras();
    const follower = forgetful();
    eras.row(EventKind.acquire, eras.lock("used"));
    eras.row(EventKind.release, 100);
    eras.lock("never used");
    eras.row(EventKind.acquire, eras.lock("held"));
    const channel = eras.lock("waited for", LockKind.channel);
    eras.row(EventKind.block, channel, Mode.receive);
    eras.row(EventKind.add, eras.lock("counts", LockKind.waitgroup), 2);
    eras.lock("of another era", LockKind.mutex, 7);
    eras.lock("for good", LockKind.mutex, 0);
    eras.forget();
    eras.shipTo(follower);
    expect(names(follower)).toEqual(["held", "waited for", "counts", "of another era", "for good"]);
    expect(follower.live.findLock(100)).toBeUndefined();
  });

  it("is known by its name when it is used again, for which it is defined anew", () => {
    const eras = new Eras();
    const follower = forgetful();
    const lock = eras.lock("comes back");
    eras.row(EventKind.acquire, lock);
    eras.row(EventKind.release, lock);
    eras.forget();
    eras.shipTo(follower);
    expect(names(follower)).toEqual([]);
    eras.lock("comes back", LockKind.mutex, 7, lock);
    eras.row(EventKind.acquire, lock);
    eras.shipTo(follower);
    expect(names(follower)).toEqual(["comes back"]);
    expect(follower.live.findLock(lock)?.holders.size).toBe(1);
  });

  it("stays if it was defined anew before its end was told, however the two come", () => {
    const eras = new Eras();
    const follower = forgetful();
    const lock = eras.lock("comes back");
    eras.row(EventKind.acquire, lock);
    eras.row(EventKind.release, lock);
    // Definitions are ahead of the rows of their batch.
    eras.forget();
    eras.lock("comes back", LockKind.mutex, 7, lock);
    eras.row(EventKind.tryFail, lock);
    eras.shipTo(follower);
    expect(names(follower)).toEqual(["comes back"]);
  });

  it("is kept where the past is kept, and by whoever cannot know better", () => {
    const eras = new Eras();
    const store = new TraceStore();
    eras.row(EventKind.acquire, eras.lock("used"));
    eras.row(EventKind.release, 100);
    eras.forget();
    eras.shipTo(store);
    expect(names(store)).toEqual(["used"]);
    expect(store.stateAt(Number.POSITIVE_INFINITY).locks).toHaveLength(1);
  });

  it("is not in a snapshot, and what is in it can be forgotten later", () => {
    const eras = new Eras();
    const follower = forgetful();
    eras.lock("idle");
    const held = eras.lock("held");
    eras.row(EventKind.acquire, held);
    eras.forget();
    eras.shipTo(follower);
    const joined = forgetful();
    const reader = new StreamReader({ prelude: false });
    for (const bytes of snapshotBatches(follower))
      for (const batch of reader.push(bytes)) joined.append(batch);
    expect(names(joined)).toEqual(["held"]);
    eras.row(EventKind.release, held);
    eras.forget();
    eras.shipTo(joined);
    expect(names(joined)).toEqual([]);
  });

  it.each([
    ["the past is kept", () => new TraceStore()],
    ["it is not", forgetful],
  ])("makes room for the orders of others, where %s", (_, newFollower) => {
    const eras = new Eras();
    const follower = newFollower();
    const orders = new OrderWatch(follower.live, 100);
    follower.live.observer = orders;
    const other = eras.trace.task("b");
    const nest = (task: number, first: number, second: number) => {
      for (const kind of [EventKind.acquire, EventKind.release])
        for (const lock of [first, second]) eras.trace.row({ kind, task, lock });
    };
    const [left, right] = [eras.lock("left", LockKind.mutex, 0), eras.lock("right", LockKind.mutex, 0)];
    nest(eras.task, left, right);
    for (let era = 1; era <= 5; era++) {
      for (let pair = 0; pair < 90; pair++)
        nest(eras.task, eras.lock("outer", LockKind.mutex, era), eras.lock("inner", LockKind.mutex, era));
      eras.forget(era);
    }
    nest(other, right, left);
    eras.shipTo(follower);
    expect(orders.edges.length).toBeLessThanOrEqual(100);
    expect(orders.inversions.map(({ steps }) => steps.map(({ edge }) => edge.first.name))).toEqual([
      ["right", "left"],
    ]);
  });

  it("costs nobody a deadlock, and makes none", () => {
    const eras = new Eras();
    const follower = forgetful();
    const other = eras.trace.task("b");
    const [one, two] = [eras.lock("one"), eras.lock("two")];
    eras.row(EventKind.acquire, one);
    eras.trace.row({ kind: EventKind.acquire, task: other, lock: two });
    eras.row(EventKind.block, two);
    eras.forget();
    eras.shipTo(follower);
    expect(findDeadlocks(follower.live).cycles).toEqual([]);
    eras.trace.row({ kind: EventKind.block, task: other, lock: one });
    eras.shipTo(follower);
    expect(findDeadlocks(follower.live).cycles).toHaveLength(1);
  });
});
