/**
 * What the trace view costs: reading and indexing a trace in Node, and drawing it in a browser without a GPU.
 *
 *     npx tsx bench/trace-view.ts [lock operations, default 500,000]
 *
 * Each lock operation is two events and two spans, one in the lane of its task and one in that of its lock.
 */
import { StreamReader, TraceStore } from "@lockscope/trace";
import { launchChromium } from "../test/support/browser.js";
import { busyTrace } from "../viewer/testing/sample-trace.js";
import { EditorPage, ViewerServer } from "../viewer/testing/viewer-page.js";

const operations = Number(process.argv[2] ?? 500_000);
const lanes = 64;
const repeats = 7;

const trace = busyTrace(operations, lanes / 2, lanes / 2);
const bytes = trace.bytes();
console.log(`${operations} lock operations, ${2 * operations} events, ${(bytes.length / 1e6).toFixed(1)} MB`);

function reading(): void {
  const read: number[] = [];
  const index: number[] = [];
  let spans = 0;
  for (let run = 0; run < repeats; run++) {
    const began = performance.now();
    const batches = new StreamReader({ prelude: false }).push(bytes);
    const decoded = performance.now();
    const store = new TraceStore();
    for (const batch of batches) store.append(batch);
    index.push(performance.now() - decoded);
    read.push(decoded - began);
    spans = store.live.spans.length;
  }
  report("read (cut into batches)", read);
  report(`index (live state, ${spans} spans in lanes)`, index);
}

async function drawing(): Promise<void> {
  const [browser, server] = await Promise.all([launchChromium(), ViewerServer.start()]);
  try {
    // Tall enough for all lanes at once.
    const editor = await EditorPage.open(browser, server.url, { width: 1600, height: 2100 });
    await editor.page.evaluate(`sessionStorage.setItem("editor-state", '{"share":80}')`);
    await editor.page.addInitScript({ content: timeFrames });
    await editor.page.reload();
    await editor.send({ type: "reset", session: { id: "s", name: "busy.ts" } });
    const began = performance.now();
    await editor.sendBatches("s", trace.batches);
    await editor.page
      .locator(`body[data-events="${2 * operations + lanes / 2 + 1}"]`)
      .waitFor({ timeout: 300_000 });
    report("all events in the page, message by message", [performance.now() - began]);
    const box = (await editor.page.locator("#timeline").boundingBox())!;
    report("frame, whole trace in view", await frames(editor, box.x + 400, box.y + 300, 0));
    report("frame while zooming in to a thousandth", await frames(editor, box.x + 700, box.y + 300, -160));
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Times every frame that draws, with its raster: reading a pixel back waits until all of it is painted. */
const timeFrames = `
  globalThis.frameTimes = [];
  let drawn = false;
  const drawImage = CanvasRenderingContext2D.prototype.drawImage;
  CanvasRenderingContext2D.prototype.drawImage = function (...args) {
    drawn = true;
    return drawImage.apply(this, args);
  };
  const request = globalThis.requestAnimationFrame;
  globalThis.requestAnimationFrame = (callback) => request((time) => {
    const began = performance.now();
    drawn = false;
    callback(time);
    if (!drawn) return;
    document.getElementById("timeline").getContext("2d").getImageData(0, 0, 1, 1);
    globalThis.frameTimes.push(performance.now() - began);
  });
`;

/** Moves the pointer, or zooms, so that the timeline is drawn again and again. */
async function frames(editor: EditorPage, x: number, y: number, wheel: number): Promise<number[]> {
  await editor.page.mouse.move(x, y);
  await editor.page.evaluate("globalThis.frameTimes.length = 0");
  for (let step = 0; step < 40; step++) {
    await editor.page.mouse.move(x + step, y);
    if (wheel !== 0) await editor.page.mouse.wheel(0, wheel);
  }
  return editor.page.evaluate<number[]>("globalThis.frameTimes");
}

function report(what: string, times: number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1);
  const spread = times.length > 1 ? `  (best ${at(0)}, 95 % below ${at(0.95)}, ${times.length} times)` : "";
  console.log(`${what}: ${at(0.5)} ms${spread}`);
}

reading();
await drawing();
