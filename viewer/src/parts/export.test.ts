import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { bankMeta, TestPages } from "../../testing/pages.js";
import { bankTrace } from "../../testing/sample-trace.js";
import type { EditorPage } from "../../testing/viewer-page.js";

const pages = new TestPages();
const deadlocked = () => bankTrace({ turns: 300, deadlock: true });

/** Chooses from the menu, and gives what the page then hands to its host, as text. */
async function saved({ page }: EditorPage, item: string | RegExp): Promise<{ name: string; text: string }> {
  await page.getByRole("button", { name: "Save…" }).click();
  await page.getByRole("button", { name: item }).click();
  const found = await page.waitForFunction(() => {
    const { sent } = (globalThis as unknown as { fakeEditor: { sent: { type: string }[] } }).fakeEditor;
    const at = sent.findIndex(({ type }) => type === "save");
    if (at < 0) return undefined;
    const [{ name, content }] = sent.splice(at, 1) as unknown as [{ name: string; content: ArrayBuffer }];
    return { name, text: new TextDecoder("latin1").decode(content) };
  });
  return (await found.jsonValue())!;
}

describe("saving", () => {
  it("gives what other programs read: a Chrome trace, events, statistics, a picture", async () => {
    const editor = await pages.show(deadlocked());
    await editor.page.locator("#deadlock").waitFor();
    const chrome = await saved(editor, /Perfetto/);
    expect(chrome.name).toBe("bank.ts.trace.json");
    const { traceEvents } = JSON.parse(chrome.text) as { traceEvents: readonly { readonly ph: string }[] };
    expect(traceEvents.filter(({ ph }) => ph === "X").length).toBeGreaterThan(100);
    const events = await saved(editor, "Events .csv");
    expect(events.name).toBe("bank.ts.events.csv");
    expect(events.text.trimEnd().split("\r\n")).toHaveLength(1172 + 1);
    const statistics = await saved(editor, /Statistics/);
    expect(statistics.name).toBe("bank.ts.locks.csv");
    expect(statistics.text.trimEnd().split("\r\n")).toHaveLength(6 + 1);
    const picture = await saved(editor, /Timeline/);
    expect(picture.name).toBe("bank.ts.png");
    expect(picture.text.slice(1, 4)).toBe("PNG");
  });

  it("offers the trace itself, and what the program keeps, where the host can", async () => {
    const editor = await pages.show(deadlocked());
    const { page } = editor;
    await page.getByRole("button", { name: "Save…" }).click();
    expect(await page.getByRole("button", { name: "Trace .locktrace" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    expect(await page.locator("#save-menu").count()).toBe(0);
    await editor.send({
      type: "reset",
      session: { id: "s2", name: "ring", meta: bankMeta, canExport: true, canDump: true },
    });
    await editor.sendBatches("s2", deadlocked().batches);
    await page.getByRole("button", { name: "Get latest events" }).click();
    await page.getByRole("button", { name: "Save…" }).click();
    await page.getByRole("button", { name: "Trace .locktrace" }).click();
    expect((await editor.sent()).slice(-2)).toEqual([{ type: "dump" }, { type: "export" }]);
  });
});

describe("in a plain browser", () => {
  it("downloads", async () => {
    const trace = deadlocked();
    pages.server.traces.set("/bank.locktrace", trace.file(4711, bankMeta));
    const page = await pages.browser.newPage();
    await page.goto(`${pages.server.url}?trace=/bank.locktrace`);
    await page.locator("#deadlock").waitFor();
    for (const [item, name] of [
      ["Events .csv", "bank.ts.events.csv"],
      ["Trace .locktrace", "bank.locktrace"],
    ] as const) {
      const downloading = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save…" }).click();
      await page.getByRole("button", { name: item }).click();
      const download = await downloading;
      expect(download.suggestedFilename()).toBe(name);
      expect((await readFile(await download.path())).length).toBeGreaterThan(1000);
    }
    await page.close();
  });
});
