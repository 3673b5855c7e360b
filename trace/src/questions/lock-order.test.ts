import { describe, expect, it } from "vitest";
import { EventKind } from "../schema.js";
import { play } from "../testing/play.js";
import { WatchedPlay } from "../testing/watched-play.js";
import { inversions, lockOrder, lockOrderOf } from "./lock-order.js";

const crossed = "a 1, a 2, a 2!, a 1!, b 2, b 3, b 1, b 1!, b 3!, b 2!, a 1, a 2";

describe("lockOrder", () => {
  it("has an edge for every lock taken while another was held, with both places", () => {
    const store = play(crossed);
    const order = lockOrder(store);
    expect(order.locks.map(({ name }) => name)).toEqual(["1", "2", "3"]);
    expect(order.edges.map(({ first, second, count }) => `${first.name} ${second.name} x${count}`)).toEqual([
      "1 2 x2",
      "2 3 x1",
      "2 1 x1",
      "3 1 x1",
    ]);
    const [edge] = order.edges;
    expect(edge!.first).toBe(store.live.findLock(edge!.first.id));
    expect(edge!.witness).toMatchObject({ task: { name: "a" }, time: 2, gates: [] });
    expect(store.sites.get(edge!.witness.firstSite)?.line).toBe(1);
    expect(store.sites.get(edge!.witness.secondSite)?.line).toBe(2);
    expect(order.edges[2]!.witness.gates.map(({ name }) => name)).toEqual(["3"]);
  });

  it("finds the circles, but for those whose tasks a lock keeps apart", () => {
    const found = inversions(lockOrder(play(crossed)));
    // 3, 1, 2 is none: who took 1 while he had 3 had 2 as well.
    expect(found.map(({ steps }) => steps.map(({ edge }) => edge.first.name))).toEqual([["2", "1"]]);
  });

  it("has an edge for what was asked for and never got", () => {
    expect(lockOrder(play("a 1, b 2, a 2?, b 1?")).edges.map(({ count }) => count)).toEqual([0, 0]);
  });

  it("is the same as that of a watch that was there from the beginning", () => {
    const watched = new WatchedPlay().play(crossed);
    const plain = ({ edges, inversions: found }: ReturnType<typeof lockOrder>) => [
      edges.map(({ first, second, count, witnesses }) => [first.id, second.id, count, witnesses.length]),
      found.map(({ steps, certain }) => [steps.map(({ witness }) => witness.time), certain]),
    ];
    expect(plain(lockOrderOf(watched.watch.orders!))).toEqual(plain(lockOrder(watched.store)));
  });

  it("takes a task that holds thousands of locks, and thousands that pass hand over hand", () => {
    const many = Array.from({ length: 1000 }, (_, i) => `${i}`);
    const greedy = new WatchedPlay();
    for (const name of many)
      greedy.trace.row({ kind: EventKind.acquire, task: greedy.task("a"), lock: greedy.lock(name) });
    expect(greedy.ship().look().length).toBeLessThan(2);
    expect(greedy.watch.orders!.edges.length).toBeLessThanOrEqual(32 * many.length);
    const chain = new WatchedPlay();
    for (const [i, name] of many.entries()) {
      chain.trace.row({ kind: EventKind.acquire, task: chain.task("a"), lock: chain.lock(name) });
      if (i > 0)
        chain.trace.row({ kind: EventKind.release, task: chain.task("a"), lock: chain.lock(many[i - 1]!) });
    }
    chain.ship();
    expect(chain.watch.orders!.edges).toHaveLength(many.length - 1);
    expect(chain.watch.orders!.truncated).toBe(false);
  });
});
