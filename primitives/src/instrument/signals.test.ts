import { once } from "node:events";
import { EndReason, Signal } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { TraceBench } from "../../testing/traced.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

/** Runs `signalled.ts`, sends it a signal when it is ready, and returns how it ended. */
async function end(how: string, when: "early" | "late", env: NodeJS.ProcessEnv) {
  const untraced = env.LOCKSCOPE_TRACE === "";
  const { child, output, end } = bench.start("signalled.ts", env, { untraced, args: [how, when] });
  const exit = once(child, "exit");
  await vi.waitUntil(() => output.stdout.includes("ready") || child.signalCode !== null, { timeout: 20_000 });
  child.kill("SIGTERM");
  const [code, signal] = await exit;
  await end;
  return { code, signal, stdout: output.stdout.replaceAll("ready\n", "") };
}

/** Early: while the thread that carries the trace away has yet to come up; late: once it has. */
describe.runIf(process.platform !== "win32")("a signal", () => {
  it.each([
    ["idles", "early", "SIGTERM"],
    ["idles", "late", "SIGTERM"],
    ["kills itself", "early", "SIGTERM"],
    ["is busy", "late", "SIGTERM"],
    ["is busy for a while", "early", "SIGTERM"],
    ["is frozen", "late", "SIGTERM"],
    ["ends as libraries do it", "early", "SIGTERM"],
    ["ends as libraries do it", "late", "SIGTERM"],
    ["does not listen any more", "late", "SIGTERM"],
    ["listens to the end", "late", "exit"],
    ["listens once", "early", "exit"],
    ["listens once", "late", "exit"],
    ["aborts", "early", "SIGABRT"],
  ] as const)("ends a program that %s (%s) as ever, and its trace by %s", async (how, when, word) => {
    const streams = bench.streams.length;
    const asEver = await end(how, when, { LOCKSCOPE_TRACE: "" });
    expect(await end(how, when, { LOCKSCOPE_TRACE: bench.address })).toEqual(asEver);
    await vi.waitUntil(() => bench.streams[streams]?.closed);
    const { store, complete } = bench.streams[streams]!;
    expect(complete).toBe(true);
    expect(store.live.locks.find(({ name }) => name === "mu")?.uses).toBeGreaterThanOrEqual(1000);
    if (word === "exit") expect(store.end?.reason).toBe(EndReason.exit);
    else expect(store.end).toMatchObject({ reason: EndReason.signal, signal: Signal[word] });
  });

  it("ends one that has been busy from its first lock on, once the thread has come up", async () => {
    const streams = bench.streams.length;
    const env = { LOCKSCOPE_TRACE: bench.address };
    const { child, output, end } = bench.start("signalled.ts", env, { args: ["is busy", "early"] });
    await vi.waitUntil(() => output.stdout.includes("ready"), { timeout: 20_000 });
    await vi.waitUntil(() => !child.kill("SIGTERM"), { timeout: 20_000, interval: 100 });
    await end;
    expect(bench.streams[streams]?.store.end).toMatchObject({ reason: EndReason.signal, signal: 15 });
  });
});
