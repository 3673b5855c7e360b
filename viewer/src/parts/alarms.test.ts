import { EndReason, EventKind, LockKind, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { bankMeta, sendTrace, TestPages } from "../../testing/pages.js";
import { bankTrace, sample } from "../../testing/sample-trace.js";
import type { EditorPage } from "../../testing/viewer-page.js";

const pages = new TestPages();

async function openAlarms({ page }: EditorPage): Promise<void> {
  await page.getByRole("tab", { name: "Alarms" }).click();
}

const kinds = ({ page }: EditorPage) =>
  page.locator("#alarms > li").evaluateAll((items) => items.map((item) => item.dataset.alarm));

/** `one` takes a then b, `two` takes b then a, at different times; then `one` has `a` for three seconds. */
function inverted(): TraceBuilder {
  const b = new TraceBuilder();
  const [first, second] = [b.lock(LockKind.mutex, "a"), b.lock(LockKind.mutex, "b")];
  const [one, two] = [b.task("one"), b.task("two")];
  let line = 10;
  for (const [task, outer, inner] of [
    [one, first, second],
    [two, second, first],
  ] as const) {
    for (const [kind, lock] of [
      [EventKind.acquire, outer],
      [EventKind.acquire, inner],
      [EventKind.release, inner],
      [EventKind.release, outer],
    ] as const) {
      b.time += 1;
      b.row({ kind, task, lock, site: b.site("/srv/a.ts", line++) });
    }
  }
  b.row({ kind: EventKind.acquire, task: one, lock: first, site: b.site("/srv/a.ts", 30) });
  b.time += 3000;
  b.row({ kind: EventKind.release, task: one, lock: first });
  b.row({ kind: EventKind.programEnd, arg: EndReason.exit });
  b.flush({ last: true });
  return b;
}

describe("alarms", () => {
  it("of a deadlock, and of those left waiting, with their places", async () => {
    const editor = await pages.show(bankTrace({ turns: 300, deadlock: true }));
    const { page } = editor;
    await expect.poll(() => page.getByRole("tab", { name: "Alarms" }).innerText()).toBe("Alarms 3");
    await openAlarms(editor);
    expect(await kinds(editor)).toEqual(["deadlock", "leaked-task", "leaked-task"]);
    const deadlock = page.locator('[data-alarm="deadlock"]');
    expect(await deadlock.locator("ol li").allInnerTexts()).toEqual([
      expect.stringContaining(`${sample.deadlocked[0]} waits for Mutex savings at bank.ts:22`),
      expect.stringContaining(`${sample.deadlocked[1]} waits for Mutex checking at bank.ts:22`),
    ]);
    await deadlock.getByText("bank.ts:21").first().click();
    expect(await editor.sent()).toContainEqual({
      type: "open",
      file: "/srv/bank/src/bank.ts",
      line: 21,
      column: 5,
    });
  });

  it("of locks taken in opposite orders, and of one held for long; each leads to its instant", async () => {
    const editor = await pages.show(inverted());
    await openAlarms(editor);
    const { page } = editor;
    await expect.poll(() => kinds(editor)).toEqual(["order-inversion", "held-too-long"]);
    expect(await page.locator('[data-alarm="order-inversion"] li').allInnerTexts()).toEqual([
      expect.stringMatching(/took Mutex \w at a\.ts:\d\d and then Mutex \w at a\.ts:\d\d/),
      expect.stringMatching(/took Mutex \w at a\.ts:\d\d and then Mutex \w at a\.ts:\d\d/),
    ]);
    const held = page.locator('[data-alarm="held-too-long"]');
    expect(await held.innerText()).toContain(`task "one" had Mutex "a" for 3.0 s (taken at a.ts:30)`);
    await held.getByTitle("Show the state and the lanes at this instant").click();
    await page.locator("#instant").getByText("At 8.000 ms").waitFor();
    expect(await page.locator(".where .token").first().innerText()).toContain("Mutex a");
  });

  it("are silent where all went well", async () => {
    const editor = await pages.show(bankTrace({ turns: 300, deadlock: false }));
    await openAlarms(editor);
    await editor.page.locator('body[data-state="ended"]').waitFor();
    expect(await kinds(editor)).toEqual([]);
    await editor.page.getByText("Nothing so far").waitFor();
  });

  it("come when a threshold is passed, which the host or the user sets, and which is kept", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const task = b.task("one");
    b.row({ kind: EventKind.acquire, task, lock: mu });
    b.flush();
    // The program lives, and says that nothing has happened since.
    b.time += 50;
    b.flush();
    const editor = await pages.open();
    const { page } = editor;
    await editor.send({ type: "thresholds", heldMs: 600_000, waitMs: 600_000 });
    await sendTrace(editor, b);
    await openAlarms(editor);
    const field = page.getByLabel("Held longer than");
    expect(await field.inputValue()).toBe("600000");
    expect(await kinds(editor)).toEqual([]);
    await field.fill("1");
    await field.press("Enter");
    await expect.poll(() => kinds(editor)).toEqual(["held-too-long"]);
    await page.reload();
    await sendTrace(editor, b);
    await expect.poll(() => page.getByLabel("Held longer than").inputValue()).toBe("1");
  });

  it("are found anew in a trace that is over, by thresholds set afterwards", async () => {
    const editor = await pages.show(inverted());
    await editor.send({ type: "ended", session: "s1", reason: "exited" });
    await openAlarms(editor);
    await expect.poll(() => kinds(editor)).toEqual(["order-inversion", "held-too-long"]);
    const field = editor.page.getByLabel("Held longer than");
    await field.fill("0.5");
    await field.press("Enter");
    await expect.poll(async () => (await kinds(editor)).length).toBeGreaterThan(3);
    await field.fill("5000");
    await field.press("Enter");
    await expect.poll(() => kinds(editor)).toEqual(["order-inversion"]);
    expect(await editor.page.locator('[data-alarm="order-inversion"] li').first().innerText()).toMatch(
      /^(one|two) took Mutex/,
    );
  });

  it("do not take the time since an old trace was made for the time that a lock was held", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const task = b.task("one");
    b.row({ kind: EventKind.acquire, task, lock: mu });
    b.flush();
    b.time += 1;
    b.row({ kind: EventKind.release, task, lock: mu });
    b.flush();
    const editor = await pages.open();
    const meta = { ...bankMeta, start: Date.now() - 60_000 };
    await editor.send({ type: "reset", session: { id: "s1", name: "old", meta } });
    await editor.sendBatches("s1", b.batches.slice(0, 1));
    await editor.events(2);
    await editor.sendBatches("s1", b.batches.slice(1));
    await editor.events(3);
    await openAlarms(editor);
    expect(await kinds(editor)).toEqual([]);
  });

  it("stand beside what static analysis says near the locks of this trace", async () => {
    const editor = await pages.show(inverted());
    await editor.send({
      type: "findings",
      session: "s1",
      list: [{ file: "/srv/a.ts", line: 11, rule: "lock-order", message: "<b>taken in opposite orders</b>" }],
    });
    await openAlarms(editor);
    const finding = editor.page.locator("#findings > li");
    expect(await finding.innerText()).toMatch(
      /lock-order at a\.ts:11\s+<b>taken in opposite orders<\/b>\s+Mutex b/,
    );
    await finding.getByText("a.ts:11").click();
    await editor.page.getByRole("tab", { name: "Locks" }).click();
    const marked = editor.page.locator('#locks tr[data-lock="b"] .finding');
    expect(await marked.innerText()).toBe("lock-order");
    expect(await marked.getAttribute("title")).toBe("<b>taken in opposite orders</b>");
    expect(await editor.page.locator("#locks .finding").count()).toBe(1);
    expect(await editor.sent()).toContainEqual({ type: "open", file: "/srv/a.ts", line: 11, column: 0 });
  });
});
