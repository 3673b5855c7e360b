import { EventKind, LockKind, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { TestPages, violations } from "../../testing/pages.js";
import { bankTrace } from "../../testing/sample-trace.js";
import { TABS } from "../view-state.js";

const pages = new TestPages();

describe("every view", () => {
  for (const theme of ["dark", "light", "high-contrast", "high-contrast-light"] as const) {
    it(`has no accessibility violation (${theme})`, async () => {
      const editor = await pages.show(bankTrace({ turns: 300, deadlock: true }), { theme });
      await editor.send({ type: "stopped", session: "s1", task: 7, reason: "breakpoint", time: 40 });
      await editor.send({ type: "focus-lock", id: 1 });
      await editor.send({
        type: "findings",
        session: "s1",
        list: [{ file: "/srv/bank/src/bank.ts", line: 21, rule: "lock-order", message: "Opposite orders." }],
      });
      const found: Record<string, string[]> = {};
      for (const tab of TABS) {
        await editor.page.locator(`#tab-${tab}`).click();
        await editor.page.locator(`#view[data-view="${tab}"]`).waitFor();
        const violated = await violations(editor);
        if (violated.length > 0) found[tab] = violated;
      }
      expect(found).toEqual({});
    }, 120_000);
  }

  it("has none when it is narrow, and nothing is wider than the page", async () => {
    const editor = await pages.show(bankTrace({ turns: 300, deadlock: true }), { width: 420 });
    for (const tab of TABS) {
      await editor.page.locator(`#tab-${tab}`).click();
      await editor.page.locator(`#view[data-view="${tab}"]`).waitFor();
      expect(await violations(editor)).toEqual([]);
      expect(await editor.page.evaluate("document.documentElement.scrollWidth")).toBe(420);
    }
  }, 120_000);

  it("shows names as text, whatever they hold", async () => {
    const b = new TraceBuilder();
    const name = `<img src=x onerror="document.body.dataset.pwned=1">`;
    const site = b.site(`/srv/${name}.ts`, 3, 1, name);
    const locks = [b.lock(LockKind.mutex, name, site), b.lock(LockKind.mutex, `${name}2`, site)] as const;
    const tasks = [b.task(name, site), b.task(`${name}2`, site)] as const;
    for (const n of [0, 1] as const) b.row({ kind: EventKind.acquire, task: tasks[n], lock: locks[n], site });
    for (const n of [0, 1] as const)
      b.row({ kind: EventKind.block, task: tasks[n], lock: locks[n ? 0 : 1], site });
    b.flush();
    const { page } = await pages.show(b);
    for (const tab of TABS) {
      await page.locator(`#tab-${tab}`).click();
      await page.locator(`#view[data-view="${tab}"]`).waitFor();
      expect(await page.locator("img").count()).toBe(0);
    }
    expect(await page.locator("body").getAttribute("data-pwned")).toBe(null);
  });

  it("is reached by the arrow keys of the tabs", async () => {
    const { page } = await pages.show(bankTrace({ turns: 30, deadlock: false }));
    await page.locator("#state-locks, #free-locks").first().waitFor();
    await page.locator("#tab-state").focus();
    for (const tab of [...TABS.slice(1), TABS[0]]) {
      await page.keyboard.press("ArrowRight");
      await page.locator(`#view[data-view="${tab}"]`).waitFor();
      expect(await page.evaluate("document.activeElement.id")).toBe(`tab-${tab}`);
    }
  });
});
