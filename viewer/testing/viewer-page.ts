import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { HostToViewer, ViewerToHost } from "@lockscope/trace";
import * as esbuild from "esbuild";
import type { Browser, Page } from "playwright-core";

const entry = fileURLToPath(new URL("../src/main.tsx", import.meta.url));

/** Serves the page as the editor does: everything forbidden but its own style sheet and the script with the nonce. */
export class ViewerServer {
  readonly traces = new Map<string, Uint8Array>();
  /** The beginnings of traces: so many bytes are announced, and the rest never comes. */
  readonly beginnings = new Map<string, { readonly bytes: Uint8Array; readonly size: number }>();
  readonly #server: Server;
  readonly #files: Map<string, Uint8Array>;

  private constructor(files: Map<string, Uint8Array>) {
    this.#files = files;
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      const file = this.#files.get(pathname) ?? this.traces.get(pathname);
      const beginning = this.beginnings.get(pathname);
      if (pathname === "/favicon.ico") {
        response.writeHead(204).end();
      } else if (beginning !== undefined) {
        response.setHeader("content-type", "application/octet-stream");
        response.setHeader("lockscope-size", beginning.size);
        response.write(beginning.bytes);
      } else if (pathname === "/") {
        const nonce = randomBytes(16).toString("hex");
        response.setHeader("content-type", "text/html; charset=utf-8");
        response.setHeader("content-security-policy", policy(nonce));
        response.end(html(nonce));
      } else if (file === undefined) {
        response.writeHead(404).end();
      } else {
        response.setHeader(
          "content-type",
          types[pathname.slice(pathname.lastIndexOf("."))] ?? "application/octet-stream",
        );
        response.end(file);
      }
    });
  }

  static async start(): Promise<ViewerServer> {
    const { outputFiles } = await esbuild.build({
      entryPoints: { viewer: entry },
      outdir: "/",
      bundle: true,
      write: false,
      format: "iife",
      target: "es2022",
      conditions: ["@lockscope/source"],
      jsx: "automatic",
      jsxImportSource: "preact",
      minify: true,
    });
    const files = new Map(outputFiles.map((file) => [`/${file.path.split(/[\\/]/).pop()}`, file.contents]));
    const server = new ViewerServer(files);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const types: Record<string, string> = { ".js": "text/javascript", ".css": "text/css" };

const policy = (nonce: string) =>
  `default-src 'none'; style-src 'self'; script-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'`;

const html = (nonce: string) => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Lock trace</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/viewer.css"></head>
<body><div id="app"></div><script nonce="${nonce}" src="/viewer.js"></script></body>
</html>`;

/** Stands in for the editor's side of a webview; what is saved outlives a reload, as there. */
const fakeEditor = `
  globalThis.fakeEditor = { sent: [] };
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => globalThis.fakeEditor.sent.push(message),
    getState: () => JSON.parse(sessionStorage.getItem("editor-state") ?? "null") ?? undefined,
    setState: (state) => sessionStorage.setItem("editor-state", JSON.stringify(state)),
  });
`;

/** The page inside something that behaves as the editor's webview does. */
export class EditorPage {
  readonly page: Page;
  /** What the browser complained of: exceptions, console errors, blocked by the policy. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
  }

  static async open(
    browser: Browser,
    url: string,
    options: { readonly theme?: Theme; readonly width?: number; readonly height?: number } = {},
  ): Promise<EditorPage> {
    const { theme = "dark", width = 1200, height = 700 } = options;
    const page = await browser.newPage({ viewport: { width, height }, bypassCSP: false });
    const editor = new EditorPage(page);
    await page.addInitScript({ content: fakeEditor });
    await page.goto(url);
    await editor.setTheme(theme);
    return editor;
  }

  /** Sets the classes and variables that the editor's webview sets. */
  async setTheme(theme: Theme): Promise<void> {
    const [name, variables] = themes[theme];
    await this.#call(
      `(name, variables) => {
        document.body.className = name;
        for (const [key, value] of variables) document.documentElement.style.setProperty(key, value);
      }`,
      name,
      Object.entries(variables),
    );
  }

  async send(message: Exclude<HostToViewer, { type: "batch" }>): Promise<void> {
    await this.#call(`(message) => window.postMessage(message, "*")`, message);
  }

  /**
   * Sends batches in messages of a few hundred kilobytes, as a host does.
   * @param left so many bytes are said to follow
   */
  async sendBatches(session: string, batches: readonly Uint8Array[], left = 0): Promise<void> {
    for (let from = 0; from < batches.length; from += 8) {
      const text = Buffer.concat(batches.slice(from, from + 8)).toString("base64");
      await this.#call(
        `(session, encoded, left) => {
          const { buffer } = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
          window.postMessage({ type: "batch", session, bytes: buffer, left }, "*");
        }`,
        session,
        text,
        left,
      );
    }
  }

  /** What the page has sent to its host so far. */
  sent(): Promise<ViewerToHost[]> {
    return this.page.evaluate(
      () => (globalThis as unknown as { fakeEditor: { sent: ViewerToHost[] } }).fakeEditor.sent,
    );
  }

  /** Waits until the page shows so many events. */
  async events(count: number): Promise<void> {
    await this.page.locator(`body[data-events="${count}"]`).waitFor();
  }

  /** Calls a function of the page's world. It is given as text: this file is typed without the DOM. */
  async #call(fn: string, ...args: unknown[]): Promise<void> {
    await this.page.evaluate(`(${fn})(${args.map((arg) => JSON.stringify(arg)).join(", ")})`);
  }
}

export type Theme = "dark" | "light" | "high-contrast" | "high-contrast-light";

/** The variables as the editor's default themes set them. */
const themes: Record<Theme, [className: string, variables: Record<string, string>]> = {
  dark: [
    "vscode-dark",
    {
      "--vscode-editor-background": "#1f1f1f",
      "--vscode-foreground": "#cccccc",
      "--vscode-descriptionForeground": "#9d9d9d",
      "--vscode-panel-border": "#2b2b2b",
      "--vscode-textLink-foreground": "#4daafc",
      "--vscode-focusBorder": "#0078d4",
      "--vscode-charts-blue": "#59a4f9",
      "--vscode-charts-yellow": "#cca700",
      "--vscode-charts-purple": "#b180d7",
      "--vscode-charts-red": "#f14c4c",
      "--vscode-charts-green": "#89d185",
      "--vscode-list-hoverBackground": "#2a2d2e",
      "--vscode-inputValidation-errorBackground": "#5a1d1d",
      "--vscode-inputValidation-errorBorder": "#be1100",
      "--vscode-inputValidation-warningBackground": "#352a05",
      "--vscode-inputValidation-warningBorder": "#b89500",
      "--vscode-button-background": "#0078d4",
      "--vscode-button-foreground": "#ffffff",
      "--vscode-button-secondaryBackground": "#313131",
      "--vscode-button-secondaryForeground": "#cccccc",
      "--vscode-button-secondaryHoverBackground": "#3c3c3c",
      "--vscode-input-background": "#313131",
      "--vscode-input-border": "#3c3c3c",
      "--vscode-input-foreground": "#cccccc",
      "--vscode-input-placeholderForeground": "#989898",
      "--vscode-editorHoverWidget-background": "#202020",
      "--vscode-editorHoverWidget-border": "#454545",
      "--vscode-errorForeground": "#f85149",
    },
  ],
  light: [
    "vscode-light",
    {
      "--vscode-editor-background": "#ffffff",
      "--vscode-foreground": "#3b3b3b",
      "--vscode-descriptionForeground": "#3b3b3b",
      "--vscode-panel-border": "#e5e5e5",
      "--vscode-textLink-foreground": "#005fb8",
      "--vscode-focusBorder": "#005fb8",
      "--vscode-charts-blue": "#1a85ff",
      "--vscode-charts-yellow": "#bf8803",
      "--vscode-charts-purple": "#652d90",
      "--vscode-charts-red": "#e51400",
      "--vscode-charts-green": "#388a34",
      "--vscode-list-hoverBackground": "#f2f2f2",
      "--vscode-inputValidation-errorBackground": "#f2dede",
      "--vscode-inputValidation-errorBorder": "#be1100",
      "--vscode-inputValidation-warningBackground": "#f6f5d2",
      "--vscode-inputValidation-warningBorder": "#b89500",
      "--vscode-button-background": "#005fb8",
      "--vscode-button-foreground": "#ffffff",
      "--vscode-button-secondaryBackground": "#e5e5e5",
      "--vscode-button-secondaryForeground": "#3b3b3b",
      "--vscode-button-secondaryHoverBackground": "#cccccc",
      "--vscode-input-background": "#ffffff",
      "--vscode-input-border": "#cecece",
      "--vscode-input-foreground": "#3b3b3b",
      "--vscode-input-placeholderForeground": "#767676",
      "--vscode-editorHoverWidget-background": "#f8f8f8",
      "--vscode-editorHoverWidget-border": "#c8c8c8",
      "--vscode-errorForeground": "#c33025",
    },
  ],
  "high-contrast": [
    "vscode-high-contrast",
    {
      "--vscode-editor-background": "#000000",
      "--vscode-foreground": "#ffffff",
      "--vscode-descriptionForeground": "rgba(255, 255, 255, 0.7)",
      "--vscode-contrastBorder": "#6fc3df",
      "--vscode-panel-border": "#6fc3df",
      "--vscode-textLink-foreground": "#21a6ff",
      "--vscode-focusBorder": "#f38518",
      "--vscode-charts-blue": "#59a4f9",
      "--vscode-charts-yellow": "#ffd370",
      "--vscode-charts-purple": "#b180d7",
      "--vscode-charts-red": "#f48771",
      "--vscode-charts-green": "#89d185",
      "--vscode-inputValidation-errorBackground": "#000000",
      "--vscode-inputValidation-errorBorder": "#be1100",
      "--vscode-inputValidation-warningBackground": "#000000",
      "--vscode-inputValidation-warningBorder": "#b89500",
      "--vscode-button-foreground": "#ffffff",
      "--vscode-button-background": "#000000",
      "--vscode-button-secondaryBackground": "#000000",
      "--vscode-button-secondaryForeground": "#ffffff",
      "--vscode-input-background": "#000000",
      "--vscode-input-border": "#6fc3df",
      "--vscode-input-foreground": "#ffffff",
      "--vscode-input-placeholderForeground": "rgba(255, 255, 255, 0.7)",
      "--vscode-editorHoverWidget-background": "#000000",
      "--vscode-editorHoverWidget-border": "#6fc3df",
      "--vscode-errorForeground": "#f48771",
    },
  ],
  "high-contrast-light": [
    "vscode-high-contrast-light",
    {
      "--vscode-editor-background": "#ffffff",
      "--vscode-foreground": "#292929",
      "--vscode-descriptionForeground": "rgba(41, 41, 41, 0.7)",
      "--vscode-contrastBorder": "#0f4a85",
      "--vscode-panel-border": "#0f4a85",
      "--vscode-textLink-foreground": "#0f4a85",
      "--vscode-focusBorder": "#006bbd",
      "--vscode-charts-blue": "#1a85ff",
      "--vscode-charts-yellow": "#895503",
      "--vscode-charts-purple": "#652d90",
      "--vscode-charts-red": "#b5200d",
      "--vscode-charts-green": "#374e06",
      "--vscode-inputValidation-errorBackground": "#ffffff",
      "--vscode-inputValidation-errorBorder": "#be1100",
      "--vscode-button-foreground": "#ffffff",
      "--vscode-button-background": "#0f4a85",
      "--vscode-button-secondaryBackground": "#ffffff",
      "--vscode-button-secondaryForeground": "#292929",
      "--vscode-input-background": "#ffffff",
      "--vscode-input-border": "#0f4a85",
      "--vscode-input-foreground": "#292929",
      "--vscode-input-placeholderForeground": "rgba(41, 41, 41, 0.7)",
      "--vscode-editorHoverWidget-background": "#ffffff",
      "--vscode-editorHoverWidget-border": "#0f4a85",
      "--vscode-errorForeground": "#b5200d",
    },
  ],
};
