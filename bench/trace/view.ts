/**
 * What drawing a trace costs in a browser without a GPU: frames with everything in view, raster included.
 *
 *     npx tsx --tsconfig tsconfig.json bench/trace/view.ts [lock operations, default 500,000 and 5,000,000]
 *
 * Each lock operation is two events and two spans, one in the lane of its task and one in that of its lock. The
 * trace is made in the page: what is measured is the drawing, not how the events get there. Beside it stands what
 * a page would take that fills a rectangle for each span.
 *
 * A frame's time is what the user sees; on a machine that has something else to do, the worst ones are those in which
 * the page had to wait for the processor. So it is also said how long the page's thread was at work for each frame:
 * with handling what the user did, and with everything else that came of it.
 */
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import type { CDPSession } from "playwright-core";
import { launchChromium } from "../../test/support/browser.js";
import { EditorPage, ViewerServer } from "../../viewer/testing/viewer-page.js";

const LANES = 64;
const FRAMES = 40;
/** Wide, and tall enough for all lanes at once. */
const viewport = { width: 1600, height: 2100 };
const targets: Readonly<Record<number, string>> = { 500000: "under 16 ms", 5000000: "under 50 ms" };

/** Bundled for the page: the generator of the samples, and the page's own message queue to send it through. */
const maker = `
  import { busyTrace } from "./sample-trace.js";
  globalThis.makeTrace = (operations, lanes) => {
    const trace = busyTrace(operations, lanes / 2, lanes / 2);
    trace.bytes();
    const began = performance.now();
    for (const { buffer } of trace.batches.splice(0)) {
      window.postMessage({ type: "batch", session: "s", bytes: buffer }, "*", [buffer]);
    }
    return began;
  };
  globalThis.fillEach = (spans, lanes, width) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height: 22 * lanes });
    const context = canvas.getContext("2d");
    const colors = ["#59a4f9", "#b180d7", "#d18616"];
    const began = performance.now();
    for (let n = 0; n < spans; n++) {
      context.fillStyle = colors[n % 3];
      context.fillRect((n / spans) * width, (n % lanes) * 22 + 4, Math.max(1, (width * lanes) / spans / 2), 14);
    }
    context.getImageData(0, 0, 1, 1);
    return performance.now() - began;
  };
`;

/** Times every frame that draws, with its raster: reading a pixel back waits until all of it is painted. */
const timeFrames = `
  globalThis.frameTimes = [];
  const request = globalThis.requestAnimationFrame;
  let drawn = false;
  for (const method of ["putImageData", "clearRect"]) {
    const original = CanvasRenderingContext2D.prototype[method];
    CanvasRenderingContext2D.prototype[method] = function (...args) {
      drawn = true;
      return original.apply(this, args);
    };
  }
  globalThis.requestAnimationFrame = (callback) => request((time) => {
    const began = performance.now();
    drawn = false;
    callback(time);
    if (!drawn) return;
    for (const canvas of document.querySelectorAll(".timeline-panel canvas")) {
      canvas.getContext("2d").getImageData(0, 0, 1, 1);
    }
    globalThis.frameTimes.push(performance.now() - began);
  });
`;

async function makerScript(): Promise<string> {
  const { outputFiles } = await esbuild.build({
    stdin: {
      contents: maker,
      resolveDir: fileURLToPath(new URL("../../viewer/testing/", import.meta.url)),
    },
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    conditions: ["@lockscope/source"],
  });
  return outputFiles[0]!.text;
}

class Bench {
  readonly #editor: EditorPage;
  readonly #devtools: CDPSession;

  private constructor(editor: EditorPage, devtools: CDPSession) {
    this.#editor = editor;
    this.#devtools = devtools;
  }

  static async open(...[browser, url]: Parameters<typeof EditorPage.open>): Promise<Bench> {
    const editor = await EditorPage.open(browser, url, viewport);
    await editor.page.evaluate(`sessionStorage.setItem("editor-state", '{"share":80}')`);
    await editor.page.addInitScript({ content: timeFrames });
    await editor.page.addInitScript({ content: await makerScript() });
    await editor.page.reload();
    const devtools = await editor.page.context().newCDPSession(editor.page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    return new Bench(editor, devtools);
  }

  async load(operations: number): Promise<void> {
    const { page } = this.#editor;
    await this.#editor.send({ type: "reset", session: { id: "s", name: "busy.ts" } });
    const began = await page.evaluate<number>(`makeTrace(${operations}, ${LANES})`);
    await page.locator('body[data-state="ended"]').waitFor({ timeout: 600_000 });
    const took = (await page.evaluate<number>("performance.now()")) - began;
    console.log(`\n${2 * operations} spans in ${LANES} lanes; read and indexed in ${Math.round(took)} ms`);
  }

  /** Does something `FRAMES` times, and says how long the frames took that came of it. */
  async measure(what: string, step: (x: number, y: number, index: number) => Promise<void>): Promise<number> {
    const { page } = this.#editor;
    const box = (await page.locator("#timeline").boundingBox())!;
    const [x, y] = [box.x + 700, box.y + 300];
    await page.mouse.move(x, y);
    await page.waitForTimeout(1000);
    await page.evaluate("globalThis.frameTimes.length = 0");
    const work: number[] = [];
    for (let index = 0; index < FRAMES; index++) {
      const before = await this.#work();
      await step(x, y, index);
      await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
      work.push((await this.#work()) - before);
    }
    return report(what, await page.evaluate<number[]>("globalThis.frameTimes"), work);
  }

  /** For how long the page's thread has had the processor, in milliseconds. */
  async #work(): Promise<number> {
    const { metrics } = await this.#devtools.send("Performance.getMetrics");
    return 1000 * metrics.find(({ name }) => name === "TaskDuration")!.value;
  }

  async #compare(operations: number, frame: number): Promise<void> {
    const { page } = this.#editor;
    const times: number[] = [];
    for (let n = 0; n < 3; n++) {
      times.push(await page.evaluate<number>(`fillEach(${2 * operations}, ${LANES}, ${viewport.width})`));
    }
    const least = Math.min(...times);
    console.log(
      `a rectangle for each span: ${least.toFixed(0)} ms, ${(least / frame).toFixed(0)} times as long`,
    );
  }

  async run(operations: number): Promise<void> {
    await this.load(operations);
    const { page } = this.#editor;
    const all = () => page.locator("#timeline").press("0");
    const target = targets[operations];
    await all();
    const anew = await this.measure(
      `all in view, every lane anew${target ? ` (target ${target})` : ""}`,
      async (_x, _y, n) => page.mouse.wheel(0, n % 2 === 0 ? -4 : 4),
    );
    await this.#compare(operations, anew);
    await all();
    await this.measure("all in view, the pointer moves", (x, y, n) => page.mouse.move(x + n, y + n));
    await this.measure("zooming in to a hundred-thousandth", () => page.mouse.wheel(0, -144));
    await this.measure("moving sideways there", () => page.locator("#timeline").press("ArrowLeft"));
    await all();
  }
}

/** Prints the times and returns the best. */
function report(what: string, times: readonly number[], work: readonly number[]): number {
  console.log(`${what}: ${spread(times)} a frame, ${times.length} frames; at work for ${spread(work)}`);
  return Math.min(...times);
}

/** `9.9 ms (best 8.1, 95 % below 21.0)` */
function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1);
  return `${at(0.5)} ms (best ${at(0)}, 95 % below ${at(0.95)})`;
}

const [browser, server] = await Promise.all([launchChromium(), ViewerServer.start()]);
try {
  const asked = Number(process.argv[2] ?? Number.NaN);
  const bench = await Bench.open(browser, server.url);
  for (const operations of Number.isNaN(asked) ? [500_000, 5_000_000] : [asked]) await bench.run(operations);
} finally {
  await browser.close();
  await server.stop();
}
