import { describe, expect, it } from "vitest";
import { EndReason, EventKind, LockKind, Mode } from "../schema.js";
import { WatchedPlay } from "../testing/watched-play.js";

/** The deadlocks that are new, each by the names of its tasks. */
const rings = (play: WatchedPlay) =>
  play
    .look()
    .filter(({ kind }) => kind === "deadlock")
    .map(({ tasks }) => tasks.map(({ name }) => name).join(" "));

describe("a deadlock", () => {
  it("is told the moment its ring closes, once, with both places of each lock", () => {
    const play = new WatchedPlay().play("a 1, b 2, a 2?");
    expect(play.heard()).toEqual([]);
    play.play("b 1?");
    // That the locks were taken in opposite orders needs no second alarm.
    const [alarm, ...others] = play.look();
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({
      kind: "deadlock",
      time: 4,
      tasks: [{ name: "a" }, { name: "b" }],
      locks: [{ name: "2" }, { name: "1" }],
      text:
        'Deadlock: task "a" waits for Mutex "2" (play.ts:3, for 1 ms), held by task "b" (taken at play.ts:2, 2 ms ago); ' +
        'task "b" waits for Mutex "1" (play.ts:4, for less than 1 ms), held by task "a" (taken at play.ts:1, 3 ms ago)',
    });
    expect(alarm!.lines).toHaveLength(3);
    expect(alarm!.sites.map((site) => play.store.sites.get(site)?.line)).toEqual([3, 2, 4, 1]);
    play.pass(50);
    expect(play.look()).toEqual([]);
  });

  it("is none while somebody can go on", () => {
    expect(rings(new WatchedPlay().play("a 1, b 2, a 2?, b 2!, a 2^, a 2, b 1?"))).toEqual([]);
    expect(rings(new WatchedPlay().play("a 1, b 2, c 3, a 2?, b 3?"))).toEqual([]);
  });

  it("is none while a wait may be given up", () => {
    expect(rings(new WatchedPlay().play("a 1, b 2, a 2?, b 1~"))).toEqual([]);
  });

  it("of three tasks names all, and counts who waits behind them", () => {
    const play = new WatchedPlay().play("a 1, b 2, c 3, d 1?, a 2?, b 3?, c 1?");
    const [alarm] = play.look();
    expect(alarm!.text).toMatch(/^Deadlock: .*; 1 more task behind them$/);
    expect(alarm!.tasks.map(({ name }) => name)).toEqual(["a", "b", "c"]);
  });

  it("is told by itself, however many there are", () => {
    const play = new WatchedPlay().play("a 1, b 2, c 3, d 4, a 2?, b 1?");
    expect(rings(play)).toEqual(["a b"]);
    play.play("c 4?, d 3?");
    expect(rings(play)).toEqual(["c d"]);
  });

  it("of readers and a writer is one; of readers alone it is none", () => {
    const kind = LockKind.rwmutex;
    expect(rings(new WatchedPlay({ kind }).play("a 1r, b 1r, w 2, a 2?, w 1?"))).toEqual(["a w"]);
    // b only reads, and gives back; a reader behind the writer waits for him alone.
    expect(rings(new WatchedPlay({ kind }).play("a 1r, b 1r, w 1?, c 1r?"))).toEqual([]);
  });

  it("may close by a task that waits for another's end", () => {
    expect(rings(new WatchedPlay().play("a 1, a b?, b 1?"))).toEqual(["a b"]);
    expect(rings(new WatchedPlay().play("a 1, a b?, b 2?"))).toEqual([]);
  });

  it("is none where a select or another call of the task may go on", () => {
    const selecting = new WatchedPlay().play("a 1, b 2, b 1?");
    const channel = selecting.lock("c", LockKind.channel);
    for (const lock of [channel, selecting.lock("2")]) {
      selecting.trace.row({
        kind: EventKind.block,
        arg: Mode.selectReceive,
        task: selecting.task("a"),
        lock,
      });
    }
    expect(rings(selecting.ship())).toEqual([]);
    // a takes 3 while it waits for 2: another call of it runs, and may be the one that has 1.
    expect(rings(new WatchedPlay().play("a 1, b 2, a 2?, a 3, b 1?"))).toEqual([]);
  });

  it("may close by a task that only stands in a thread which another one has stopped, and says so", () => {
    const play = new WatchedPlay().inThread(1, "a", "b").inThread(2, "c");
    expect(rings(play.play("a 1, c 2, c 1?"))).toEqual([]);
    const [alarm, ...others] = play.play("b 2=").look();
    expect(others).toEqual([]);
    expect(alarm!.lines).toEqual([
      "deadlock! These 3 tasks wait for each other for ever:",
      'task "c" waits for Mutex "1" (play.ts:3, for 1 ms), held by task "a" (taken at play.ts:1, 3 ms ago)',
      'task "a" cannot run: its thread is stopped by task "b", which waits for Mutex "2" (play.ts:4, for less than 1 ms)',
      'task "b" waits for Mutex "2" (play.ts:4, for less than 1 ms), held by task "c" (taken at play.ts:2, 2 ms ago)',
    ]);
    expect(alarm!.tasks.map(({ name }) => name)).toEqual(["c", "a", "b"]);
    expect(alarm!.locks.map(({ name }) => name)).toEqual(["1", "2"]);
    // Another thread, and it is none.
    expect(rings(new WatchedPlay().inThread(1, "a").inThread(3, "b").play("a 1, c 2, c 1?, b 2="))).toEqual(
      [],
    );
  });

  it("has to last where rows were lost, of which one may have given a lock back", () => {
    const play = new WatchedPlay();
    play.trace.flush({ dropped: 3 });
    expect(rings(play.play("a 1, b 2, a 2?, b 1?"))).toEqual([]);
    expect(rings(play.pass(499))).toEqual([]);
    expect(rings(play.pass(1))).toEqual(["a b"]);
    const repaired = new WatchedPlay();
    repaired.trace.flush({ dropped: 3 });
    expect(rings(repaired.play("a 1, b 2, a 2?, b 1?").play("a 2").pass(1000))).toEqual([]);
  });

  it("among calls of one task is told once nothing runs any more", () => {
    const play = new WatchedPlay().play("main 1, b 2, main 2?, b 1?");
    expect(rings(play)).toEqual([]);
    play.trace.row({ kind: EventKind.programEnd, arg: EndReason.stuck });
    expect(rings(play.ship())).toEqual(["main b"]);
  });

  it("calls a lock what the program calls its type", () => {
    const play = new WatchedPlay();
    const lock = play.lock("1");
    play.trace.definitions.lock(lock, LockKind.mutex, 0, "1", 0, 0, "SharedMutex");
    const [alarm] = play.play("a 1, b 2, a 2?, b 1?").look();
    expect(alarm!.text).toContain('waits for SharedMutex "1"');
    expect(alarm!.text).toContain('waits for Mutex "2"');
    const hostile = new WatchedPlay();
    hostile.trace.definitions.lock(hostile.lock("1"), LockKind.mutex, 0, "1", 0, 0, "\u001b[2J");
    expect(hostile.play("a 1, b 2, a 2?, b 1?").look()[0]!.text).not.toContain("\u001b");
  });

  it("says what names say, and nothing that a terminal would obey", () => {
    const play = new WatchedPlay();
    play.lock("1");
    play.trace.definitions.lock(play.lock("1"), LockKind.mutex, 0, "\u001b[2Jmu\n");
    const [alarm] = play.play("a 1, b 2, a 2?, b 1?").look();
    expect([alarm!.text, ...alarm!.lines].join("\n")).toContain("\\u001b[2Jmu\\u000a");
    expect(alarm!.text).not.toContain("\u001b");
  });
});
