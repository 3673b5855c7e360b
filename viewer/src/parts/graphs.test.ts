import { EventKind, LockKind, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { TestPages } from "../../testing/pages.js";

const pages = new TestPages();

/** Tasks that each take the locks of one name after the other, and give them back. */
function taking(orders: Readonly<Record<string, string>>): TraceBuilder {
  const b = new TraceBuilder();
  const locks = new Map(
    [...new Set(Object.values(orders).join(""))].map((name) => [name, b.lock(LockKind.mutex, name)]),
  );
  let line = 1;
  for (const [name, order] of Object.entries(orders)) {
    const task = b.task(name);
    for (const lock of order) {
      b.time += 1;
      b.row({ kind: EventKind.acquire, task, lock: locks.get(lock)!, site: b.site("/srv/a.ts", line++) });
    }
    for (const lock of [...order].reverse()) b.row({ kind: EventKind.release, task, lock: locks.get(lock)! });
  }
  b.flush();
  return b;
}

describe("the lock order", () => {
  it("is drawn with its inversions marked, and every edge leads to both places", async () => {
    const editor = await pages.show(taking({ one: "ab", two: "bc", three: "cb" }));
    const { page } = editor;
    await page.getByRole("tab", { name: "Graphs" }).click();
    const graph = page.locator("#lock-order");
    await graph.locator(".node").nth(2).waitFor();
    expect(await graph.locator(".edge.marked").count()).toBe(2);
    expect(await graph.locator(".edge:not(.marked)").count()).toBe(1);
    expect(await graph.locator(".node.marked .label").allInnerTexts()).toEqual(["b", "c"]);
    const edge = graph.locator(".edge:not(.marked)");
    expect(await edge.getAttribute("aria-label")).toBe("Mutex a, then Mutex b: 1 time");
    await edge.focus();
    await page.keyboard.press("Enter");
    const chosen = graph.locator('li[aria-current="true"]');
    expect(await chosen.innerText()).toBe(
      "one took Mutex a at a.ts:1 and then Mutex b at a.ts:2, at 2.000 ms",
    );
    for (const place of ["a.ts:1", "a.ts:2"]) await chosen.getByText(place, { exact: true }).click();
    expect((await editor.sent()).slice(-2)).toEqual([
      { type: "open", file: "/srv/a.ts", line: 1, column: 1 },
      { type: "open", file: "/srv/a.ts", line: 2, column: 1 },
    ]);
  });

  it("is that of the locks searched for", async () => {
    const { page } = await pages.show(taking({ one: "ab", two: "cd" }));
    await page.getByRole("tab", { name: "Graphs" }).click();
    await page.getByRole("combobox", { name: "Search" }).fill("lock:c");
    await expect
      .poll(() => page.locator("#lock-order li").allInnerTexts())
      .toEqual([expect.stringMatching(/^two took Mutex c at a.ts:3 and then Mutex d/)]);
    await page.getByRole("combobox", { name: "Search" }).fill("task:one");
    await expect.poll(() => page.locator("#lock-order li").count()).toBe(1);
  });

  it("is that of the whole trace, whatever instant the cursor is at", async () => {
    const { page } = await pages.show(taking({ one: "ab", two: "cd" }));
    await page.getByRole("tab", { name: "Graphs" }).click();
    await expect.poll(() => page.locator("#lock-order li").count()).toBe(2);
    await page.locator("#lock-order").getByRole("button", { name: "2.000 ms" }).click();
    await page.locator("#instant").getByText("At 2.000 ms").waitFor();
    await page.getByRole("combobox", { name: "Search" }).fill("lock:d");
    await expect
      .poll(() => page.locator("#lock-order li").allInnerTexts())
      .toEqual([expect.stringMatching(/^two took Mutex c/)]);
  });

  it("says so where no task takes two", async () => {
    const { page } = await pages.show(taking({ one: "a", two: "b" }));
    await page.getByRole("tab", { name: "Graphs" }).click();
    await page.getByText("No task has taken one of these locks while it held another.").waitFor();
    await page.getByText("No task waits for another.").waitFor();
  });
});
