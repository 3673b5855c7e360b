import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../primitives/package.json" with { type: "json" };
import { launchChromium } from "../support/browser.js";
import { installLibrary } from "../support/installed-library.js";
import { bundleForWeb, installPrograms } from "./installed-programs.js";
import { PageServer } from "./page-server.js";
import type { Report } from "./programs/case.js";

/** What the program has seen in a page, and what it has seen in a worker of that page. */
interface PageReport {
  readonly isolated: boolean;
  readonly page: Report;
  readonly worker: Report;
}

const html = (head: string) => `<!doctype html><title>@lockscope/sync</title>${head}`;

let folder: string;
let browser: Browser;
let files: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "lockscope-web-")));
  const library = await installLibrary(join(folder, "node_modules"));
  const { esm, cjs } = await installPrograms(folder);
  const [modules, scripts, fromCommonJs] = await Promise.all([
    bundleForWeb(join(esm, "web.js"), "esm"),
    bundleForWeb(join(esm, "web.js"), "iife"),
    bundleForWeb(join(cjs, "web.js"), "iife"),
  ]);
  files = new Map([
    ["/module.js", modules],
    ["/script.js", scripts],
    ["/commonjs.js", fromCommonJs],
    ["/imports.js", 'importScripts("/script.js");'],
    ["/module.html", html('<script type="module" src="/module.js"></script>')],
    ["/script.html", html('<script src="/script.js"></script>')],
    ["/commonjs.html", html('<script src="/commonjs.js"></script>')],
    ["/unbundled.html", html(`${importMap}<script type="module" src="/programs/web.js"></script>`)],
    ...(await modulesBelow(esm, "/programs")),
    ...(await modulesBelow(join(library, "dist/esm"), "/library")),
  ]);
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Where a browser that resolves imports by itself finds the published modules. */
const importMap = `<script type="importmap">${JSON.stringify({
  imports: Object.fromEntries(
    Object.entries(manifest.exports).flatMap(([entry, to]) =>
      typeof to === "string" || !("import" in to)
        ? []
        : [[`@lockscope/sync${entry.slice(1)}`, to.import.default.replace("./dist/esm", "/library")]],
    ),
  ),
})}</script>`;

async function modulesBelow(from: string, at: string): Promise<[string, string][]> {
  const names = (await readdir(from, { recursive: true })).filter((name) => name.endsWith(".js"));
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      return [`${at}/${name.replaceAll("\\", "/")}`, await readFile(join(from, name), "utf8")];
    }),
  );
}

/** Runs the program in a page; its workers are started from `worker`. */
async function runIn(
  page: string,
  worker: readonly [url: string, type: "classic" | "module"],
  isolated: boolean,
): Promise<PageReport> {
  await using server = await PageServer.start(files, isolated);
  const tab = await browser.newPage();
  try {
    const complaints: string[] = [];
    tab.on("pageerror", (error) => complaints.push(String(error)));
    await tab.goto(`${server.url}${page}`);
    const run = `globalThis.workerScript = ${JSON.stringify(worker)}; globalThis.runReport()`;
    const text: string = await tab.evaluate(run);
    expect(complaints).toEqual([]);
    return JSON.parse(text);
  } finally {
    await tab.close();
  }
}

describe("a page that is cross-origin isolated: every module, in the page, in workers and between them", () => {
  it.each([
    ["ES modules", "/module.html", "/module.js", "module"],
    ["ES modules as the library's package has them, unbundled", "/unbundled.html", "/module.js", "module"],
    ["classic scripts", "/script.html", "/script.js", "classic"],
    ["a worker that uses importScripts", "/script.html", "/imports.js", "classic"],
    ["scripts that a bundler made of CommonJS", "/commonjs.html", "/commonjs.js", "classic"],
  ] as const)("%s", async (_what, page, script, type) => {
    const report = await runIn(page, [script, type], true);
    expect(report.isolated).toBe(true);
    expect(report.page.seen).toEqual(report.page.expected);
    expect(report.worker.seen).toEqual(report.worker.expected);
    expect(Object.keys(report.page.seen)).toEqual(expect.arrayContaining(["Mutex", "SharedMutex"]));
    expect(Object.keys(report.worker.seen)).toContain("Mutex");
  });
});

describe("any other page, where there is no SharedArrayBuffer", () => {
  it("what needs none works; the rest says what is missing", async () => {
    const report = await runIn("/unbundled.html", ["/module.js", "module"], false);
    expect(report.isolated).toBe(false);
    expect(report.page.seen).toEqual(report.page.expected);
    expect(report.worker.seen).toEqual(report.worker.expected);
    expect(Object.keys(report.page.seen)).toEqual(expect.arrayContaining(["Mutex", "select", "SharedMutex"]));
  });
});
