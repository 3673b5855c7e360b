import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchChromium } from "./browser.js";
import type { EditorTestRun } from "./editor-host.js";
import { EditorServer } from "./editor-server.js";
import type { EditorVersion } from "./editor-versions.js";

/** What the server says of its native modules and its service worker, which it can do without. */
const expected = /spdlog|watchdog|ServiceWorker/;

/** Large enough for the editor, the trace panel beside it and the problems below. */
const viewport = { width: 1440, height: 900 };

/** Runs the suite in VS Code's server, its workbench shown by a headless Chromium. */
export async function runInBrowser(version: EditorVersion, test: EditorTestRun): Promise<number> {
  const dataFolder = await mkdtemp(join(tmpdir(), "lockscope-editor-"));
  let server: EditorServer | undefined;
  let browser: Browser | undefined;
  try {
    browser = await launchChromium();
    server = await EditorServer.start({
      version,
      dataFolder,
      env: test.env,
      settings: test.settings,
      trust: test.trust !== false,
    });
    return await exitCodeOf(test, browser, server);
  } finally {
    await browser?.close();
    await server?.stop();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function exitCodeOf(test: EditorTestRun, browser: Browser, server: EditorServer): Promise<number> {
  const page = await browser.newPage({ viewport });
  // What the page logged explains an editor that did not come up; a suite that runs says for itself what fails.
  const log: string[] = [];
  const note = (text: string) => {
    if (!expected.test(text)) log.push(text);
  };
  page.on("console", (message) => note(message.text()));
  page.on("pageerror", (error) => note(error.message));
  await page.exposeFunction("codeAutomationLog", () => {}); // the same again
  let settle = (_code: number) => {};
  let fail = (_why: string) => {};
  const outcome = new Promise<number>((resolve, reject) => {
    settle = resolve;
    fail = (why) => reject(new Error([`${why}; the page's last words:`, ...log.slice(-40)].join("\n")));
  });
  outcome.catch(() => {}); // it may fail while the page still loads, before anybody awaits it
  await page.exposeFunction("codeAutomationExit", settle);
  page.on("crash", () => fail("the browser's page crashed"));
  page.on("close", () => fail("the browser ended"));
  server.onExit(fail);
  const tooLong = `the suite is not done after ${test.timeoutMs / 1000} s`;
  const patience = setTimeout(() => fail(tooLong), test.timeoutMs);
  try {
    await test.onPage(page);
    await page.goto(server.url(test));
    return await outcome;
  } finally {
    clearTimeout(patience);
  }
}
