import { appendFile, mkdtemp, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { busyTrace, deadlockedTrace, prelude } from "../testing/sample-trace.js";
import { TraceFile } from "./trace-file.js";

let folder: string;
let path: string;
let file: TraceFile;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockscope-file-"));
  path = join(folder, "run.locktrace");
  file = new TraceFile(path);
});

afterEach(async () => {
  file.dispose();
  await rm(folder, { recursive: true, force: true });
});

const complete = (pairs: number) => Buffer.concat([prelude(), ...busyTrace(pairs).batches]);

/** As if the last byte had come long ago. */
const age = () => utimes(path, new Date(0), new Date(0));

async function write(bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes);
  await age();
  await file.look();
}

describe("a trace file", () => {
  it("is a session with its name, complete when the program has said its last word", async () => {
    await write(complete(100_000));
    expect(file.session?.info).toMatchObject({ name: "run.locktrace", meta: { program: "bank.ts" } });
    expect(file.session?.store.eventCount).toBe(200_002);
    expect(file.session?.end).toEqual({ reason: "exited" });
    expect(file.sessions.current).toBe(file.session);
  });

  it("grows", async () => {
    const bytes = complete(10);
    await writeFile(path, bytes.subarray(0, 300));
    await file.look();
    const { session } = file;
    expect(session?.end).toBeUndefined();
    await appendFile(path, bytes.subarray(300));
    await file.look();
    expect(file.session).toBe(session);
    expect(session?.store.eventCount).toBe(22);
    await expect.poll(() => session?.end?.reason, { timeout: 5000 }).toBe("exited");
  });

  it("goes on after a pause for which it was given up", async () => {
    const bytes = complete(10);
    await write(bytes.subarray(0, 300));
    expect(file.session?.end?.reason).toBe("broken");
    await appendFile(path, bytes.subarray(300));
    await age();
    await file.look();
    expect(file.session?.store.eventCount).toBe(22);
    expect(file.sessions.all).toEqual([file.session]);
  });

  it("that is written anew is a new session", async () => {
    await write(complete(10));
    const { session: first } = file;
    await truncate(path);
    await write(complete(3));
    expect(file.session?.id).not.toBe(first?.id);
    expect(file.session?.store.eventCount).toBe(8);
    expect(file.sessions.all).toEqual([file.session]);
  });

  it("that is another program's by now is a new session, be it longer or not", async () => {
    await write(complete(10));
    const other = Buffer.concat([
      Buffer.from('LOCKSCOPE/1 - 12 {"program":"other"}\n'),
      ...busyTrace(99).batches,
    ]);
    await write(other);
    expect(file.session?.program).toBe("other");
    expect(file.session?.store.eventCount).toBe(200);
  });

  it.each([
    ["garbage in the middle", Buffer.concat([complete(5), Buffer.alloc(99, "x")]), 12, "malformed", "magic"],
    [
      "a cut",
      Buffer.concat([complete(5), busyTrace(5).batches[0]!.subarray(0, 50)]),
      12,
      "broken",
      undefined,
    ],
    ["no end", Buffer.concat([prelude(), ...deadlockedTrace().batches]), 6, "broken", undefined],
    ["garbage only", Buffer.from("hello\n"), 0, "malformed", "LOCKSCOPE line"],
    ["half a first line", prelude().subarray(0, 20), 0, "malformed", "first line"],
    ["nothing", Buffer.alloc(0), 0, "malformed", "empty"],
    ["a first line and garbage", Buffer.concat([prelude(), Buffer.alloc(99)]), 0, "malformed", "magic"],
  ] as const)("with %s gives what can be read, and the reason", async (_, bytes, events, reason, message) => {
    await write(bytes);
    const { session } = file;
    expect(session?.store.eventCount).toBe(events);
    expect(session?.end).toEqual({ reason, ...(message && { message: expect.stringContaining(message) }) });
  });

  it("that is not there says so", async () => {
    await file.look();
    expect(file.session?.end).toMatchObject({ reason: "broken", message: expect.stringContaining("ENOENT") });
  });
});
