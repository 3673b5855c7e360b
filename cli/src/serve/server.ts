import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { followFile } from "./follow-file.js";
import { contentPolicy, tracePage } from "./page.js";

/** The page's script and style sheet, beside the built command. */
const viewer = new URL("viewer/", import.meta.url);
const assets: ReadonlyMap<string, string> = new Map([
  ["viewer.js", "text/javascript; charset=utf-8"],
  ["viewer.css", "text/css; charset=utf-8"],
]);

/**
 * Shows one trace file to one browser on this machine: the page and the trace, at addresses that hold a token made
 * for this run, and nothing else of the disk. Only requests that name this very address are answered, so that no
 * other site can have its name lead here.
 */
export class TraceServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #token = randomBytes(24).toString("base64url");
  /** What the trace is called in its address: its file's name, which may be anything, in plain letters. */
  readonly #name: string;

  private constructor(private readonly file: string) {
    this.#name = basename(file).replace(/[^\w.-]/g, "_");
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async start(file: string): Promise<TraceServer> {
    const server = new TraceServer(file);
    await new Promise<void>((resolve, reject) => {
      server.#server.once("error", reject);
      server.#server.listen(0, "127.0.0.1", resolve);
    });
    return server;
  }

  get url(): string {
    return `http://${this.#host}/${this.#token}/?trace=${this.#name}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("cache-control", "no-store");
    response.setHeader("referrer-policy", "no-referrer");
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("cross-origin-resource-policy", "same-origin");
    if (request.headers.host !== this.#host) return refuse(response, 403);
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405);
    const [, token = "", name, ...more] = (request.url ?? "/").replace(/[?#].*$/s, "").split("/");
    if (!this.#isToken(token) || name === undefined || more.length > 0) return refuse(response, 404);
    if (name === "") return this.#page(response);
    const type = assets.get(name);
    if (type !== undefined) {
      response.setHeader("content-type", type);
      response.end(await readFile(fileURLToPath(new URL(name, viewer))));
    } else if (name === this.#name) await this.#trace(request, response);
    else refuse(response, 404);
  }

  #page(response: ServerResponse): void {
    const nonce = randomBytes(16).toString("base64url");
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.setHeader("content-security-policy", contentPolicy(nonce));
    response.end(tracePage(nonce));
  }

  async #trace(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("content-type", "application/octet-stream");
    // Its length it cannot have: it may grow while it is sent.
    response.setHeader("lockscope-size", (await stat(this.file)).size);
    if (request.method === "HEAD") return void response.end();
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    // The file may be empty still: the page shows that it waits.
    response.flushHeaders();
    await pipeline(Readable.from(followFile(this.file, gone.signal)), response);
  }

  #isToken(text: string): boolean {
    const [given, own] = [Buffer.from(text), Buffer.from(this.#token)];
    return given.length === own.length && timingSafeEqual(given, own);
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}
