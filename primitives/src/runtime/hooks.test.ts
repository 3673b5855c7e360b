import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Recorder } from "../../testing/recorder.js";
import { settled } from "../../testing/turn.js";
import { Channel, onReceive, onSend, otherwise, select } from "../channel.js";
import { go, gosched, Mutex, RWMutex, WaitGroup } from "../index.js";
import { plugIn, registry } from "./registry.js";

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder();
  plugIn(recorder);
});
afterEach(() => plugIn(null));

describe("what an instrument is told", () => {
  it("a contended mutex: the release, then who goes on with it", async () => {
    const mu = new Mutex({ name: "mu" });
    await mu.lock();
    const task = go(() => mu.lock(), { name: "t" });
    await settled();
    mu.unlock();
    await task.join();
    expect(recorder.take()).toEqual([
      "created mu",
      "lock mu 0",
      "spawned t",
      "began t",
      "t parked: lock mu",
      "unlock mu 0",
      "t readied: lock",
      "main parked: join -",
      "ended t: done",
      "main readied: join",
    ]);
    expect(mu.tryLock()).toBe(false);
    expect(recorder.take()).toEqual(["lockFailed mu 0"]);
  });

  it("a wait that was given up", async () => {
    const rw = new RWMutex({ name: "rw" });
    await rw.rLock();
    const controller = new AbortController();
    const writer = rw.lock({ signal: controller.signal });
    const reader = rw.rLock();
    controller.abort(new Error("gone"));
    await expect(writer).rejects.toThrow("gone");
    await reader;
    rw.rUnlock();
    expect(recorder.take()).toEqual([
      "created rw",
      "rLock rw 0",
      "main parked: lock rw",
      "main parked: rLock rw",
      "main cancelled: lock",
      "main readied: rLock",
      "rUnlock rw 0",
    ]);
  });

  it("a WaitGroup", async () => {
    const wg = new WaitGroup({ name: "wg" });
    wg.go(function worker() {});
    await wg.wait();
    await wg.wait();
    expect(recorder.take()).toEqual([
      "created wg",
      "add wg 1",
      "spawned worker",
      "main parked: wait wg",
      "began worker",
      "add wg -1",
      "main readied: wait",
      "wait wg 0",
      "ended worker: done",
    ]);
  });

  it("channels and select", async () => {
    const c = new Channel<number>(1, { name: "c" });
    await c.send(1);
    void c.send(2);
    await c.receive();
    await select(
      onReceive(c, () => {}),
      otherwise(() => {}),
    );
    await select(
      onReceive(c, () => {}),
      otherwise(() => {}),
    );
    const parked = select(
      onReceive(Channel.nil(), () => {}),
      onReceive(c, () => {}),
    );
    await select(onSend(c, 3, () => {}));
    await parked;
    c.close();
    await c.receive();
    expect(recorder.take().filter((line) => !line.startsWith("created"))).toEqual([
      "send c 1",
      "main parked: send c",
      "receive c 1",
      "main readied: send",
      "receive c 0",
      "select c 0",
      "select - 1",
      "main parked: select -",
      "send c 0",
      "main readied: select",
      "select c 0",
      "close c 0",
      "receiveEnd c 0",
    ]);
  });

  it("a yield, which ends by itself", async () => {
    await gosched();
    expect(recorder.take()).toEqual(["main parked: yield -", "main readied: yield"]);
  });

  it("nothing, once it is pulled out", async () => {
    plugIn(null);
    await new Mutex().lock();
    expect(recorder.take()).toEqual([]);
  });
});

describe("two copies of the library in one process", () => {
  const secondCopy = async () => {
    vi.resetModules();
    return (await import("../index.js")) as typeof import("../index.js");
  };

  it("tell the same instrument, whether it came before or after the copy", async () => {
    const copy = await secondCopy();
    expect(copy.Mutex).not.toBe(Mutex);
    await new copy.Mutex({ name: "theirs" }).lock();
    expect(recorder.take()).toEqual(["created theirs", "lock theirs 0"]);

    const later = new Recorder();
    plugIn(later);
    await new copy.Mutex({ name: "theirs" }).lock();
    await new Mutex({ name: "ours" }).lock();
    expect(recorder.take()).toEqual([]);
    expect(later.take()).toEqual(["created theirs", "lock theirs 0", "created ours", "lock ours 0"]);
  });

  it("know each other's tasks and number everything together", async () => {
    const copy = await secondCopy();
    const before = copy.numTasks();
    const task = go(() => copy.currentTask());
    expect(copy.numTasks()).toBe(before + 1);
    expect(await task.join()).toBe(task);
    expect(copy.go(() => {}).id).toBe(task.id + 1);
    const [ours, theirs] = [new Mutex(), new copy.Mutex()];
    expect(Number(theirs.name.split("#")[1])).toBe(Number(ours.name.split("#")[1]) + 1);
  });

  it("a copy with another idea of the hooks keeps to itself", async () => {
    const key = Symbol.for("@lockscope/sync");
    const host = globalThis as { [key: symbol]: unknown };
    const other = { version: 999, copies: [], instrument: recorder };
    host[key] = other;
    try {
      const copy = await secondCopy();
      await new copy.Mutex({ name: "apart" }).lock();
      expect(recorder.take()).toEqual([]);
      expect(host[key]).toBe(other);
      expect(other.copies).toEqual([]);
    } finally {
      host[key] = registry;
    }
  });
});
