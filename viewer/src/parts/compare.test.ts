import { EndReason, EventKind, LockKind, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { bankMeta, TestPages } from "../../testing/pages.js";
import type { EditorPage } from "../../testing/viewer-page.js";

const pages = new TestPages();

/** Each lock is waited for, for so many milliseconds. */
function waiting(waits: Readonly<Record<string, number>>): TraceBuilder {
  const b = new TraceBuilder();
  const [one, two] = [b.task("one"), b.task("two")];
  for (const [name, wait] of Object.entries(waits)) {
    const lock = b.lock(LockKind.mutex, name, b.site(`/srv/${name}.ts`, 3));
    b.row({ kind: EventKind.acquire, task: one, lock });
    b.row({ kind: EventKind.block, task: two, lock });
    b.time += wait;
    b.row({ kind: EventKind.release, task: one, lock });
    b.row({ kind: EventKind.unblock, task: two, lock });
    b.row({ kind: EventKind.acquire, task: two, lock });
    b.row({ kind: EventKind.release, task: two, lock });
  }
  b.row({ kind: EventKind.programEnd, arg: EndReason.exit });
  b.flush({ last: true });
  return b;
}

const rows = ({ page }: EditorPage) =>
  page
    .locator("#comparison tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent).join(" | ")));

describe("the comparison", () => {
  it("with another session: what is waited for more, less, what is new and what is gone", async () => {
    const editor = await pages.show(waiting({ hot: 10, same: 5, added: 1 }));
    const { page } = editor;
    await editor.send({
      type: "sessions",
      list: [
        { id: "s1", name: "bank.ts" },
        { id: "s0", name: "yesterday" },
      ],
      current: "s1",
    });
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByRole("button", { name: "yesterday" }).click();
    expect((await editor.sent()).at(-1)).toEqual({ type: "load", id: "s0" });
    await editor.send({ type: "other", session: { id: "s0", name: "yesterday", meta: bankMeta } });
    await editor.sendBatches("s0", waiting({ hot: 40, same: 5, removed: 2 }).batches);
    await editor.send({ type: "ended", session: "s0", reason: "exited" });
    await expect
      .poll(() => rows(editor))
      .toEqual([
        expect.stringMatching(
          /^hot hot\.ts:3 \| 40\.0 ms → 10\.0 ms \| −30\.0 ms \(−75 %\) \| .* \| 1 \| 2 \| /,
        ),
        expect.stringMatching(/^removedgone removed\.ts:3 \| 2\.00 ms → 0 \| −2\.00 ms \(−100 %\)/),
        expect.stringMatching(/^addednew added\.ts:3 \| 0 → 1\.00 ms \| \+1\.00 ms \|/),
        expect.stringMatching(/^same same\.ts:3 \| 5\.00 ms \| {2}\|/),
      ]);
    expect(await page.locator("#totals li").allInnerTexts()).toEqual([
      expect.stringMatching(/^Before: yesterday 47\.0 ms, /),
      expect.stringMatching(/^After: bank\.ts 16\.0 ms, /),
    ]);
    // The trace itself is still the one it was.
    expect(await page.locator("h1, select.program").first().textContent()).toContain("bank.ts");
    await page.getByRole("button", { name: "Held" }).click();
    await expect.poll(async () => (await rows(editor))[0]).toMatch(/^added/);
  });

  it("with a file that the host chooses, and says why if that is no trace", async () => {
    const editor = await pages.show(waiting({ hot: 10 }));
    const { page } = editor;
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByRole("button", { name: "A trace file…" }).click();
    expect((await editor.sent()).at(-1)).toEqual({ type: "compare-file" });
    await editor.send({ type: "other", session: { id: "file", name: "notes.txt" } });
    await editor.send({
      type: "ended",
      session: "file",
      reason: "malformed",
      message: "not a readable trace",
    });
    await page.getByText("notes.txt: not a readable trace").waitFor();
  });

  it("with a file, in a plain browser", async () => {
    pages.server.traces.set("/new.locktrace", waiting({ hot: 10 }).file(1, bankMeta));
    const page = await pages.browser.newPage();
    await page.goto(`${pages.server.url}?trace=/new.locktrace`);
    await page.getByRole("tab", { name: "Compare" }).click();
    const choosing = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "A trace file…" }).click();
    const old = Buffer.from(waiting({ hot: 40 }).file(2, { ...bankMeta, program: "old.ts" }));
    await (await choosing).setFiles({
      name: "old.locktrace",
      mimeType: "application/octet-stream",
      buffer: old,
    });
    await page.getByText("−30.0 ms (−75 %)").waitFor();
    expect(await page.locator("#totals li").first().innerText()).toContain("Before: old.ts");
    await page.close();
  });
});
