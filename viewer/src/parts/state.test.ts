import { EventKind, LockKind, Mode, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { sendTrace, TestPages } from "../../testing/pages.js";
import { bankTrace, sample } from "../../testing/sample-trace.js";

const pages = new TestPages();
const deadlocked = () => bankTrace({ turns: 300, deadlock: true });

describe("the state", () => {
  it("names holders and queues in their order, each with its place", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu", b.site("/srv/a.ts", 3));
    const tasks = ["one", "two", "three"].map((name) => b.task(name));
    b.row({ kind: EventKind.acquire, task: tasks[0]!, lock: mu, site: b.site("/srv/a.ts", 7) });
    for (const task of [tasks[2]!, tasks[1]!]) {
      b.time += 5;
      b.row({ kind: EventKind.block, task, lock: mu, site: b.site("/srv/a.ts", 9) });
    }
    b.flush();
    const { page, sent } = await pages
      .show(b)
      .then((editor) => ({ page: editor.page, sent: () => editor.sent() }));
    const row = page.locator('#state-locks [data-lock="mu"]');
    await row.waitFor();
    expect(await row.locator("td").nth(0).innerText()).toMatch(/^one for .* a\.ts:7$/);
    expect(await row.locator("ol li").allInnerTexts()).toEqual([
      expect.stringMatching(/^three for .* a\.ts:9$/),
      expect.stringMatching(/^two for .* a\.ts:9$/),
    ]);
    await row.locator("ol").getByText("a.ts:9").first().click();
    expect(await sent()).toContainEqual({ type: "open", file: "/srv/a.ts", line: 9, column: 1 });
  });

  it("lists what is free apart from what is not", async () => {
    const { page } = await pages.show(deadlocked());
    await page.locator("#state-locks tbody tr").first().waitFor();
    const names = await page
      .locator("#state-locks tbody tr")
      .evaluateAll((rows) => rows.map((row) => row.dataset.lock));
    expect(names).toEqual(["checking", "savings", "orders", "done"]);
    expect(await page.locator("#free-locks").innerText()).toBe("Free: prices, log");
  });

  it("picks out what is clicked, and shows where that is", async () => {
    const { page } = await pages.show(deadlocked());
    await page.locator("#state-locks").getByText(sample.deadlocked[0]).first().click();
    const token = page.locator(".where .token");
    expect(await token.innerText()).toContain(sample.deadlocked[0]);
    expect(await page.locator(`.name[aria-pressed="true"]`).count()).toBeGreaterThan(0);
    await token.getByRole("button").click();
    expect(await token.count()).toBe(0);
  });
});

describe("the wait-for graph", () => {
  /** `count` tasks, each of which waits for the next one's lock. */
  function ring(b: TraceBuilder, count: number, name: string): void {
    const locks = Array.from({ length: count }, (_, n) => b.lock(LockKind.mutex, `${name} lock ${n}`));
    const tasks = locks.map((_, n) => b.task(`${name} ${n}`));
    for (const [n, task] of tasks.entries()) b.row({ kind: EventKind.acquire, task, lock: locks[n]! });
    for (const [n, task] of tasks.entries()) {
      b.row({ kind: EventKind.block, task, lock: locks[(n + 1) % count]!, arg: Mode.exclusive });
    }
  }

  it("draws every cycle by itself, and those who wait behind them apart", async () => {
    const b = new TraceBuilder();
    ring(b, 2, "pair");
    ring(b, 3, "three");
    const late = b.task("late");
    b.row({ kind: EventKind.block, task: late, lock: 1 });
    b.flush();
    const { page } = await pages.show(b);
    const figures = page.locator("#wait-for figure");
    await figures.nth(2).waitFor();
    expect(await figures.locator("figcaption").allInnerTexts()).toEqual([
      "Deadlock of 2 tasks",
      "Deadlock of 3 tasks",
      "Behind them, and elsewhere",
    ]);
    expect(await figures.nth(0).locator(".node").count()).toBe(2);
    expect(await figures.nth(1).locator(".node").count()).toBe(3);
    expect(await figures.nth(1).locator(".edge.marked").count()).toBe(3);
    expect(await figures.nth(2).locator(".edge").count()).toBe(1);
  });

  it("can be walked by keyboard, and says every edge in words with both places", async () => {
    const { page } = await pages.show(deadlocked());
    const edges = page.locator("#wait-for .edge");
    await edges.first().waitFor();
    const [first, second] = sample.deadlocked;
    expect(await edges.first().getAttribute("aria-label")).toBe(
      `${first} waits for Mutex savings, held by ${second}`,
    );
    await edges.first().focus();
    await page.keyboard.press("Enter");
    const current = page.locator('#wait-for li[aria-current="true"]');
    expect(await current.innerText()).toMatch(
      new RegExp(`^${first} waits for .* bank.ts:22; .* bank.ts:21$`, "s"),
    );
  });
});

describe("the calls that led to a place", () => {
  it("stand beside it, the nearest first, and can be opened", async () => {
    const b = new TraceBuilder();
    const main = b.definitions.site("/srv/main.ts", 60, 3, "main");
    const transfer = b.definitions.site("/srv/bank.ts", 12, 5, "transfer", main);
    const withLock = b.definitions.site("/srv/bank.ts", 30, 7, "withLock", transfer);
    const mu = b.lock(LockKind.mutex, "mu");
    const [one, two] = [b.task("one"), b.task("two")];
    b.row({ kind: EventKind.acquire, task: one, lock: mu });
    b.row({ kind: EventKind.block, task: two, lock: mu, site: withLock });
    b.flush();
    const editor = await pages.show(b);
    const { page } = editor;
    const edge = page.locator("#wait-for li");
    await expect.poll(() => edge.innerText()).toContain("at bank.ts:30 ← bank.ts:12 ← main.ts:60");
    expect(await edge.getByText("bank.ts:30").getAttribute("title")).toBe(
      "Go to /srv/bank.ts:30:7\ncalled from bank.ts:12 (transfer)\ncalled from main.ts:60 (main)",
    );
    await edge.getByText("main.ts:60").click();
    expect(await editor.sent()).toContainEqual({ type: "open", file: "/srv/main.ts", line: 60, column: 3 });
  });
});

describe("a debugger", () => {
  it("that stops the program: the page says so, marks the task, and goes on with it", async () => {
    const editor = await pages.open();
    const { page } = editor;
    const trace = deadlocked();
    await sendTrace(editor, trace);
    await page.getByRole("tab", { name: "Tasks" }).click();
    const task = Number(
      await page.evaluate(`document.querySelector('[data-task="${sample.deadlocked[0]}"]').dataset.id`),
    );
    await editor.send({ type: "stopped", session: "s1", task, reason: "breakpoint", time: 1250 });
    await page.locator("#stopped").waitFor();
    expect(await page.locator("#stopped").innerText()).toContain(
      `Stopped by the debugger (breakpoint) in ${sample.deadlocked[0]} at 1.250000 s`,
    );
    expect(await page.getByRole("tab", { name: "State" }).getAttribute("aria-selected")).toBe("true");
    await page.locator("#state-locks .stopped-mark").first().waitFor();
    await editor.send({ type: "continued", session: "another" });
    await editor.send({ type: "continued", session: "s1" });
    await expect.poll(() => page.locator("#stopped, .stopped-mark").count()).toBe(0);
  });
});
