import { EventKind, LockKind, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { TestPages, violations } from "../../testing/pages.js";
import type { EditorPage } from "../../testing/viewer-page.js";

const pages = new TestPages();

/** `hot` is waited for 10 ms at line 9 and 30 ms at line 11; `cold` is held for 1 ms, 8 times. */
function sample(): TraceBuilder {
  const b = new TraceBuilder();
  const [cold, hot] = [b.lock(LockKind.mutex, "cold"), b.lock(LockKind.mutex, "hot")];
  const [one, two] = [b.task("one"), b.task("two")];
  for (const [line, wait] of [
    [9, 10],
    [11, 30],
  ] as const) {
    const site = b.site("/srv/a.ts", line);
    b.row({ kind: EventKind.acquire, task: one, lock: hot, site: b.site("/srv/a.ts", 7) });
    b.row({ kind: EventKind.block, task: two, lock: hot, site });
    b.time += wait;
    b.row({ kind: EventKind.release, task: one, lock: hot });
    b.row({ kind: EventKind.unblock, task: two, lock: hot });
    b.row({ kind: EventKind.acquire, task: two, lock: hot, site });
    b.time += 5;
    b.row({ kind: EventKind.release, task: two, lock: hot });
  }
  for (let n = 0; n < 8; n++) {
    b.row({ kind: EventKind.acquire, task: one, lock: cold });
    b.time += 1;
    b.row({ kind: EventKind.release, task: one, lock: cold });
  }
  b.row({ kind: EventKind.programEnd });
  b.flush({ last: true });
  return b;
}

async function openStatistics({ page }: EditorPage): Promise<void> {
  await page.getByRole("tab", { name: "Statistics" }).click();
  await page.locator("#statistics tbody tr").first().waitFor();
}

const cells = ({ page }: EditorPage) =>
  page
    .locator("#statistics tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent).join(" | ")));

describe("the statistics", () => {
  it("rank the locks by the time that tasks waited for them, and sort otherwise on demand", async () => {
    const editor = await pages.show(sample());
    await openStatistics(editor);
    expect(await cells(editor)).toEqual([
      "hot | 40.0 ms | 2 | 30.0 ms | 1 | 4 | 50.0 ms | 30.0 ms",
      "cold | – | 0 | – | 0 | 8 | 8.00 ms | 1.00 ms",
    ]);
    await editor.page.getByRole("button", { name: "Taken" }).click();
    await expect.poll(async () => (await cells(editor))[0]).toMatch(/^cold/);
  });

  it("show a lock's waits and holds, and the places that they come from", async () => {
    const editor = await pages.show(sample());
    await openStatistics(editor);
    const detail = editor.page.locator("#lock-detail");
    expect(await detail.locator("h2").innerText()).toBe("Mutex hot");
    const waits = detail.locator("svg").first();
    expect(await waits.getAttribute("aria-label")).toMatch(
      /^Waits: 2 times, half within .* the longest 30\.0 ms$/,
    );
    expect(await waits.locator('rect[height]:not([height="0"])').count()).toBe(2);
    expect(
      await detail
        .locator("#sites tbody tr")
        .evaluateAll((rows) =>
          rows.map((row) => [...row.children].map((cell) => cell.textContent).join(" | ")),
        ),
    ).toEqual([
      "a.ts:11 | 75 % | 1 | 30.0 ms | 1 | 5.00 ms",
      "a.ts:9 | 25 % | 1 | 10.0 ms | 1 | 5.00 ms",
      "a.ts:7 | 0 % | 0 | 0 | 2 | 40.0 ms",
    ]);
    await editor.page.locator("#statistics").getByText("cold").click();
    await expect.poll(() => detail.locator("h2").innerText()).toBe("Mutex cold");
  });

  it("rank the tasks too, by the time that they have waited", async () => {
    const editor = await pages.show(sample());
    await openStatistics(editor);
    const { page } = editor;
    await page.getByRole("button", { name: "By task" }).click();
    const rows = page.locator("#task-statistics tbody tr");
    const texts = () =>
      rows.evaluateAll((all) =>
        all.map((row) => [...row.children].map((cell) => cell.textContent).join(" | ")),
      );
    await expect
      .poll(texts)
      .toEqual([
        "two | 40.0 ms | 2 | 30.0 ms | 2 | 10.0 ms | 5.00 ms",
        "one | – | 0 | – | 10 | 48.0 ms | 30.0 ms",
      ]);
    await rows.nth(1).click();
    await expect.poll(() => page.locator("#task-detail h2").innerText()).toBe("one");
    expect(await violations(editor)).toEqual([]);
    await page.getByRole("combobox", { name: "Search" }).fill("two");
    await expect.poll(async () => (await texts()).length).toBe(1);
  });

  it("are those of the selected range", async () => {
    const editor = await pages.show(sample());
    await openStatistics(editor);
    const { page } = editor;
    const box = (await page.locator("#timeline").boundingBox())!;
    const left = box.x + 176;
    const x = (time: number) => left + ((box.width - 176) * time) / 58;
    await page.keyboard.down("Shift");
    await page.mouse.move(x(51), box.y + 60);
    await page.mouse.down();
    await page.mouse.move(x(57.9), box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await page.getByText("The selected range").waitFor();
    await expect.poll(async () => (await cells(editor)).map((row) => row.split(" | ")[0])).toEqual(["cold"]);
    await page.getByRole("button", { name: "Clear the selection" }).click();
    await expect.poll(async () => (await cells(editor)).length).toBe(2);
  });
});
