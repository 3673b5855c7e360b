import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { TraceBuilder } from "@lockscope/trace";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchChromium } from "../../test/support/browser.js";
import { EditorPage, type Theme, ViewerServer } from "./viewer-page.js";

export interface PageOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

export const bankMeta = {
  program: "bank.ts",
  script: "/srv/bank/src/bank.ts",
  node: "v20.20.2",
  cwd: "/srv/bank",
  start: 0,
};

/**
 * One browser for all tests of a file, which must call this before anything else. Pages are closed after each
 * test, which fails if the browser complained of one: an exception, something that the policy forbids.
 */
export class TestPages {
  #browser: Browser | undefined;
  #server: ViewerServer | undefined;
  #opened: EditorPage[] = [];

  constructor() {
    beforeAll(async () => {
      [this.#browser, this.#server] = await Promise.all([launchChromium(), ViewerServer.start()]);
    }, 180_000);
    afterAll(async () => {
      await this.#browser?.close();
      await this.#server?.stop();
    });
    afterEach(async () => {
      const pages = this.#opened;
      this.#opened = [];
      for (const { page, complaints } of pages) {
        await page.close();
        expect(complaints).toEqual([]);
      }
    });
  }

  get browser(): Browser {
    return this.#browser!;
  }

  get server(): ViewerServer {
    return this.#server!;
  }

  async open(options: PageOptions = {}): Promise<EditorPage> {
    const editor = await EditorPage.open(this.browser, this.server.url, options);
    this.#opened.push(editor);
    return editor;
  }

  /** A page that shows `trace`. */
  async show(trace: TraceBuilder, options: PageOptions = {}): Promise<EditorPage> {
    const editor = await this.open(options);
    await sendTrace(editor, trace);
    return editor;
  }
}

/** Makes the page forget what it shows, and show `trace`. */
export async function sendTrace(editor: EditorPage, trace: TraceBuilder, session = "s1"): Promise<void> {
  await editor.send({ type: "reset", session: { id: session, name: "bank.ts", meta: bankMeta } });
  await editor.sendBatches(session, trace.batches);
}

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe finds, in short. It is injected past the page's policy, as a developer's tool would be. */
export async function violations({ page }: EditorPage): Promise<string[]> {
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
