import { EventKind, LockKind, Mode, TraceBuilder } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { sendTrace, TestPages } from "../../testing/pages.js";
import { bankTrace } from "../../testing/sample-trace.js";
import type { EditorPage } from "../../testing/viewer-page.js";

const pages = new TestPages();
const deadlocked = () => bankTrace({ turns: 300, deadlock: true });

describe("the timeline", () => {
  /** The colours that the canvas shows in the lane of the table row with this name. */
  async function pixels(editor: EditorPage, index: number): Promise<Set<string>> {
    const found = await editor.page.locator("#timeline").evaluate((element, row) => {
      const canvas = element as unknown as Canvas;
      const top = 24 + row * 22 + 9;
      const { data } = canvas.getContext("2d").getImageData(180, top, canvas.width - 200, 4);
      const colors = new Set<string>();
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 255) colors.add(`${data[at]} ${data[at + 1]} ${data[at + 2]}`);
      }
      return [...colors];
    }, index);
    return new Set(found);
  }
  interface Canvas {
    readonly width: number;
    getContext(kind: "2d"): {
      getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8Array };
    };
  }
  const hold = "89 164 249";
  const blocking = "177 128 215";
  const wait = "209 134 22";
  const stuck = "241 76 76";

  /** One lock held 10..40 by `one`, waited for 20..40 by `two`, which then holds it 40..50; ends at 60. */
  function small(): TraceBuilder {
    const b = new TraceBuilder();
    const site = b.site("/srv/a.ts", 7, 3, "f");
    const mu = b.lock(LockKind.mutex, "mu", site);
    const [one, two] = [b.task("one"), b.task("two")];
    const rows: [number, EventKind, number][] = [
      [10, EventKind.acquire, one],
      [20, EventKind.block, two],
      [40, EventKind.release, one],
      [40, EventKind.unblock, two],
      [40, EventKind.acquire, two],
      [50, EventKind.release, two],
      [60, EventKind.programEnd, 0],
    ];
    for (const [time, kind, task] of rows) {
      b.time = time;
      b.row({ kind, task, lock: kind === EventKind.programEnd ? 0 : mu, site, arg: Mode.exclusive });
    }
    b.flush();
    return b;
  }

  /** Where the timeline shows an instant of `small`, in pixels of the page. */
  async function pointAt(editor: EditorPage, time: number, row: number): Promise<[number, number]> {
    const box = (await editor.page.locator("#timeline").boundingBox())!;
    return [box.x + 176 + ((box.width - 176) * time) / 60, box.y + 24 + row * 22 + 11];
  }

  it("draws holding, blocking and waiting in their lanes", async () => {
    const editor = await pages.show(small());
    await editor.page.locator('body[data-state="ended"]').waitFor();
    await expect.poll(async () => [...(await pixels(editor, 1))]).toContain(hold);
    const lock = await pixels(editor, 1);
    expect(lock).toContain(hold);
    expect(lock).toContain(blocking);
    expect(lock).not.toContain(wait);
    const two = await pixels(editor, 4);
    expect(two).toContain(wait);
    expect(two).toContain(hold);
    expect(two).not.toContain(stuck);
  });

  it("draws a wait that can never end as such", async () => {
    const editor = await pages.show(deadlocked());
    await editor.page.locator("#deadlock").waitFor();
    await expect.poll(async () => [...(await pixels(editor, 8))]).toContain(stuck);
  });

  it("tells what is under the pointer, and a click opens its source", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    const [x, y] = await pointAt(editor, 30, 4);
    await expect
      .poll(async () => {
        await page.mouse.move(x, y);
        await page.mouse.move(x + 1, y);
        return page.locator(".tooltip").allInnerTexts();
      })
      .toEqual([expect.stringMatching(/two\s+waits for Mutex mu\s+20\.0 ms, from 20\.000 ms\s+at a\.ts:7/)]);
    await page.mouse.click(x, y);
    expect(await editor.sent()).toContainEqual({ type: "open", file: "/srv/a.ts", line: 7, column: 3 });
  });

  it("can be used by keyboard alone", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    await page.locator("#timeline").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+ArrowRight");
    const spoken = page.locator("#pointed");
    await expect
      .poll(() => spoken.textContent())
      .toMatch(/^Mutex mu held by one 10\.0 ms, from 10\.000 ms a\.ts:7/);
    await page.keyboard.press("Shift+ArrowRight");
    await expect.poll(() => spoken.textContent()).toMatch(/^Mutex mu held by one, 1 task waits 20\.0 ms/);
    await page.keyboard.press("Enter");
    expect(await editor.sent()).toContainEqual({ type: "open", file: "/srv/a.ts", line: 7, column: 3 });
    const follow = page.locator("#follow");
    expect(await follow.getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("f");
    await expect.poll(() => follow.getAttribute("aria-pressed")).toBe("false");
  });

  it("zooms by wheel and stays where it was left over a reload", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    await page.locator("#follow").click();
    await page.mouse.move(...(await pointAt(editor, 15, 1)));
    for (let n = 0; n < 12; n++) await page.mouse.wheel(0, -200);
    const saved = () =>
      page.evaluate<{ start: number; span: number }>(
        `JSON.parse(sessionStorage.getItem("editor-state")).timeline.window`,
      );
    await expect.poll(async () => (await saved()).span).toBeLessThan(2);
    const { start, span } = await saved();
    expect(start).toBeLessThan(15);
    expect(start + span).toBeGreaterThan(15);
    await page.reload();
    await editor.setTheme("dark");
    await sendTrace(editor, small());
    await expect.poll(async () => (await pixels(editor, 1)).has(hold)).toBe(true);
    expect((await pixels(editor, 1)).has(blocking)).toBe(false);
    expect(await saved()).toMatchObject({ start, span });
    await sendTrace(editor, small(), "another");
    await expect.poll(async () => (await pixels(editor, 1)).has(blocking)).toBe(true);
  });
});
