import { describe, expect, it } from "vitest";
import { TestPages, violations } from "../../testing/pages.js";
import { bankTrace, sample } from "../../testing/sample-trace.js";

const pages = new TestPages();

describe("the search box", () => {
  it("suggests how to go on, by keyboard and by pointer", async () => {
    const editor = await pages.show(bankTrace({ turns: 30, deadlock: true }));
    const { page } = editor;
    const search = page.getByRole("combobox", { name: "Search" });
    const options = page.getByRole("option");
    await search.pressSequentially("ta");
    await expect.poll(() => options.allInnerTexts()).toEqual(["task:"]);
    await search.press("ArrowDown");
    expect(await options.first().getAttribute("aria-selected")).toBe("true");
    await search.press("Enter");
    expect(await search.inputValue()).toBe("task:");
    await search.pressSequentially("transfer");
    await expect
      .poll(() => options.allInnerTexts())
      .toEqual(sample.deadlocked.map((name) => `task:"${name}"`));
    expect(await violations(editor)).toEqual([]);
    await options.nth(1).click();
    expect(await search.inputValue()).toBe(`task:"${sample.deadlocked[1]}" `);
    expect(await options.count()).toBe(0);
    await page.getByRole("tab", { name: "Tasks" }).click();
    await expect.poll(() => page.locator("#tasks tbody tr").count()).toBe(1);
  });

  it("filters the lanes too, and closes its suggestions with Escape", async () => {
    const { page } = await pages.show(bankTrace({ turns: 30, deadlock: true }));
    const search = page.getByRole("combobox", { name: "Search" });
    await search.fill("state:stuck");
    await page.getByRole("tab", { name: "Locks 4" }).waitFor();
    await page.getByRole("tab", { name: "Tasks 4" }).waitFor();
    await search.pressSequentially(" lo");
    await page.getByRole("option").first().waitFor();
    await search.press("Escape");
    expect(await page.getByRole("option").count()).toBe(0);
    expect(await search.inputValue()).toBe("state:stuck lo");
  });

  it("filters the graph of who waits for whom", async () => {
    const { page } = await pages.show(bankTrace({ turns: 30, deadlock: true }));
    const search = page.getByRole("combobox", { name: "Search" });
    const drawn = page.locator("#wait-for .node");
    await page.locator("#deadlock").waitFor();
    await expect.poll(() => drawn.count()).toBe(2);
    await search.fill("savings");
    await expect.poll(() => drawn.count()).toBe(2);
    await search.fill("reader");
    await page.locator("#wait-for").getByText("No wait is like that.").waitFor();
    expect(await drawn.count()).toBe(0);
  });

  it("says so where nothing is found", async () => {
    const editor = await pages.show(bankTrace({ turns: 30, deadlock: false }));
    const { page } = editor;
    const search = page.getByRole("combobox", { name: "Search" });
    await search.fill("nobody");
    await page.getByText("No lock or task to show.").waitFor();
    await page.getByText("No lock is like that.").waitFor();
    expect(await violations(editor)).toEqual([]);
    await search.fill("log");
    await page.getByText("None of these locks is held").waitFor();
    await expect.poll(() => page.locator("#no-lanes").count()).toBe(0);
  });
});
