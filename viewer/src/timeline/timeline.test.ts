import { EventKind, LockKind, MarkLevel, Mode, TraceBuilder } from "@lockscope/trace";
import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { bankMeta, sendTrace, TestPages, violations } from "../../testing/pages.js";
import { bankTrace, sample } from "../../testing/sample-trace.js";
import type { EditorPage } from "../../testing/viewer-page.js";

const pages = new TestPages();
/** The table that mirrors the lanes is in no hurry. */
const patience = { timeout: 5000 };
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
  const wait = "204 167 0";
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

  /** Its text, as it is read. */
  const spaced = async (locator: Locator) => (await locator.innerText()).replace(/\s+/g, " ");

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

  it("keeps what a click has chosen in words: what it is, where, and who let whom go on", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    const chosen = page.locator("#chosen-span");
    expect(await chosen.count()).toBe(0);
    await page.mouse.click(...(await pointAt(editor, 30, 4)));
    const wait = /^two waits for Mutex mu 20\.0 ms, from 20\.000 ms a\.ts:7 let go on by one/;
    await expect.poll(() => spaced(chosen)).toMatch(wait);
    await page.mouse.move(0, 0);
    await chosen.getByRole("button", { name: "one", exact: true }).click();
    await expect.poll(() => chosen.count()).toBe(0);
    await page.mouse.click(...(await pointAt(editor, 30, 1)));
    await expect.poll(() => spaced(chosen)).toMatch(/^Mutex mu held by one, 1 task waits .* let go on two/);
    await chosen.getByRole("button", { name: "Let go" }).click();
    await expect.poll(() => chosen.count()).toBe(0);
  });

  it("in a plain browser leads away from the page only when it is asked to", async () => {
    pages.server.traces.set("/small.trace", small().file(1, bankMeta));
    const page = await pages.browser.newPage();
    const address = `${pages.server.url}?trace=/small.trace`;
    await page.route(address, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(
        "</head>",
        '<meta name="lockscope-open" content="/opened"></head>',
      );
      await route.fulfill({ response, body });
    });
    const opened: string[] = [];
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith("/opened")) opened.push(pathname);
    });
    await page.goto(address);
    await page.locator('body[data-state="ended"]').waitFor();
    const box = (await page.locator("#timeline").boundingBox())!;
    await page.mouse.click(box.x + 176 + (box.width - 176) / 2, box.y + 24 + 22 + 11);
    await page.locator("#chosen-span").waitFor();
    expect(opened).toEqual([]);
    await page.locator("#timeline").press("Enter");
    await expect.poll(() => opened).toEqual(["/opened/srv/a.ts:7:3"]);
    await page.close();
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

  /** What is kept of the timeline over a reload. */
  const saved = (editor: EditorPage) =>
    editor.page.evaluate<{ cursor?: number; selection?: [number, number]; mode: string }>(
      `JSON.parse(sessionStorage.getItem("editor-state")).timeline`,
    );

  const laneNames = (editor: EditorPage) =>
    editor.page.locator("#lanes tbody tr").evaluateAll((rows) => rows.map((row) => row.dataset.lane));

  /** Colours of the overlay in a line of pixels, from `x` on. */
  const overlayColors = (editor: EditorPage, [x, y]: readonly [number, number], width: number) =>
    editor.page.locator(".overlay").evaluate(
      (element, [left, top, length]) => {
        const canvas = element as unknown as Canvas & { getBoundingClientRect(): { x: number; y: number } };
        const box = canvas.getBoundingClientRect();
        const { data } = canvas.getContext("2d").getImageData(left! - box.x, top! - box.y, length!, 1);
        const colors: string[] = [];
        for (let at = 0; at < data.length; at += 4) {
          if (data[at + 3] === 255) colors.push(`${data[at]} ${data[at + 1]} ${data[at + 2]}`);
        }
        return colors;
      },
      [x, y, width],
    );

  it("shows locks only, tasks only, or both", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await expect.poll(() => laneNames(editor), patience).toEqual(["mu", "one", "two", "main"]);
    await page.getByRole("button", { name: "Locks", exact: true }).click();
    await expect.poll(() => laneNames(editor), patience).toEqual(["mu"]);
    await page.locator("#timeline").press("2");
    await expect.poll(() => laneNames(editor), patience).toEqual(["one", "two", "main"]);
    await expect.poll(async () => [...(await pixels(editor, 2))]).toContain(wait);
    expect((await saved(editor)).mode).toBe("tasks");
  });

  it("puts the lanes with the longest waits first, on demand", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    await page.locator("#timeline").press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.getByRole("button", { name: "Worst first" }).click();
    await expect.poll(() => laneNames(editor), patience).toEqual(["mu", "two", "one", "main"]);
    // What was chosen still is, wherever it is now.
    await page.locator("#timeline").press("ArrowUp");
    await expect.poll(() => page.locator("#pointed").textContent()).toMatch(/two/);
    await page.keyboard.press("4");
    await expect.poll(() => laneNames(editor), patience).toEqual(["mu", "one", "two", "main"]);
  });

  it("brings back the lanes of what is picked out elsewhere", async () => {
    const editor = await pages.show(small());
    await editor.page.locator('body[data-state="ended"]').waitFor();
    await editor.page.locator("#timeline").press("2");
    await expect.poll(() => laneNames(editor), patience).toEqual(["one", "two", "main"]);
    const mu = new TraceBuilder().lock(LockKind.mutex, "the first of a trace");
    await editor.send({ type: "focus-lock", id: mu });
    await expect.poll(() => laneNames(editor), patience).toEqual(["mu", "one", "two", "main"]);
    await editor.page.locator("#timeline").press("]");
    await expect.poll(() => editor.page.locator("#pointed").textContent()).toMatch(/^Mutex mu held by one/);
  });

  it("scrubs by a drag in the axis, by keys and by a time typed in", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    const [x] = await pointAt(editor, 15, 0);
    const axis = (await page.locator("#timeline").boundingBox())!.y + 10;
    await page.mouse.move(x, axis);
    await page.mouse.down();
    const [later] = await pointAt(editor, 30, 0);
    await page.mouse.move(later, axis, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => (await saved(editor)).cursor).toBeCloseTo(30, 0);
    const field = page.locator("#cursor-time");
    await expect.poll(() => field.inputValue()).toMatch(/^(29|30)\.\d+ ms$/);
    await expect
      .poll(() => page.locator('#lanes [data-lane="mu"]').innerText(), patience)
      .toMatch(/held by one, 1 task waits/);
    await page.locator("#timeline").press("<");
    await expect.poll(async () => (await saved(editor)).cursor).toBeCloseTo(24, 0);
    await page.keyboard.press("g");
    await page.keyboard.type("12.5 ms");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await saved(editor)).cursor).toBe(12.5);
    await expect
      .poll(() => page.locator('#lanes [data-lane="two"]').innerText(), patience)
      .toMatch(/running/);
    for (const time of [20, 40, 50]) {
      await page.keyboard.press("e");
      await expect.poll(async () => (await saved(editor)).cursor).toBe(time);
    }
    await page.keyboard.press("E");
    await expect.poll(async () => (await saved(editor)).cursor).toBe(40);
    await page.keyboard.press("n");
    await expect.poll(() => field.inputValue()).toBe("end");
  });

  it("selects a range by a drag with Shift, a double click and keys, and zooms to it", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    await page.keyboard.down("Shift");
    await page.mouse.move(...(await pointAt(editor, 15, 3)));
    await page.mouse.down();
    await page.mouse.move(...(await pointAt(editor, 45, 3)), { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    const selection = async () => (await saved(editor)).selection?.map(Math.round);
    await expect.poll(selection).toEqual([15, 45]);
    await page.locator("#zoom-to-range").click();
    const shown = page.locator("#lanes-summary");
    await expect
      .poll(() => shown.textContent(), patience)
      .toMatch(/^13\.\d+ ms to 46\.\d+ ms: 4 lanes in view/);
    await page.locator("#timeline").press("x");
    await page.locator("#timeline").press("0");
    await expect.poll(() => shown.textContent(), patience).toMatch(/^0\.000 ms to 60\.000 ms/);
    await page.mouse.dblclick(...(await pointAt(editor, 30, 4)));
    await expect.poll(selection).toEqual([20, 40]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect.poll(selection).toBeUndefined();
  });

  it("goes from wait to wait, and shows who ended one", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    await page.locator("#timeline").press("2");
    await page.keyboard.press("w");
    await expect
      .poll(() => page.locator("#pointed").textContent())
      .toMatch(/two waits for Mutex mu 20\.0 ms/);
    const [x, y] = await pointAt(editor, 40, 1.5);
    const good = "137 209 133";
    await expect.poll(() => overlayColors(editor, [x - 60, y], 60)).toContain(good);
    await page.keyboard.press("Escape");
    await expect.poll(() => overlayColors(editor, [x - 60, y], 60)).not.toContain(good);
  });

  it("goes to the moment at which a deadlock closed, and marks its cycle", async () => {
    const editor = await pages.show(deadlocked());
    const { page } = editor;
    await page.locator("#deadlock").waitFor();
    await page.locator("#timeline").press("d");
    await expect.poll(async () => (await saved(editor)).cursor).toBeGreaterThan(40);
    const { cursor } = await saved(editor);
    const lane = page.locator(`#lanes [data-lane="${sample.deadlocked[0]}"]`);
    await expect.poll(() => lane.innerText(), patience).toMatch(/waits for Mutex savings/);
    const arrowPixels = () =>
      page.locator(".overlay").evaluate((element) => {
        const canvas = element as unknown as Canvas & { readonly height: number };
        const { data } = canvas
          .getContext("2d")
          .getImageData(176, 24, canvas.width - 176, canvas.height - 24);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) {
          if (data[at] === 241 && data[at + 1] === 76 && data[at + 2] === 76 && data[at + 3] === 255) count++;
        }
        return count;
      });
    await expect.poll(arrowPixels).toBeGreaterThan(40);
    // From there on, not from the beginning of what is in view.
    await page.locator("#timeline").press("]");
    await expect
      .poll(() => page.locator("#pointed").textContent())
      .toMatch(`Mutex savings held by ${sample.deadlocked[1]}, 1 task waits`);
    await page.locator("#timeline").press("<");
    await expect.poll(arrowPixels).toBe(0);
    expect((await saved(editor)).cursor).toBeLessThan(cursor!);
  });

  it("moves by the map of the whole trace", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    const shown = page.locator("#lanes-summary");
    await page.locator("#follow").click();
    for (let n = 0; n < 6; n++) await page.locator("#timeline").press("+");
    const map = (await page.locator("#minimap").boundingBox())!;
    const at = (time: number) => map.x + 176 + ((map.width - 176) * time) / 60;
    await page.mouse.click(at(15), map.y + 12);
    await expect.poll(() => shown.textContent(), patience).toMatch(/^12\.\d+ ms to 17\.\d+ ms/);
    await page.mouse.move(at(15), map.y + 12);
    await page.mouse.down();
    await page.mouse.move(at(35), map.y + 12, { steps: 3 });
    await page.mouse.up();
    await expect.poll(() => shown.textContent(), patience).toMatch(/^32\.\d+ ms to 37\.\d+ ms/);
    await page.mouse.dblclick(at(5), map.y + 12);
    await expect.poll(() => shown.textContent(), patience).toMatch(/^0\.000 ms to 60\.000 ms/);
  });

  it("is where it was after a reload: lanes, the chosen one, cursor and range", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    await page.locator("#timeline").press("2");
    for (const key of ["w", "s", "c"]) await page.keyboard.press(key);
    await expect.poll(() => saved(editor)).toMatchObject({ mode: "tasks", cursor: 20, selection: [20, 40] });
    await page.getByRole("tab", { name: "Events" }).click();
    const events = page.locator("#event-count");
    const counted = await events.innerText();
    expect(counted).toMatch(/^\d+ events of (one|two) in the selected range$/);
    await page.reload();
    await sendTrace(editor, small());
    await expect.poll(() => laneNames(editor), patience).toEqual(["one", "two", "main"]);
    expect(await page.locator("#cursor-time").inputValue()).toBe("20.000 ms");
    expect(await events.innerText()).toBe(counted);
    expect(await saved(editor)).toMatchObject({ mode: "tasks", cursor: 20, selection: [20, 40] });
  });

  it("lists its keys, each of which means one thing", async () => {
    const editor = await pages.show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    await page.locator("#timeline").press("?");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    expect(await violations(editor)).toEqual([]);
    const keys = await dialog.locator("kbd").allInnerTexts();
    expect(keys.length).toBeGreaterThan(30);
    expect(keys).toEqual([...new Set(keys)]);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
  });

  it("shows the number of waiters by the height of a bar", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const tasks = Array.from({ length: 10 }, (_, n) => b.task(`t${n}`));
    b.row({ kind: EventKind.acquire, task: tasks[0]!, lock: mu });
    for (const [index, task] of tasks.slice(1).entries()) {
      b.time = index < 1 ? 10 : 20;
      b.row({ kind: EventKind.block, task, lock: mu });
    }
    b.time = 30;
    b.row({ kind: EventKind.programEnd });
    b.flush();
    const editor = await pages.show(b);
    await editor.page.locator('body[data-state="ended"]').waitFor();
    const heights = () =>
      editor.page.locator("#timeline").evaluate((element) => {
        const canvas = element as unknown as Canvas;
        const context = canvas.getContext("2d");
        return [5, 15, 25].map((time) => {
          const x = Math.round(176 + ((canvas.width - 176) * time) / 30);
          const { data } = context.getImageData(x, 24 + 22, 1, 22);
          let height = 0;
          for (let at = 0; at < data.length; at += 4) {
            if (data[at] === 204 && data[at + 1] === 167 && data[at + 2] === 0) height++;
          }
          return height;
        });
      });
    await expect.poll(heights).toEqual([0, 3, 7]);
  });

  it("stays alive whatever the times of a trace are", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const [one, two] = [b.task("one"), b.task("two")];
    for (const time of [1e-9, 1e15, 1e200, 1.7e308]) {
      b.time = time;
      b.row({ kind: EventKind.acquire, task: one, lock: mu });
      b.row({ kind: EventKind.block, task: two, lock: mu });
      b.flush();
    }
    b.row({ kind: EventKind.programEnd });
    b.flush();
    const editor = await pages.show(b);
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    await page.locator("#timeline").focus();
    for (const key of ["w", "s", "z", "+", "+", "c", ".", "ArrowLeft", "Home", "+", "End", "0", "d"]) {
      await page.keyboard.press(key);
    }
    await page.keyboard.press("1");
    await expect.poll(() => laneNames(editor), patience).toEqual(["mu"]);
  });

  it("keeps of a frame only what the next one would paint alike", async () => {
    const editor = await pages.show(deadlocked(), { theme: "light" });
    const { page } = editor;
    await page.locator("#deadlock").waitFor();
    const nextFrame = async () => {
      await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
      return page.locator("#timeline").evaluate(async (element) => {
        const canvas = element as unknown as Canvas & { readonly height: number };
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return [...new Uint8Array(await crypto.subtle.digest("SHA-256", data))].join(" ");
      });
    };
    // A page that gets another size learns of it some frames later.
    const frame = async () => {
      let last = await nextFrame();
      for (let next = await nextFrame(); next !== last; next = await nextFrame()) last = next;
      return last;
    };
    const box = (await page.locator("#timeline").boundingBox())!;
    const actions = [
      () => page.locator("#timeline").press("ArrowDown"),
      () => page.locator("#timeline").press("+"),
      () => page.mouse.move(box.x + 300, box.y + 100),
      () => page.mouse.move(box.x + 320, box.y + 190),
      () => page.mouse.wheel(0, -150),
      () => page.mouse.move(box.x + 40, box.y + 120),
      () => page.mouse.wheel(0, 37),
      () => page.locator("#timeline").press("ArrowRight"),
      () => page.mouse.wheel(0, 80),
      () => page.locator("#timeline").press("2"),
      () => page.locator("#timeline").press("ArrowUp"),
      async () => {
        await page.setViewportSize({ width: 1000, height: 640 });
        const timeline = page.locator("#timeline");
        const isSized = (element: unknown) => {
          const { width, clientWidth } = element as { readonly width: number; readonly clientWidth: number };
          return width === clientWidth;
        };
        await expect.poll(() => timeline.evaluate(isSized), patience).toBe(true);
      },
    ];
    const frames = new Set<string>();
    for (const [index, act] of actions.entries()) {
      await act();
      const kept = await frame();
      frames.add(kept);
      // A theme that changes has everything painted anew.
      await editor.setTheme("dark");
      await frame();
      await editor.setTheme("light");
      expect(await frame(), `after action ${index}`).toBe(kept);
    }
    expect(frames.size).toBeGreaterThan(8);
  });

  it("shows what was remarked on its axis", async () => {
    const b = new TraceBuilder();
    const site = b.site("/srv/a.ts", 7, 3, "f");
    const one = b.task("one");
    for (const [time, arg, text] of [
      [10, MarkLevel.info, "begun <b>well</b>"],
      [40, MarkLevel.error, "locked twice"],
    ] as const) {
      b.time = time;
      b.row({ kind: EventKind.mark, arg, task: one, site, value: b.definitions.string(text) });
    }
    b.time = 60;
    b.row({ kind: EventKind.programEnd });
    b.flush();
    const editor = await pages.show(b);
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    const [x, y] = await pointAt(editor, 40, -1);
    await expect
      .poll(async () => {
        await page.mouse.move(x - 1, y);
        await page.mouse.move(x, y);
        return page.locator(".tooltip").allInnerTexts();
      })
      .toEqual([expect.stringMatching(/^error one\s+locked twice\s+40\.000 ms\s+at a\.ts:7$/)]);
    await page.locator("#timeline").press("m");
    await expect.poll(() => page.locator("#pointed").textContent()).toMatch(/^note one begun <b>well<\/b>/);
    await page.keyboard.press("m");
    await expect.poll(() => page.locator("#pointed").textContent()).toMatch(/^error one locked twice/);
    expect((await saved(editor)).cursor).toBe(40);
  });

  it("marks the task that a debugger holds", async () => {
    const b = new TraceBuilder();
    const [one] = [b.task("one"), b.task("two")];
    b.flush();
    const editor = await pages.show(b);
    await editor.page.locator('#lanes [data-lane="one"]').waitFor({ state: "attached" });
    /** Pixels of the mark's colour in the gutter of the first task. */
    const marked = () =>
      editor.page.locator("#timeline").evaluate((element) => {
        const canvas = element as unknown as Canvas;
        const { data } = canvas.getContext("2d").getImageData(155, 24 + 22, 20, 22);
        let count = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at] === 204 && data[at + 1] === 167) count++;
        return count;
      });
    await editor.send({ type: "stopped", session: "s1", task: one, reason: "breakpoint", time: 5 });
    await expect.poll(marked).toBeGreaterThan(20);
    const lane = editor.page.locator('#lanes [data-lane="one"]');
    await expect.poll(() => lane.innerText(), patience).toMatch(/running, stopped by the debugger/);
    await editor.send({ type: "continued", session: "s1" });
    await expect.poll(marked).toBe(0);
  });
});
