import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { EventKind, encodePrelude, MarkLevel, Mode, readTrace, TraceStore } from "@lockscope/trace";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Commons } from "./commons.js";
import { defaults } from "./config.js";
import { flush } from "./flusher.js";
import { Control, createRing, openRing } from "./ring.js";
import { RingWriter } from "./ring-writer.js";

const said = vi.hoisted(() => [] as string[]);
vi.mock("./say.js", () => ({ say: (text: string) => said.push(text) }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lockscope-test-"));
  said.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A flusher at work in this thread, on the ring of a main thread that does nothing by itself. */
function working(commons: Commons) {
  const path = join(folder, "out.locktrace");
  const memory = createRing();
  const ring = openRing(memory);
  const { port1, port2 } = new MessageChannel();
  const meta = { program: "p", script: "p", node: "v20", cwd: "/", start: 0 };
  const prelude = encodePrelude({ pid: 1, meta });
  const { heldMs, waitMs, keep } = defaults;
  const data = { commons: commons.memory, ring: memory, endpoint: { kind: "file", path }, prelude } as const;
  flush({ lockscopeFlusher: { ...data, limits: { heldMs, waitMs }, keep } }, port1);
  const read = () => {
    const store = new TraceStore();
    const bytes = existsSync(path) ? readFileSync(path) : new Uint8Array(0);
    for (const batch of readTrace(bytes).batches) store.append(batch);
    return store;
  };
  const end = async () => {
    Atomics.store(ring.control, Control.stop, 1);
    port2.postMessage(null);
    await vi.waitUntil(() => ring.control[Control.done] === 1);
    port1.close();
    return read();
  };
  return { writer: new RingWriter(ring), read, end };
}

it("says on the terminal, and in the trace, that workers are left out", async () => {
  const commons = Commons.create(defaults);
  while (commons.claim(7) !== undefined);
  const { end } = working(commons);
  const { marks } = await end();
  const text = "not all workers are traced: 1024 are, the others are left out";
  expect(marks.map(({ level, text }) => [level, text])).toEqual([[MarkLevel.warning, text]]);
  expect(said).toEqual([`lockscope: warning: ${text}\n`]);
});

it("says of a program that is quiet that nothing has happened since", async () => {
  const commons = Commons.create(defaults);
  const { writer, read, end } = working(commons);
  writer.row(1, EventKind.acquire, Mode.exclusive, 0, 1, 1);
  await vi.waitUntil(() => read().completeTime > 500);
  expect(read().endTime).toBe(1);
  expect((await end()).eventCount).toBe(1);
});
