import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame, Page } from "playwright-core";
import { root } from "../support/paths.js";
import type { AnswerOutside } from "./questions.js";

export const artifacts = join(root, "test-artifacts");

const PATIENCE_MS = 10_000;

/** Answers the suite's questions about the editor's window. */
export class EditorWindow implements AnswerOutside {
  /** Of all suites so far. */
  passed = 0;
  failed = 0;
  #page: Page | undefined;
  #lives = 0;

  attach(page: Page): void {
    this.#page = page;
    this.#lives = 0;
    page.setDefaultTimeout(PATIENCE_MS);
  }

  begins(): number {
    return ++this.#lives;
  }

  say(line: string): void {
    console.log(line);
  }

  async finished({ passed, failed }: { passed: number; failed: number }): Promise<void> {
    this.passed += passed;
    this.failed += failed;
    // In the form of vitest's JSON, as far as `npm test` reads it.
    const counts = { numPassedTests: this.passed, numFailedTests: this.failed, numPendingTests: 0 };
    await mkdir(artifacts, { recursive: true });
    await writeFile(join(artifacts, "editor.json"), JSON.stringify(counts));
  }

  async screenshot(name: string): Promise<void> {
    await mkdir(artifacts, { recursive: true });
    await this.#window.mouse.move(0, 0);
    await this.#window.screenshot({ path: join(artifacts, `${name}.png`) });
  }

  async panelText(): Promise<string | null> {
    return (await this.panelElements("body"))[0] ?? null;
  }

  async panelEvents(): Promise<number | null> {
    const count = await this.#asked(null, (panel) => panel.locator("body").getAttribute("data-events"));
    return count == null ? null : Number(count);
  }

  async panelElements(selector: string): Promise<string[]> {
    return this.#asked([], (panel) => panel.locator(selector).allInnerTexts());
  }

  async panelValues(selector: string): Promise<string[]> {
    return this.#asked([], async (panel) => {
      const fields = await panel.locator(selector).all();
      return Promise.all(fields.map((field) => field.inputValue()));
    });
  }

  /** What the trace view answers; `none` where there is none, or it is reloaded just now. */
  async #asked<T>(none: T, ask: (panel: Frame) => Promise<T>): Promise<T> {
    const panel = await this.#panel();
    if (panel === undefined) return none;
    try {
      return await ask(panel);
    } catch (error) {
      if (panel.isDetached()) return none;
      throw error;
    }
  }

  async clickInPanel(selector: string): Promise<void> {
    const panel = await this.#panel();
    if (panel === undefined) throw new Error("there is no trace view");
    await panel.locator(selector).first().click();
  }

  async press(key: string): Promise<void> {
    await this.#window.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#window.keyboard.type(text);
  }

  notifications(): Promise<string[]> {
    return this.#window.locator(".notifications-center .notification-list-item").allInnerTexts();
  }

  windowElements(selector: string): Promise<string[]> {
    return this.#window.locator(selector).filter({ visible: true }).allInnerTexts();
  }

  get #window(): Page {
    if (this.#page === undefined) throw new Error("the editor's window is not there yet");
    return this.#page;
  }

  /** A webview is a frame in a frame; the inner one has our document. */
  async #panel(): Promise<Frame | undefined> {
    for (const frame of this.#window.frames()) {
      if (frame === this.#window.mainFrame()) continue;
      const ours = await frame
        .locator("#app")
        .count()
        .catch(() => 0); // it went away in the meantime
      if (ours > 0) return frame;
    }
    return undefined;
  }
}
