import { MessageChannel } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { Channel, Timer } from "./channel.js";
import { Cond, go, Mutex, Once, Pool, RecursiveMutex, RWMutex, SyncMap, WaitGroup } from "./index.js";

const primitives = [
  new Mutex(),
  new RWMutex(),
  new RecursiveMutex(),
  new WaitGroup(),
  new Cond(new Mutex()),
  new Once(),
  new SyncMap(),
  new Pool(),
  new Channel(1),
  new Timer(0),
];

describe("a copy of a primitive", () => {
  it.each(primitives)("by structuredClone throws, also of what contains it: $kind", (primitive) => {
    const error = expect.objectContaining({
      name: "DataCloneError",
      message: expect.stringContaining("a primitive is copied"),
    });
    expect(() => structuredClone(primitive)).toThrow(error);
    expect(() => structuredClone({ deep: [new Map([["key", primitive]])] })).toThrow(error);
  });

  it.each(primitives)("by postMessage throws, and nothing is sent: $kind", async (primitive) => {
    const { port1, port2 } = new MessageChannel();
    const received: unknown[] = [];
    const end = new Promise<void>((resolve) => {
      port2.on("message", (message: unknown) => {
        received.push(message);
        if (message === "end") resolve();
      });
    });
    expect(() => port1.postMessage({ primitive })).toThrow("a primitive is copied");
    port1.postMessage("end");
    await end;
    expect(received).toEqual(["end"]);
    port1.close();
  });

  it.each(primitives)("by JSON throws: $kind", (primitive) => {
    expect(() => JSON.stringify({ primitive })).toThrow(
      expect.objectContaining({
        name: "SyncError",
        message: `sync.${primitive.kind} is copied`,
        code: "copied-lock",
        primitive: primitive.name,
      }),
    );
  });

  it("says which task it was", async () => {
    const task = go(() => JSON.stringify(new Mutex({ name: "mu" })), { name: "copies" });
    await expect(task.join()).rejects.toMatchObject({ task: "copies", primitive: "mu" });
  });

  it("looking is no copying: fields can be listed and compared", () => {
    const mu = new Mutex();
    expect(Object.values(mu).length).toBeGreaterThan(0);
    expect(mu).toEqual(mu);
  });
});
