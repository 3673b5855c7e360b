import type { Page } from "playwright-core";
import { runInBrowser } from "./browser-editor.js";
import { desktopEditor, runOnDesktop } from "./desktop-editor.js";
import { chosenVersion } from "./editor-versions.js";

/** A suite to run inside a real VS Code. */
export interface EditorTestRun {
  readonly workspace: string;
  /** The folder of the extension under test. */
  readonly extension: string;
  /** A CommonJS module that exports `run(): Promise<void>`, called in the extension host. */
  readonly tests: string;
  readonly env: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Called with the editor's window before the tests start, or soon after. */
  readonly onPage: (page: Page) => void | Promise<void>;
  /** Whether the user trusts the workspace, which is the default; else the editor is in Restricted Mode. */
  readonly trust?: boolean;
  readonly timeoutMs: number;
}

/**
 * Runs the suite in the desktop VS Code where that can be downloaded (and, on Linux, shown), else in the same
 * workbench served to a headless browser. `LOCKSCOPE_EDITOR` (`desktop`, `browser`) decides instead.
 *
 * @returns the suite's exit code: 0 if it passed
 * @throws {Error} if the editor does not start, ends early or takes too long
 */
export async function runInEditor(test: EditorTestRun): Promise<number> {
  const version = chosenVersion();
  const wanted = process.env.LOCKSCOPE_EDITOR;
  if (wanted !== "browser") {
    const editor = await desktopEditor(version);
    if ("executable" in editor) return runOnDesktop(editor.executable, test);
    if (wanted === "desktop") throw new Error(`No desktop VS Code: ${editor.missing}`);
    console.log(`no desktop VS Code (${editor.missing}): using the one for the browser`);
  }
  return runInBrowser(version, test);
}
