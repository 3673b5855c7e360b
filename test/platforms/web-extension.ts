// Runs the library in the web worker in which VS Code runs web extensions: `npx tsx test/platforms/web-extension.ts`,
// in an editor as it comes, and in one that is cross-origin isolated. The editor is the one for the browser (see
// test/support/browser-editor.ts): it has such a worker on every machine.
import { deepStrictEqual } from "node:assert/strict";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { runInBrowser } from "../support/browser-editor.js";
import { chosenVersion } from "../support/editor-versions.js";
import { installLibrary } from "../support/installed-library.js";
import { quietEditor } from "../support/quiet-editor.js";
import { bundleForWeb, installPrograms } from "./installed-programs.js";
import { isolation } from "./page-server.js";
import { type Report, reportMark } from "./programs/case.js";

/** No `main`: there is nothing to run in Node, so the editor starts it in its worker. */
const manifest = {
  name: "library-in-a-worker",
  publisher: "lockscope",
  version: "0.0.1",
  engines: { vscode: "^1.100.0" },
  browser: "./extension.js",
};

interface WorkerReport extends Report {
  readonly where: { readonly web: boolean; readonly node: boolean; readonly isolated: boolean };
}

async function writeExtension(folder: string): Promise<string> {
  const extension = join(folder, "extension");
  await installLibrary(join(folder, "node_modules"));
  const { cjs } = await installPrograms(folder);
  const files = {
    "package.json": JSON.stringify(manifest),
    "extension.js": await bundleForWeb(join(cjs, "web-extension.js"), "cjs"),
    "worker.js": await bundleForWeb(join(cjs, "web.js"), "iife"),
  };
  await mkdir(extension);
  for (const [name, text] of Object.entries(files)) await writeFile(join(extension, name), text);
  return extension;
}

/** Adds the headers that the editor's server does not send by itself to what is shown: the page and its frames. */
async function isolate(page: Page): Promise<void> {
  // Of what is made anew the browser cannot know that it came from this machine, to which it is to be connected.
  await page.context().grantPermissions(["local-network-access"]);
  const session = await page.context().newCDPSession(page);
  const headers = Object.entries(isolation).map(([name, value]) => ({ name, value }));
  session.on("Fetch.requestPaused", async ({ requestId, responseStatusCode, responseHeaders = [] }) => {
    if (responseStatusCode !== 200) return session.send("Fetch.continueResponse", { requestId });
    // Made anew: of a response that only goes on with other headers the browser heeds the first ones.
    const { body, base64Encoded } = await session.send("Fetch.getResponseBody", { requestId });
    return session.send("Fetch.fulfillRequest", {
      requestId,
      responseCode: responseStatusCode,
      responseHeaders: [...responseHeaders, ...headers],
      body: base64Encoded ? body : Buffer.from(body).toString("base64"),
    });
  });
  await session.send("Fetch.enable", { patterns: [{ resourceType: "Document", requestStage: "Response" }] });
}

async function runIn(folder: string, extension: string, isolated: boolean): Promise<WorkerReport> {
  const workspace = join(folder, "workspace");
  await mkdir(workspace, { recursive: true });
  let report: string | undefined;
  const code = await runInBrowser(chosenVersion(), {
    workspace,
    extension,
    tests: join(extension, "extension.js"),
    env: {},
    settings: quietEditor,
    onPage: async (page) => {
      page.on("console", (message) => {
        const text = message.text();
        const at = text.indexOf(reportMark);
        if (at >= 0) report = text.slice(at + reportMark.length);
      });
      if (isolated) await isolate(page);
    },
    timeoutMs: 2 * 60_000,
  });
  if (code !== 0 || report === undefined) throw new Error(`the extension has not told what it saw (${code})`);
  return JSON.parse(report);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

const folder = await realpath(await mkdtemp(join(tmpdir(), "lockscope-web-extension-")));
try {
  const extension = await writeExtension(folder);
  for (const isolated of [false, true]) {
    const { where, seen, expected } = await runIn(folder, extension, isolated);
    deepStrictEqual(where, { web: true, node: false, isolated });
    deepStrictEqual(seen, expected);
    const what = isolated ? "an isolated editor" : "an editor as it comes";
    console.log(`a web extension in ${what}: ${Object.keys(seen).length} uses as expected`);
  }
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
