import { afterEach, describe, expect, it } from "vitest";
import { silentInstrument } from "../testing/virtual-clock.js";
import { Channel } from "./channel.js";
import { go, Mutex, RWMutex, type SyncError } from "./index.js";
import { plugIn } from "./runtime/registry.js";

afterEach(() => plugIn(null));

function thrownBy(act: () => unknown): SyncError {
  try {
    act();
  } catch (error) {
    return error as SyncError;
  }
  return expect.unreachable("it throws");
}

describe("SyncError", () => {
  it("has Go's text, a code, the primitive and the task", async () => {
    const mu = new Mutex({ name: "counter" });
    const error = await go(() => thrownBy(() => mu.unlock()), { name: "worker" }).join();
    expect({ ...error, message: error.message, name: error.name }).toEqual({
      name: "SyncError",
      message: "sync: unlock of unlocked mutex",
      code: "unlock-of-unlocked",
      primitive: "counter",
      task: "worker",
    });
  });

  it("says where the primitive was locked, if the instrument that is plugged in knows", async () => {
    const rw = new RWMutex();
    await rw.rLock();
    expect(thrownBy(() => rw.unlock())).not.toHaveProperty("lockedAt");
    plugIn({ ...silentInstrument(), heldAt: (resource) => (resource === rw ? "bank.ts:12:14" : undefined) });
    expect(thrownBy(() => rw.unlock())).toMatchObject({
      code: "mismatched-unlock",
      lockedAt: "bank.ts:12:14",
    });
    expect(thrownBy(() => new Mutex().unlock())).not.toHaveProperty("lockedAt");
    expect(
      thrownBy(() => new Channel(-1)),
      "of nothing that has been made",
    ).not.toHaveProperty("primitive");
  });
});
