import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a page and its workers are to come with, so that they have memory to share. */
export const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
} as const;

/** Pages and scripts on loopback. */
export class PageServer implements AsyncDisposable {
  readonly #server: Server;

  private constructor(files: ReadonlyMap<string, string>, isolated: boolean) {
    this.#server = createServer((request, response) => {
      const path = request.url ?? "/";
      const text = files.get(path);
      if (text === undefined) return response.writeHead(404).end();
      for (const [name, value] of isolated ? Object.entries(isolation) : []) response.setHeader(name, value);
      response.setHeader(
        "content-type",
        path.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8",
      );
      return response.end(text);
    });
  }

  /**
   * @param files what there is, by its path
   * @param isolated whether all of it comes with the headers of {@link isolation}
   */
  static async start(files: ReadonlyMap<string, string>, isolated: boolean): Promise<PageServer> {
    const server = new PageServer(files, isolated);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
