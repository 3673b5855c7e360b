import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { downloadAndUnzipVSCode, runTests, TestRunFailedError } from "@vscode/test-electron";
import { chromium, type Page } from "playwright-core";
import type { EditorTestRun } from "./editor-host.js";
import { untrusting } from "./editor-server.js";
import type { EditorVersion } from "./editor-versions.js";
import { root } from "./paths.js";

/** Downloads the desktop VS Code, or says why that cannot be. */
export async function desktopEditor(
  version: EditorVersion,
): Promise<{ executable: string } | { missing: string }> {
  const headless = process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
  if (headless) return { missing: "no display" };
  const reachable = await fetch("https://update.code.visualstudio.com/api/releases/stable", {
    signal: AbortSignal.timeout(4000),
  }).then(
    (response) => response.ok,
    () => false,
  );
  if (!reachable) return { missing: "its download host does not answer" };
  return {
    executable: await downloadAndUnzipVSCode({
      version: version.desktop,
      cachePath: join(root, ".vscode-test", "desktop"),
    }),
  };
}

/** Runs the suite in the desktop VS Code; its window is reached through the debugging port of its Chromium. */
export async function runOnDesktop(executable: string, test: EditorTestRun): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "lockscope-editor-"));
  const port = await freePort();
  const over = new AbortController();
  try {
    await mkdir(join(folder, "User"), { recursive: true });
    await writeFile(
      join(folder, "User", "settings.json"),
      JSON.stringify({ ...test.settings, ...(test.trust === false && untrusting) }),
    );
    const page = windowAt(port, over.signal).then(test.onPage);
    // The suite's own questions fail, with their own message, if the window is never reached.
    page.catch(() => {});
    return await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: test.extension,
      extensionTestsPath: test.tests,
      extensionTestsEnv: test.env,
      launchArgs: [
        test.workspace,
        `--user-data-dir=${folder}`,
        `--remote-debugging-port=${port}`,
        ...["--disable-extensions", "--skip-welcome", "--skip-release-notes"],
        ...(test.trust === false ? [] : ["--disable-workspace-trust"]),
        "--disable-gpu",
      ],
    });
  } catch (error) {
    if (error instanceof TestRunFailedError && error.code !== undefined) return error.code;
    throw error;
  } finally {
    over.abort();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function windowAt(port: number, signal: AbortSignal): Promise<Page> {
  while (!signal.aborted) {
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`).catch(() => undefined);
    const pages = browser?.contexts().flatMap((context) => context.pages()) ?? [];
    const page = pages.find((candidate) => candidate.url().includes("workbench"));
    if (page !== undefined) return page;
    await browser?.close();
    await delay(200);
  }
  throw new Error("the editor's window was never reached");
}

/** Free now, and most likely still when VS Code opens it a moment later. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
