import { EventKind, LockKind, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { bankMeta, TestPages } from "../../testing/pages.js";
import { bankTrace, busyTrace, sample } from "../../testing/sample-trace.js";
import type { EditorPage } from "../../testing/viewer-page.js";

const pages = new TestPages();
const deadlocked = () => bankTrace({ turns: 300, deadlock: true });

async function openEvents({ page }: EditorPage): Promise<void> {
  await page.getByRole("tab", { name: "Events" }).click();
  await page.locator("#events tbody tr[data-kind]").first().waitFor();
}

const texts = ({ page }: EditorPage) =>
  page.locator("#events tbody tr[data-kind]").evaluateAll((rows) =>
    rows.map((row) =>
      [...row.querySelectorAll("td")]
        .slice(1)
        .map((cell) => cell.textContent)
        .join(" "),
    ),
  );

describe("the list of events", () => {
  it("has them all, in words, and makes only the rows in sight", async () => {
    const editor = await pages.show(busyTrace(100_000));
    await openEvents(editor);
    const { page } = editor;
    expect(await page.locator("#event-count").innerText()).toMatch(
      /^200,017 events, the last 1\d\d,\d\d\d are listed/,
    );
    expect(await page.locator("#events tbody tr").count()).toBeLessThan(100);
    await page.getByRole("region", { name: "Events" }).evaluate((box) => {
      box.scrollTop = box.scrollHeight;
    });
    await page.getByText("the program ends (exit)").waitFor();
  });

  it("lists those of what is picked out, and follows a live program", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const other = b.lock(LockKind.mutex, "other");
    const [one, two] = [b.task("one"), b.task("two")];
    b.row({ kind: EventKind.acquire, task: one, lock: mu });
    b.row({ kind: EventKind.acquire, task: two, lock: other });
    b.flush();
    const editor = await pages.show(b);
    await editor.send({ type: "focus-lock", id: mu });
    await openEvents(editor);
    expect(await texts(editor)).toEqual(["one gets Mutex mu "]);
    // At the same time as the row before, and later.
    b.row({ kind: EventKind.block, task: two, lock: mu });
    b.time += 1;
    b.row({ kind: EventKind.release, task: one, lock: mu });
    b.flush();
    await editor.sendBatches("s1", b.batches.slice(-1));
    await expect
      .poll(() => texts(editor))
      .toEqual(["one gets Mutex mu ", "two waits for Mutex mu ", "one gives back Mutex mu "]);
    await editor.send({ type: "focus-task", id: two });
    await expect
      .poll(() => texts(editor))
      .toEqual(["two starts  ", "two gets Mutex other ", "two waits for Mutex mu "]);
  });

  it("shows what a source line did when the editor asks, with the ends of what began there", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const [one, two] = [b.task("one"), b.task("two")];
    const [seven, nine] = [b.site("/srv/a.ts", 7), b.site("/srv/a.ts", 9)];
    b.row({ kind: EventKind.acquire, task: one, lock: mu, site: seven });
    b.row({ kind: EventKind.block, task: two, lock: mu, site: seven });
    b.time += 5;
    b.row({ kind: EventKind.release, task: one, lock: mu, site: nine });
    b.row({ kind: EventKind.unblock, task: two, lock: mu });
    b.row({ kind: EventKind.acquire, task: two, lock: mu, site: seven });
    b.time += 2;
    b.row({ kind: EventKind.release, task: two, lock: mu, site: nine });
    b.row({ kind: EventKind.acquire, task: one, lock: mu, site: nine });
    b.flush();
    const editor = await pages.show(b);
    await editor.send({ type: "focus-place", file: "/srv/a.ts", line: 7 });
    await editor.page.locator("#events").waitFor();
    await expect
      .poll(() => texts(editor))
      .toEqual([
        "one gets Mutex mu a.ts:7",
        "two waits for Mutex mu a.ts:7",
        "one gives back Mutex mu a.ts:9",
        "two may go on Mutex mu ",
        "two gets Mutex mu a.ts:7",
        "two gives back Mutex mu a.ts:9",
      ]);
    expect(await editor.page.locator("#event-count").innerText()).toBe(
      "6 events of a.ts:7: taken 2 times, held for 5.00 ms at the longest; waited for 1 time, 5.00 ms at the longest",
    );
  });

  it("leads to the instant: the state is that of then", async () => {
    const editor = await pages.show(deadlocked());
    const { page } = editor;
    await page.getByRole("combobox", { name: "Search" }).fill(`task:"${sample.deadlocked[0]}" lock:checking`);
    await openEvents(editor);
    await expect
      .poll(() => texts(editor))
      .toEqual([`${sample.deadlocked[0]} gets Mutex checking bank.ts:21`]);
    await page.locator("#events").getByTitle("at this instant").click();
    await page.getByRole("combobox", { name: "Search" }).fill("");
    await page.getByRole("tab", { name: "State" }).click();
    await page
      .locator("#instant")
      .getByText(/^At \d/)
      .waitFor();
    const checking = page.locator('#state-locks [data-lock="checking"]');
    expect(await checking.getAttribute("data-holder")).toBe(sample.deadlocked[0]);
    expect(await checking.getAttribute("data-waiters")).toBe("0");
    expect(await page.locator('#state-locks [data-lock="savings"]').count()).toBe(0);
    expect(await page.locator("#wait-for .node").count()).toBe(0);
    await page.getByRole("button", { name: "Back to the present" }).click();
    await page.locator('#state-locks [data-lock="savings"]').waitFor();
  });

  it("goes to the source, also from a trace that is cut off", async () => {
    const trace = deadlocked();
    const editor = await pages.open();
    await editor.send({ type: "reset", session: { id: "s1", name: "bank.ts", meta: bankMeta } });
    await editor.sendBatches("s1", trace.batches);
    await editor.send({ type: "ended", session: "s1", reason: "broken" });
    await openEvents(editor);
    await editor.page.locator("#events").getByText("bank.ts:60").first().click();
    expect(await editor.sent()).toContainEqual({
      type: "open",
      file: "/srv/bank/src/bank.ts",
      line: 60,
      column: 5,
    });
  });
});

describe("what is picked out", () => {
  it("is the lane that is chosen in the timeline, and the other way round", async () => {
    const editor = await pages.show(deadlocked());
    await openEvents(editor);
    const { page } = editor;
    await page.locator("#timeline").focus();
    await page.keyboard.press("ArrowDown");
    await page.getByText(/^\d+ events of Mutex checking$/).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.getByText(/^\d+ events of Mutex savings$/).waitFor();
    await page.locator("#events").getByText(sample.deadlocked[1]).first().click();
    await page.getByText(new RegExp(`^\\d+ events of ${sample.deadlocked[1]}$`)).waitFor();
    await page.locator("#timeline").focus();
    await page.keyboard.press("ArrowDown");
    await page.getByText(/^\d+ events of reader 1$/).waitFor();
  });

  it("may be named before it is heard of, and then leads to its lane when it comes", async () => {
    const b = new TraceBuilder();
    const locks = Array.from({ length: 60 }, (_, n) => b.lock(LockKind.mutex, `m${n}`));
    b.row({ kind: EventKind.acquire, lock: locks[59]! });
    b.flush();
    const editor = await pages.open();
    const { page } = editor;
    await editor.send({ type: "reset", session: { id: "s1", name: "late", meta: bankMeta } });
    await editor.send({ type: "focus-lock", id: locks[59]! });
    await page.locator('body[data-state="live"]').waitFor();
    await editor.sendBatches("s1", b.batches);
    await page.locator(".where .token").getByText("Mutex m59").waitFor();
    await page.locator("#timeline").focus();
    await page.keyboard.press("ArrowUp");
    await page.locator(".where .token").getByText("Mutex m58").waitFor();
  });
});
