import { EventKind, LockKind, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { bankMeta, sendTrace, TestPages, violations } from "../testing/pages.js";
import { bankTrace, busyTrace, sample } from "../testing/sample-trace.js";
import type { EditorPage } from "../testing/viewer-page.js";

const pages = new TestPages();
const deadlocked = () => bankTrace({ turns: 300, deadlock: true });
/** The same in several batches. */
const inPieces = () => bankTrace({ turns: 300, deadlock: true, rowsPerBatch: 200 });
const fine = () => bankTrace({ turns: 300, deadlock: false });

describe("the trace page", () => {
  it("asks for the trace, and says how to start one while there is none", async () => {
    const { page, sent } = bound(await pages.open());
    await page.getByText("No trace yet").waitFor();
    expect(await page.locator("body").getAttribute("data-state")).toBe("empty");
    expect(await sent()).toEqual([{ type: "ready" }]);
  });

  it("tells a deadlock in sentences whose places can be opened", async () => {
    const { page, sent } = bound(await pages.show(deadlocked()));
    const items = page.locator("#deadlock .cycle li");
    await items.first().waitFor();
    const [first, second] = sample.deadlocked;
    expect(await items.allInnerTexts()).toEqual([
      expect.stringMatching(
        `^${first} waits for Mutex savings at bank.ts:22; ${second} has held it since .* locked at bank.ts:21$`,
      ),
      expect.stringMatching(
        `^${second} waits for Mutex checking at bank.ts:22; ${first} has held it since .* locked at bank.ts:21$`,
      ),
    ]);
    expect(await page.locator("#leaked li").allInnerTexts()).toEqual([
      "main waits for WaitGroup done at bank.ts:75",
      "consumer waits to receive from Channel orders at bank.ts:50",
    ]);
    expect(await page.locator("#state").textContent()).toBe("Ended stuck");
    await page.locator("#deadlock h2").getByRole("button").click();
    await expect.poll(() => page.locator("#instant").textContent()).toMatch(/^At \d/);
    await items.first().getByRole("button", { name: second, exact: true }).click();
    await page.locator(".where").getByText(second).waitFor();
    await items.first().getByText("bank.ts:22").click();
    expect(await sent()).toContainEqual({ type: "open", file: "/srv/bank/src/bank.ts", line: 22, column: 5 });
  });

  it("lists every lock and task with its state", async () => {
    const { page } = bound(await pages.show(deadlocked()));
    await page.getByRole("tab", { name: "Locks" }).click();
    await page.locator("#locks tbody tr").first().waitFor();
    const names = await page
      .locator("#locks tbody tr")
      .evaluateAll((rows) => rows.map((row) => row.dataset.lock));
    expect(names).toEqual([...sample.locks]);
    const savings = page.locator('#locks [data-lock="savings"]');
    expect(await savings.getAttribute("data-state")).toBe("held");
    expect(await savings.getAttribute("data-holder")).toBe(sample.deadlocked[1]);
    expect(await savings.getAttribute("data-waiters")).toBe("1");
    expect(await savings.textContent()).toMatch(/held by transfer savings → checking\s+for \d+(\.\d+)? ms/);
    expect(await page.locator('#locks [data-lock="done"]').textContent()).toContain("counter at 2");
    expect(await page.locator('#locks [data-lock="orders"]').getAttribute("data-state")).toBe("open");
    await page.getByRole("tab", { name: "Tasks" }).click();
    const waiting = page.locator(`#tasks [data-task="${sample.deadlocked[0]}"]`);
    expect(await waiting.getAttribute("data-state")).toBe("waiting");
    expect(await waiting.getAttribute("data-waits-for")).toBe("savings");
    expect(await waiting.getAttribute("data-stuck")).toBe("true");
    expect(await page.locator('#tasks [data-task="logger 1"]').getAttribute("data-state")).toBe("done");
  });

  it("raises no alarm over a program that went well", async () => {
    const { page } = bound(await pages.show(fine()));
    await page.locator('body[data-state="ended"]').waitFor();
    expect(await page.locator("#deadlock, #possible-deadlock").count()).toBe(0);
    expect(await page.locator('[data-stuck="true"]').count()).toBe(0);
  });

  it("follows a program as it goes: held, waited for, free again", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const [one, two] = [b.task("one"), b.task("two")];
    b.row({ kind: EventKind.acquire, task: one, lock: mu });
    b.flush();
    const editor = await pages.show(b);
    const tab = (name: string) => editor.page.getByRole("tab", { name }).click();
    await tab("Locks");
    const row = editor.page.locator('#locks [data-lock="mu"]');
    await editor.page.locator('#locks [data-lock="mu"][data-holder="one"]').waitFor();
    expect(await editor.page.locator("#state").textContent()).toBe("Live");
    const step = async (rows: Parameters<TraceBuilder["row"]>[0][]) => {
      for (const fields of rows) b.row(fields);
      b.flush();
      await editor.sendBatches("s1", b.batches.slice(-1));
    };
    await step([{ kind: EventKind.block, task: two, lock: mu }]);
    await editor.page.locator('#locks [data-lock="mu"][data-waiters="1"]').waitFor();
    await tab("Tasks");
    await editor.page.locator('#tasks [data-task="two"][data-waits-for="mu"]').waitFor();
    await tab("Locks");
    await step([
      { kind: EventKind.release, task: one, lock: mu },
      { kind: EventKind.unblock, task: two, lock: mu },
      { kind: EventKind.acquire, task: two, lock: mu },
    ]);
    await editor.page.locator('#locks [data-lock="mu"][data-holder="two"][data-waiters="0"]').waitFor();
    await step([{ kind: EventKind.release, task: two, lock: mu }]);
    await editor.page.locator('#locks [data-lock="mu"][data-state="free"]').waitFor();
    expect(await row.getAttribute("data-uses")).toBe("2");
  });

  it("calls a cycle through forked calls possible, not certain", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    b.row({ kind: EventKind.acquire, task: 0, lock: mu });
    b.row({ kind: EventKind.block, task: 0, lock: mu });
    b.flush();
    const { page } = bound(await pages.show(b));
    await page.locator("#possible-deadlock").waitFor();
    expect(await page.locator("#deadlock").count()).toBe(0);
  });

  it("receives a hundred thousand lock operations, complete", async () => {
    const operations = 100_000;
    const trace = busyTrace(operations);
    const editor = await pages.show(trace);
    await editor.events(2 * operations + 16 + 1);
    await editor.page.getByRole("tab", { name: "Locks" }).click();
    const uses = await editor.page
      .locator("#locks tbody tr")
      .evaluateAll((rows) => rows.reduce((sum, row) => sum + Number(row.dataset.uses), 0));
    expect(uses).toBe(operations);
    expect(await editor.page.locator(".dropped").count()).toBe(0);
  });

  it("judges a trace that its host has at hand when all of it has come", async () => {
    const trace = inPieces();
    const editor = await pages.open();
    await editor.send({ type: "reset", session: { id: "s1", name: "bank.ts", meta: bankMeta } });
    await editor.sendBatches("s1", trace.batches.slice(0, -2), trace.batches.at(-2)!.length);
    await editor.page.locator('body[data-state="loading"]').waitFor();
    expect(await editor.page.locator("#instant").textContent()).toBe("As far as loaded");
    expect(await editor.page.locator("#deadlock, #possible-deadlock, #tab-alarms .badge").count()).toBe(0);
    // Who loads it is the editor's business, and who stops.
    expect(await editor.page.locator("#stop-loading").count()).toBe(0);
    await editor.sendBatches("s1", trace.batches.slice(-2, -1));
    await editor.page.locator('body[data-state="live"]').waitFor();
    // What is on its way now is news.
    await editor.sendBatches("s1", trace.batches.slice(-1), 1000);
    await editor.page.locator("#deadlock").waitFor();
  });

  it("says so when the trace is damaged, and keeps what came before", async () => {
    const trace = fine();
    const editor = await pages.open();
    await editor.send({ type: "reset", session: { id: "s1", name: "x", meta: bankMeta } });
    await editor.sendBatches("s1", [
      trace.batches[0]!,
      new TextEncoder().encode("<img src=x onerror=alert(1)>".repeat(4)),
    ]);
    await editor.page.locator("#problem").waitFor();
    expect(await editor.page.locator("#problem").textContent()).toMatch(/^not a readable trace/);
    expect(await editor.page.locator("body").getAttribute("data-state")).toBe("broken");
    await editor.page.getByRole("tab", { name: "Locks" }).click();
    expect(await editor.page.locator("#locks tbody tr").count()).toBe(sample.locks.length);
  });

  it("shows names as text, whatever they hold", async () => {
    const b = new TraceBuilder();
    const name = `<img src=x onerror="document.body.dataset.pwned=1">`;
    b.lock(LockKind.mutex, name);
    b.task(name);
    b.flush();
    const { page } = bound(await pages.show(b));
    await page.getByRole("tab", { name: "Locks" }).click();
    await page.locator("#locks tbody tr").waitFor();
    expect(await page.locator("#locks tbody th").textContent()).toBe(name);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("body").getAttribute("data-pwned")).toBe(null);
  });

  it("forgets one session for the next, and ignores late batches of the old one", async () => {
    const editor = await pages.show(deadlocked());
    await editor.page.locator("#deadlock").waitFor();
    await sendTrace(editor, fine(), "s2");
    await editor.sendBatches("s1", deadlocked().batches);
    await editor.send({
      type: "sessions",
      list: [
        { id: "s1", name: "first" },
        { id: "s2", name: "second" },
      ],
      current: "s2",
    });
    await editor.page.locator('body[data-state="ended"]').waitFor();
    await editor.page.getByLabel("Traced program").selectOption("s1");
    expect(await editor.sent()).toContainEqual({ type: "select-session", id: "s1" });
    expect(await editor.page.locator("#deadlock").count()).toBe(0);
  });

  it("filters and sorts, and keeps the filter over a reload", async () => {
    const editor = await pages.show(deadlocked());
    const { page } = editor;
    const search = page.getByRole("combobox", { name: "Search" });
    const tab = (name: string) => page.getByRole("tab", { name }).click();
    await tab("Locks");
    await search.fill("SAV");
    await expect.poll(() => page.locator("#locks tbody tr").count()).toBe(1);
    await tab("Tasks");
    expect(await page.locator("#tasks tbody tr").count()).toBe(2);
    await search.fill("");
    await tab("Locks");
    await page.getByRole("button", { name: "Uses" }).click();
    await page.locator('#locks tbody tr:first-child[data-lock="log"]').waitFor();
    await search.fill("price");
    await page.locator("#timeline").press("ArrowLeft");
    await page.reload();
    await sendTrace(editor, deadlocked());
    await page.locator("#locks tbody tr").waitFor();
    expect(await search.inputValue()).toBe("price");
    expect(await page.locator("#locks tbody tr").count()).toBe(1);
  });
});

describe("for everybody", () => {
  for (const theme of ["dark", "light", "high-contrast", "high-contrast-light"] as const) {
    it(`has no accessibility violation (${theme})`, async () => {
      const editor = await pages.show(deadlocked(), { theme });
      await editor.page.locator("#deadlock").waitFor();
      expect(await violations(editor)).toEqual([]);
    });
  }

  it("has none when it is narrow, and none when it is empty", async () => {
    const narrow = await pages.show(deadlocked(), { width: 420 });
    await narrow.page.locator("#deadlock").waitFor();
    expect(await violations(narrow)).toEqual([]);
    const empty = await pages.open();
    await empty.page.getByText("No trace yet").waitFor();
    expect(await violations(empty)).toEqual([]);
  });
});

/** The parts of a page that a test takes apart. */
function bound(editor: EditorPage) {
  return { page: editor.page, sent: () => editor.sent() };
}

describe("in a plain browser", () => {
  it("shows the trace that the address names, and one that is cut off as far as it goes", async () => {
    const bytes = deadlocked().file(4711, bankMeta);
    pages.server.traces.set("/bank.trace", bytes);
    pages.server.traces.set("/cut.trace", bytes.subarray(0, bytes.length - 1000));
    pages.server.traces.set("/empty.trace", new Uint8Array());
    pages.server.traces.set("/other.trace", new TextEncoder().encode("hello\n"));
    const page = await pages.browser.newPage();
    await page.goto(`${pages.server.url}?trace=/bank.trace`);
    await page.locator("#deadlock").waitFor();
    expect(await page.locator("h1").textContent()).toBe("bank.ts");
    await page.goto(`${pages.server.url}?trace=/cut.trace`);
    await page.getByText("the trace is cut off").waitFor();
    await page.goto(`${pages.server.url}?trace=/empty.trace`);
    await page.getByText("the trace is empty").waitFor();
    await page.getByText("No event at all.").waitFor();
    await page.goto(`${pages.server.url}?trace=/other.trace`);
    await page.getByText("not a readable trace").waitFor();
    await page.goto(`${pages.server.url}?trace=http://127.0.0.1:1/x`);
    await page.getByText("only traces of this page's own origin").waitFor();
    await page.close();
  });

  it("says how far it has loaded a trace, and shows what has come when it is told to stop", async () => {
    const bytes = inPieces().file(4711, bankMeta);
    pages.server.beginnings.set("/long.trace", {
      bytes: bytes.subarray(0, bytes.length - 1000),
      size: 4 * bytes.length,
    });
    const page = await pages.browser.newPage();
    await page.goto(`${pages.server.url}?trace=/long.trace`);
    await page.locator('body[data-state="loading"]').waitFor();
    const share = Number(await page.getByRole("progressbar", { name: "Loading" }).getAttribute("value"));
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.25);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("loading was stopped").waitFor();
    expect(await page.locator("#state").textContent()).toBe("Broken off");
    expect(await page.getByRole("progressbar", { name: "Loading" }).count()).toBe(0);
    expect(Number(await page.locator("body").getAttribute("data-events"))).toBeGreaterThan(0);
    await page.close();
  });
});
