import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { busyTrace, deadlockedTrace, newSession } from "../testing/sample-trace.js";
import { KeptTrace } from "./kept-trace.js";
import type { TraceSession } from "./session.js";
import { Sessions } from "./sessions.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockscope-kept-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const place = () => join(folder, "of", "this", "workspace");

function sessionOf(id: string, trace: { readonly batches: readonly Uint8Array[] }): TraceSession {
  const session = newSession(id, { token: "secret" });
  for (const batch of trace.batches) session.receive(batch);
  return session;
}

describe("a trace that is kept for the window's next life", () => {
  it("is there again, once, as the session that it was, without its token", async () => {
    const before = sessionOf("a", deadlockedTrace("stuck"));
    before.close();
    new KeptTrace(place()).keep(before);
    const next = new KeptTrace(place());
    const after = await next.take();
    expect(after).toMatchObject({ id: "a", info: before.info, end: { reason: "stuck" } });
    expect(after?.store.eventCount).toBe(before.store.eventCount);
    expect(after?.prelude.token).toBe("-");
    expect(after?.alarms.all.map(({ kind }) => kind)).toEqual(["deadlock"]);
    expect(await next.take()).toBeUndefined();
  });

  it("of a program that ran says that it was the window that went", async () => {
    new KeptTrace(place()).keep(sessionOf("a", deadlockedTrace()));
    const after = await new KeptTrace(place()).take();
    expect(after?.end?.reason).toBe("broken");
    expect(after?.end?.message).toContain("reloaded while the program ran");
    expect(after?.store.live.waitingTasks).toBe(2);
  });

  it("is the last one only, and of one that is too long the name", async () => {
    const kept = new KeptTrace(place(), 10_000);
    kept.keep(sessionOf("first", busyTrace(3)));
    kept.keep(sessionOf("second", busyTrace(3000)));
    expect(readdirSync(place())).toEqual(["second.locktrace"]);
    const after = await kept.take();
    expect(after).toMatchObject({ info: { name: "bank.ts (4711)" }, batches: [] });
    expect(after?.end?.message).toContain("too long");
  });

  it("is none where there is no folder for it, or nothing was kept", async () => {
    const nowhere = new KeptTrace(undefined);
    nowhere.keep(sessionOf("a", busyTrace(3)));
    expect(await nowhere.take()).toBeUndefined();
    expect(await new KeptTrace(place()).take()).toBeUndefined();
  });

  it("is looked at, unless a program has sent one since", () => {
    const sessions = new Sessions();
    const [earlier, now] = [sessionOf("earlier", busyTrace(3)), sessionOf("now", busyTrace(3))];
    sessions.addEarlier(earlier);
    expect(sessions.current).toBe(earlier);
    const later = new Sessions();
    later.add(now);
    later.addEarlier(earlier);
    expect(later.current).toBe(now);
    expect(later.all).toEqual([now, earlier]);
  });
});
