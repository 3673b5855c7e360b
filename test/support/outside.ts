import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** The variable that tells tests inside the editor where to ask. */
export const outsideVariable = "LOCKSCOPE_TEST_OUTSIDE";

/** What a test inside the editor may ask of the process that drives the page. */
export type OutsideAnswers = Readonly<Record<string, (argument: never) => unknown>>;

/**
 * Tests run in the extension host and cannot see the window; whoever drives the window can. This answers their
 * questions: `POST /name` with a JSON argument, on a loopback port.
 */
export async function answerTests(answers: OutsideAnswers): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const reply = (status: number, value: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value ?? null));
    };
    const name = request.url?.slice(1) ?? "";
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
    if (request.method !== "POST" || answer === undefined) return reply(404, `nobody answers "${name}"`);
    try {
      reply(200, await answer((await jsonBody(request)) as never));
    } catch (error) {
      reply(500, error instanceof Error ? error.message : String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}
