import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { EventKind, LockKind, Mode, TraceBuilder } from "@lockscope/trace";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../../test/support/browser.js";
import { bankTrace, busyTrace, sample } from "../testing/sample-trace.js";
import { EditorPage, type Theme, ViewerServer } from "../testing/viewer-page.js";

const meta = {
  program: "bank.ts",
  script: "/srv/bank/src/bank.ts",
  node: "v20.20.2",
  cwd: "/srv/bank",
  start: 0,
};
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

let browser: Browser;
let server: ViewerServer;
let opened: EditorPage[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), ViewerServer.start()]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(async () => {
  const pages = opened;
  opened = [];
  for (const { page, complaints } of pages) {
    await page.close();
    expect(complaints).toEqual([]);
  }
});

async function open(options: { theme?: Theme; width?: number; height?: number } = {}): Promise<EditorPage> {
  const editor = await EditorPage.open(browser, server.url, options);
  opened.push(editor);
  return editor;
}

/** A page that shows `trace`; `ended` as the host reports it. */
async function show(trace: TraceBuilder, options: Parameters<typeof open>[0] = {}): Promise<EditorPage> {
  const editor = await open(options);
  await send(editor, trace);
  return editor;
}

async function send(editor: EditorPage, trace: TraceBuilder, session = "s1"): Promise<void> {
  await editor.send({ type: "reset", session: { id: session, name: "bank.ts", meta } });
  await editor.sendBatches(session, trace.batches);
}

const deadlocked = () => bankTrace({ turns: 300, deadlock: true });
const fine = () => bankTrace({ turns: 300, deadlock: false });

describe("the trace page", () => {
  it("asks for the trace, and says how to start one while there is none", async () => {
    const { page, sent } = bound(await open());
    await page.getByText("No trace yet").waitFor();
    expect(await page.locator("body").getAttribute("data-state")).toBe("empty");
    expect(await sent()).toEqual([{ type: "ready" }]);
  });

  it("tells a deadlock in sentences whose places can be opened", async () => {
    const { page, sent } = bound(await show(deadlocked()));
    const items = page.locator("#deadlock .cycle li");
    await items.first().waitFor();
    const [first, second] = sample.deadlocked;
    expect(await items.allInnerTexts()).toEqual([
      expect.stringMatching(
        `^${first} waits for Mutex savings at bank.ts:22; ${second} has held it since .* locked at bank.ts:21$`,
      ),
      expect.stringMatching(
        `^${second} waits for Mutex checking at bank.ts:22; ${first} has held it since .* locked at bank.ts:21$`,
      ),
    ]);
    expect(await page.locator("#leaked li").allInnerTexts()).toEqual([
      "main waits for WaitGroup done at bank.ts:75",
      "consumer waits to receive from Channel orders at bank.ts:50",
    ]);
    expect(await page.locator("#state").textContent()).toBe("Ended stuck");
    await items.first().getByText("bank.ts:22").click();
    expect(await sent()).toContainEqual({ type: "open", file: "/srv/bank/src/bank.ts", line: 22, column: 5 });
  });

  it("lists every lock and task with its state", async () => {
    const { page } = bound(await show(deadlocked()));
    await page.locator("#locks tbody tr").first().waitFor();
    const names = await page
      .locator("#locks tbody tr")
      .evaluateAll((rows) => rows.map((row) => row.dataset.lock));
    expect(names).toEqual([...sample.locks]);
    const savings = page.locator('#locks [data-lock="savings"]');
    expect(await savings.getAttribute("data-state")).toBe("held");
    expect(await savings.getAttribute("data-holder")).toBe(sample.deadlocked[1]);
    expect(await savings.getAttribute("data-waiters")).toBe("1");
    expect(await savings.textContent()).toMatch(/held by transfer savings → checking\s+since \d+(\.\d+)? ms/);
    expect(await page.locator('#locks [data-lock="done"]').textContent()).toContain("counter at 2");
    expect(await page.locator('#locks [data-lock="orders"]').getAttribute("data-state")).toBe("open");
    const waiting = page.locator(`#tasks [data-task="${sample.deadlocked[0]}"]`);
    expect(await waiting.getAttribute("data-state")).toBe("waiting");
    expect(await waiting.getAttribute("data-waits-for")).toBe("savings");
    expect(await waiting.getAttribute("data-stuck")).toBe("true");
    expect(await page.locator('#tasks [data-task="logger 1"]').getAttribute("data-state")).toBe("done");
  });

  it("raises no alarm over a program that went well", async () => {
    const { page } = bound(await show(fine()));
    await page.locator('body[data-state="ended"]').waitFor();
    expect(await page.locator("#deadlock, #possible-deadlock").count()).toBe(0);
    expect(await page.locator('[data-stuck="true"]').count()).toBe(0);
  });

  it("follows a program as it goes: held, waited for, free again", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    const [one, two] = [b.task("one"), b.task("two")];
    b.row({ kind: EventKind.acquire, task: one, lock: mu });
    b.flush();
    const editor = await show(b);
    const row = editor.page.locator('#locks [data-lock="mu"]');
    await editor.page.locator('#locks [data-lock="mu"][data-holder="one"]').waitFor();
    expect(await editor.page.locator("#state").textContent()).toBe("Live");
    const step = async (rows: Parameters<TraceBuilder["row"]>[0][]) => {
      for (const fields of rows) b.row(fields);
      b.flush();
      await editor.sendBatches("s1", b.batches.slice(-1));
    };
    await step([{ kind: EventKind.block, task: two, lock: mu }]);
    await editor.page.locator('#locks [data-lock="mu"][data-waiters="1"]').waitFor();
    await editor.page.locator('#tasks [data-task="two"][data-waits-for="mu"]').waitFor();
    await step([
      { kind: EventKind.release, task: one, lock: mu },
      { kind: EventKind.unblock, task: two, lock: mu },
      { kind: EventKind.acquire, task: two, lock: mu },
    ]);
    await editor.page.locator('#locks [data-lock="mu"][data-holder="two"][data-waiters="0"]').waitFor();
    await step([{ kind: EventKind.release, task: two, lock: mu }]);
    await editor.page.locator('#locks [data-lock="mu"][data-state="free"]').waitFor();
    expect(await row.getAttribute("data-uses")).toBe("2");
  });

  it("calls a cycle through forked calls possible, not certain", async () => {
    const b = new TraceBuilder();
    const mu = b.lock(LockKind.mutex, "mu");
    b.row({ kind: EventKind.acquire, task: 0, lock: mu });
    b.row({ kind: EventKind.block, task: 0, lock: mu });
    b.flush();
    const { page } = bound(await show(b));
    await page.locator("#possible-deadlock").waitFor();
    expect(await page.locator("#deadlock").count()).toBe(0);
  });

  it("receives a hundred thousand lock operations, complete", async () => {
    const operations = 100_000;
    const trace = busyTrace(operations);
    const editor = await show(trace);
    await editor.events(2 * operations + 16 + 1);
    const uses = await editor.page
      .locator("#locks tbody tr")
      .evaluateAll((rows) => rows.reduce((sum, row) => sum + Number(row.dataset.uses), 0));
    expect(uses).toBe(operations);
    expect(await editor.page.locator(".dropped").count()).toBe(0);
  });

  it("says so when the trace is damaged, and keeps what came before", async () => {
    const trace = fine();
    const editor = await open();
    await editor.send({ type: "reset", session: { id: "s1", name: "x", meta } });
    await editor.sendBatches("s1", [
      trace.batches[0]!,
      new TextEncoder().encode("<img src=x onerror=alert(1)>".repeat(4)),
    ]);
    await editor.page.locator("#problem").waitFor();
    expect(await editor.page.locator("#problem").textContent()).toMatch(/^not a readable trace/);
    expect(await editor.page.locator("body").getAttribute("data-state")).toBe("broken");
    expect(await editor.page.locator("#locks tbody tr").count()).toBe(sample.locks.length);
  });

  it("shows names as text, whatever they hold", async () => {
    const b = new TraceBuilder();
    const name = `<img src=x onerror="document.body.dataset.pwned=1">`;
    b.lock(LockKind.mutex, name);
    b.task(name);
    b.flush();
    const { page } = bound(await show(b));
    await page.locator("#locks tbody tr").waitFor();
    expect(await page.locator("#locks tbody th").textContent()).toBe(name);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("body").getAttribute("data-pwned")).toBe(null);
  });

  it("forgets one session for the next, and ignores late batches of the old one", async () => {
    const editor = await show(deadlocked());
    await editor.page.locator("#deadlock").waitFor();
    await send(editor, fine(), "s2");
    await editor.sendBatches("s1", deadlocked().batches);
    await editor.send({
      type: "sessions",
      list: [
        { id: "s1", name: "first" },
        { id: "s2", name: "second" },
      ],
      current: "s2",
    });
    await editor.page.locator('body[data-state="ended"]').waitFor();
    await editor.page.getByLabel("Traced program").selectOption("s1");
    expect(await editor.sent()).toContainEqual({ type: "select-session", id: "s1" });
    expect(await editor.page.locator("#deadlock").count()).toBe(0);
  });

  it("filters and sorts, and keeps the filter over a reload", async () => {
    const editor = await show(deadlocked());
    const { page } = editor;
    await page.getByRole("searchbox").fill("SAV");
    await expect.poll(() => page.locator("#locks tbody tr").count()).toBe(1);
    expect(await page.locator("#tasks tbody tr").count()).toBe(2);
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: "Uses" }).click();
    await page.locator('#locks tbody tr:first-child[data-lock="log"]').waitFor();
    await page.getByRole("searchbox").fill("price");
    await page.locator("#timeline").press("ArrowLeft");
    await page.reload();
    await send(editor, deadlocked());
    await page.locator("#locks tbody tr").waitFor();
    expect(await page.getByRole("searchbox").inputValue()).toBe("price");
    expect(await page.locator("#locks tbody tr").count()).toBe(1);
  });
});

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
    const editor = await show(small());
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
    const editor = await show(deadlocked());
    await editor.page.locator("#deadlock").waitFor();
    await expect.poll(async () => [...(await pixels(editor, 8))]).toContain(stuck);
  });

  it("tells what is under the pointer, and a click opens its source", async () => {
    const editor = await show(small());
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
    const editor = await show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    await page.locator("#timeline").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+ArrowRight");
    const spoken = page.locator(".timeline-panel [aria-live]");
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
    const editor = await show(small());
    const { page } = editor;
    await page.locator('body[data-state="ended"]').waitFor();
    await page.locator("#follow").click();
    await page.mouse.move(...(await pointAt(editor, 15, 1)));
    for (let n = 0; n < 12; n++) await page.mouse.wheel(0, -200);
    const saved = () =>
      page.evaluate<{ start: number; span: number }>(
        `JSON.parse(sessionStorage.getItem("editor-state")).window`,
      );
    await expect.poll(async () => (await saved()).span).toBeLessThan(2);
    const { start, span } = await saved();
    expect(start).toBeLessThan(15);
    expect(start + span).toBeGreaterThan(15);
    await page.reload();
    await editor.setTheme("dark");
    await send(editor, small());
    await expect.poll(async () => (await pixels(editor, 1)).has(hold)).toBe(true);
    expect((await pixels(editor, 1)).has(blocking)).toBe(false);
    expect(await saved()).toMatchObject({ start, span });
    await send(editor, small(), "another");
    await expect.poll(async () => (await pixels(editor, 1)).has(blocking)).toBe(true);
  });
});

describe("for everybody", () => {
  for (const theme of ["dark", "light", "high-contrast", "high-contrast-light"] as const) {
    it(`has no accessibility violation (${theme})`, async () => {
      const editor = await show(deadlocked(), { theme });
      await editor.page.locator("#deadlock").waitFor();
      expect(await violations(editor)).toEqual([]);
    });
  }

  it("has none when it is narrow, and none when it is empty", async () => {
    const narrow = await show(deadlocked(), { width: 420 });
    await narrow.page.locator("#deadlock").waitFor();
    expect(await violations(narrow)).toEqual([]);
    const empty = await open();
    await empty.page.getByText("No trace yet").waitFor();
    expect(await violations(empty)).toEqual([]);
  });
});

/** What axe finds, in short. It is injected past the page's policy, as a developer's tool would be. */
async function violations({ page }: EditorPage): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: await readFile(axePath, "utf8") });
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } };
    return (await axe.run()).violations;
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** The parts of a page that a test takes apart. */
function bound(editor: EditorPage) {
  return { page: editor.page, sent: () => editor.sent() };
}

describe("in a plain browser", () => {
  it("shows the trace that the address names, and one that is cut off as far as it goes", async () => {
    const bytes = deadlocked().file(4711, meta);
    server.traces.set("/bank.trace", bytes);
    server.traces.set("/cut.trace", bytes.subarray(0, bytes.length - 1000));
    server.traces.set("/other.trace", new TextEncoder().encode("hello\n"));
    const page = await browser.newPage();
    await page.goto(`${server.url}?trace=/bank.trace`);
    await page.locator("#deadlock").waitFor();
    expect(await page.locator("h1").textContent()).toBe("bank.ts");
    await page.goto(`${server.url}?trace=/cut.trace`);
    await page.getByText("the trace is cut off").waitFor();
    await page.goto(`${server.url}?trace=/other.trace`);
    await page.getByText("not a readable trace").waitFor();
    await page.goto(`${server.url}?trace=http://127.0.0.1:1/x`);
    await page.getByText("only traces of this page's own origin").waitFor();
    await page.close();
  });
});
