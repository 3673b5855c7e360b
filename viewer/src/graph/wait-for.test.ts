import { BLOCKS_THREAD, EventKind, LockKind, StreamReader, TraceBuilder, TraceStore } from "@lockscope/trace";
import { expect, it } from "vitest";
import { edgeSentence } from "../model/describe.js";
import { troubleOf } from "../model/trouble.js";
import { waitPictures } from "./wait-for.js";

it("draws a deadlock through a stopped thread as one ring, with the thread at the arrow", () => {
  const trace = new TraceBuilder();
  const taskIn = (thread: number, name: string) => {
    const task = trace.task(name);
    trace.definitions.task(task, 0, thread, 0, name);
    return task;
  };
  const [keeps, stops, other] = [taskIn(1, "keeps"), taskIn(1, "stops"), taskIn(2, "other")];
  const [first, second] = [trace.lock(LockKind.mutex, "first"), trace.lock(LockKind.mutex, "second")];
  trace.row({ kind: EventKind.acquire, task: keeps, lock: first });
  trace.row({ kind: EventKind.acquire, task: other, lock: second });
  trace.row({ kind: EventKind.block, task: other, lock: first });
  trace.row({ kind: EventKind.block, task: stops, lock: second, value: BLOCKS_THREAD });
  const store = new TraceStore();
  for (const batch of new StreamReader({ prelude: false }).push(trace.bytes())) store.append(batch);
  const trouble = troubleOf(store.live, false);
  const { cycles, others } = waitPictures(store.live, trouble);
  expect(others).toBeUndefined();
  const [{ picture }] = cycles as [(typeof cycles)[number]];
  expect(picture.drawing.edges.map(({ label }) => label)).toEqual(["first", "thread", "second"]);
  expect([...picture.edges.values()].map(edgeSentence)).toEqual([
    "other waits for Mutex first, held by keeps",
    "keeps cannot run: its thread is stopped by stops",
    "stops waits for Mutex second, held by other",
  ]);
  // None of them goes on, whether it waits or not.
  expect([...trouble.stuck].map(({ name }) => name).sort()).toEqual([
    "first",
    "keeps",
    "other",
    "second",
    "stops",
  ]);
});
