import { describe, expect, it } from "vitest";
import { runText } from "../testing/run-program.js";

const imports = `
  import { currentTask, go, Mutex, sleep, WaitGroup } from "@lockscope/sync";
  import { after, Channel, onReceive, select, tick } from "@lockscope/sync/channel";
`;

describe("a panic", () => {
  it("that nobody joins ends the process", async () => {
    const { code, stdout, stderr } = await runText(`${imports}
      go(async () => { await null; throw new Error("nobody listens"); });
      await sleep(10_000);
      console.log("survived");
    `);
    expect(code).toBe(1);
    expect(stderr).toContain("nobody listens");
    expect(stdout).toBe("");
  });

  it("in WaitGroup.go ends it too, even where somebody waits for the group", async () => {
    const { code, stderr } = await runText(`${imports}
      const wg = new WaitGroup();
      wg.go(() => { throw new Error("in the group"); });
      await wg.wait();
      await sleep(10_000);
    `);
    expect(code).toBe(1);
    expect(stderr).toContain("in the group");
  });

  it("that is joined before it happens is the joiner's", async () => {
    const { code, stdout } = await runText(`${imports}
      const task = go(async () => { await sleep(5); throw new Error("mine"); });
      await task.join().catch((error) => console.log("caught", error.message));
      await task.join().catch((error) => console.log("again", error.message));
    `);
    expect([code, stdout]).toEqual([0, "caught mine\nagain mine\n"]);
  });

  it("that is joined in the same turn, after it happened, is the joiner's", async () => {
    const { code, stdout } = await runText(`${imports}
      const task = go(() => { throw new Error("mine"); });
      while (task.state !== "panicked") await null;
      await task.join().catch((error) => console.log("caught", error.message));
    `);
    expect([code, stdout]).toEqual([0, "caught mine\n"]);
  });

  it("that a joiner lets through ends the process", async () => {
    const { code, stderr } = await runText(`${imports}
      const task = go(() => { throw new Error("let through"); });
      void task.join();
      await sleep(10_000);
    `);
    expect(code).toBe(1);
    expect(stderr).toContain("let through");
  });
});

describe("the process's life", () => {
  it("is not held up by time-outs that lost or tickers that nobody watches", async () => {
    const { code, stdout } = await runText(`${imports}
      const c = new Channel(1);
      await c.send("work");
      await select(onReceive(c, console.log), onReceive(after(100_000), () => {}));
      tick(1000);
      after(100_000);
    `);
    expect([code, stdout]).toEqual([0, "work true\n"]);
  });

  it("lasts while a task waits for a timer", async () => {
    const { code, stdout } = await runText(`${imports}
      go(async () => {
        await after(5).receive();
        console.log("after");
        for await (const _ of tick(1)) break;
        console.log("tick");
      });
    `);
    expect([code, stdout]).toEqual([0, "after\ntick\n"]);
  });
});

describe("task identity", () => {
  it("begins with the first call of currentTask, for the asking task as well", async () => {
    const { code, stdout } = await runText(`${imports}
      const name = () => currentTask()?.name;
      const first = go(async () => [name(), await null, name()], { name: "first" });
      const second = go(async () => [name(), await sleep(1), name()], { name: "second" });
      console.log(JSON.stringify([await first.join(), await second.join(), name()]));
    `);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([["first", null, "first"], ["second", null, "second"], null]);
  });

  it("costs the process no promise hooks until then", async () => {
    const { stdout } = await runText(`${imports}
      import { executionAsyncId } from "node:async_hooks";
      const mu = new Mutex();
      await Promise.all([1, 2, 3].map(() => go(() => mu.withLock(() => sleep(1))).join()));
      await null;
      console.log("before", executionAsyncId());
      currentTask();
      await null;
      console.log("after", executionAsyncId() > 0);
    `);
    // Node numbers promises only once hooks are on: until then continuations run as number 0 (or 1).
    expect(stdout).toMatch(/^before [01]\nafter/);
  });
});
