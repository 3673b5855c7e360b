// Runs the suite in a real VS Code: `npx tsx test/editor/main.ts`. Needs a build (`npm run build`) and nothing else:
// the editor and, where none is installed, the browser are fetched at the first run.
//
// LOCKSCOPE_TEST_GREP=regexp           only the tests with such titles
// LOCKSCOPE_VSCODE=oldest              in the oldest VS Code that the manifest allows
// LOCKSCOPE_EDITOR=desktop|browser     in this edition and no other
// LOCKSCOPE_CHROMIUM=path              with this browser
// LOCKSCOPE_UPDATE_SCREENSHOTS=1       a run that passes renews the README's pictures
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { runInEditor } from "../support/editor-host.js";
import { answerTests, type OutsideAnswers, outsideVariable } from "../support/outside.js";
import { root } from "../support/paths.js";
import { quietEditor } from "../support/quiet-editor.js";
import { type Outside, trustVariable } from "./questions.js";
import { artifacts, EditorWindow } from "./window.js";

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

/** The suite may change the files, so it gets its own copy. */
async function copyOfExamples(folder: string): Promise<string> {
  const workspace = join(folder, "examples");
  await cp(join(root, "examples"), workspace, { recursive: true });
  await cp(join(root, "test", "editor", "fixtures"), workspace, { recursive: true });
  await symlink(join(root, "node_modules"), join(workspace, "node_modules"), "junction");
  return workspace;
}

async function bundleSuite(): Promise<string> {
  const outfile = join(root, "out", "editor-suite", "index.cjs");
  await build({
    entryPoints: [join(root, "test", "editor", "suite", "index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    sourcemap: "inline",
    logLevel: "warning",
  });
  return outfile;
}

/** The pictures in the README are those of a run that was asked to renew them. */
async function renewPictures(): Promise<void> {
  for (const name of ["findings", "trace", "breakpoint", "scrubbed"]) {
    await cp(join(artifacts, `${name}.png`), join(root, "media", `${name}.png`));
  }
}

const window = new EditorWindow();
const names = {
  say: true,
  begins: true,
  finished: true,
  screenshot: true,
  panelText: true,
  panelEvents: true,
  panelElements: true,
  panelValues: true,
  clickInPanel: true,
  press: true,
  type: true,
  notifications: true,
  windowElements: true,
} satisfies Record<keyof Outside, true>;
const answers = Object.fromEntries(
  (Object.keys(names) as (keyof Outside)[]).map((name) => [name, window[name].bind(window)]),
) as OutsideAnswers;

const folder = await mkdtemp(join(tmpdir(), "lockscope-test-"));
const outside = await answerTests(answers);
try {
  const test = {
    workspace: await copyOfExamples(folder),
    extension: root,
    tests: await bundleSuite(),
    settings: quietEditor,
    onPage: (page: Page) => window.attach(page),
    timeoutMs: 15 * 60_000,
  };
  const codes = [];
  for (const trust of [true, false]) {
    const env = { [outsideVariable]: outside.url, [trustVariable]: String(trust) };
    codes.push(await runInEditor({ ...test, env, trust }));
  }
  const { passed, failed } = window;
  console.log(`\neditor: ${passed} passed, ${failed} failed`);
  if (passed === 0) console.log("no test ran");
  const well = passed > 0 && failed === 0 && codes.every((code) => code === 0);
  if (well && process.env.LOCKSCOPE_UPDATE_SCREENSHOTS) await renewPictures();
  process.exitCode = well ? 0 : 1;
} finally {
  outside.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
