import { readTrace } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { busyTrace, deadlockedTrace, newSession } from "../testing/sample-trace.js";

const send = (session: ReturnType<typeof newSession>, trace: { batches: Uint8Array[] }) => {
  for (const batch of trace.batches) session.receive(batch);
};

describe("a trace session's end", () => {
  it.each([
    ["exited", busyTrace(3)],
    ["stuck", deadlockedTrace("stuck")],
    ["broken", deadlockedTrace()],
  ] as const)("%s", (reason, trace) => {
    const session = newSession();
    send(session, trace);
    expect(session.end).toBeUndefined();
    session.close();
    expect(session.end).toEqual({ reason });
  });

  it("is 'broken' inside a batch, and what came before stays", () => {
    const session = newSession();
    send(session, busyTrace(3));
    session.receive(busyTrace(3).batches[0]!.subarray(0, 40));
    session.close();
    expect(session.end).toEqual({ reason: "broken" });
    expect(session.store.eventCount).toBe(8);
  });

  it("is 'malformed' at the first byte that is no trace; what follows is not looked at", () => {
    const session = newSession();
    send(session, busyTrace(3));
    session.receive(new Uint8Array(64).fill(120));
    expect(session.end).toMatchObject({ reason: "malformed", message: expect.stringContaining("magic") });
    send(session, busyTrace(3));
    session.close();
    expect(session.store.eventCount).toBe(8);
    expect(session.end?.reason).toBe("malformed");
  });

  it("comes when the trace is too long to keep", () => {
    const session = newSession("1", { limit: 1024 });
    send(session, busyTrace(100));
    expect(session.end?.message).toContain("longer than");
  });
});

it("a session's file is a trace without its token", () => {
  const session = newSession();
  send(session, busyTrace(5000));
  const file = Buffer.concat([...session.fileParts()]);
  const { prelude, batches, end } = readTrace(file);
  expect(prelude).toMatchObject({ token: "-", pid: 4711 });
  expect(batches).toHaveLength(session.batches.length);
  expect(end.truncated).toBe(false);
});
