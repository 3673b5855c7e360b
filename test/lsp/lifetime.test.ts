import { spawn } from "node:child_process";
import { once } from "node:events";
import { pullClient, pushClient } from "@lockscope/server/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  CodeActionRequest,
  ExitNotification,
  HoverRequest,
  InitializeRequest,
} from "vscode-languageserver-protocol/node";
import { InstalledCli } from "../support/installed-cli.js";
import { allThree, threeMistakes } from "./programs.js";
import { LspSession, shown, summary, uriIn } from "./session.js";

let cli: InstalledCli;
beforeAll(async () => {
  cli = await InstalledCli.install();
});
afterAll(() => cli[Symbol.asyncDispose]());

async function opened() {
  await cli.write({ "w/a.ts": threeMistakes });
  const { client, session } = await LspSession.open(cli, pullClient, "w");
  const a = uriIn(cli, "w/a.ts");
  await client.open(a, threeMistakes);
  return { client, session, a };
}

describe("the end of a session", () => {
  it("shutdown, exit: status 0, and nothing was said on stderr", async () => {
    const { client, session, a } = await opened();
    expect(await client.diagnostics(a)).toHaveLength(3);
    await client.shutdown();
    await client.connection.sendNotification(ExitNotification.type);
    expect(await session.exited).toEqual({ code: 0, signal: null });
    expect(session.stderr).toBe("");
  });

  it("shutdown in the middle of a check: status 0 all the same", async () => {
    const { client, session, a } = await opened();
    void client.diagnostics(a).catch(() => {}); // Answered or not: the server may be gone before.
    await client.shutdown();
    await client.connection.sendNotification(ExitNotification.type);
    expect(await session.exited).toEqual({ code: 0, signal: null });
  });

  it("exit without shutdown: status 1", async () => {
    const { client, session } = await opened();
    await client.connection.sendNotification(ExitNotification.type);
    expect(await session.exited).toEqual({ code: 1, signal: null });
  });

  it("the client hangs up: the server ends by itself", async () => {
    const { client, session, a } = await opened();
    expect(await client.diagnostics(a)).toHaveLength(3);
    session.child.stdin!.destroy();
    session.child.stdout!.destroy();
    expect((await session.exited).signal).toBeNull();
  });

  it("the editor dies while somebody else holds its end of the pipe: the server ends by itself", async () => {
    const editor = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1e6)"], { stdio: "ignore" });
    onTestFinished(() => void editor.kill("SIGKILL"));
    await once(editor, "spawn");
    const session = LspSession.start(cli);
    await session.client.connection.sendRequest(InitializeRequest.type, {
      processId: editor.pid!,
      rootUri: null,
      capabilities: pushClient,
    });
    editor.kill("SIGKILL");
    expect((await session.exited).signal).toBeNull();
  });
});

describe("a client that misbehaves", () => {
  it("asks before initialize, for unknown methods, with impossible places: gets errors, and is served on", async () => {
    await cli.write({ "w/a.ts": threeMistakes });
    const session = LspSession.start(cli);
    const { connection } = session.client;
    const a = uriIn(cli, "w/a.ts");
    const position = { line: 0, character: 0 };
    await expect(
      connection.sendRequest(HoverRequest.type, { textDocument: { uri: a }, position }),
    ).rejects.toThrow();
    await session.client.initialize(pullClient, [uriIn(cli, "w")]);
    await expect(connection.sendRequest("textDocument/brew", {})).rejects.toMatchObject({ code: -32601 });
    await session.client.open(a, threeMistakes);
    const nowhere = { start: { line: 1e6, character: 1e6 }, end: { line: 2e6, character: 0 } };
    expect(
      await connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri: a },
        range: nowhere,
        context: { diagnostics: [] },
      }),
    ).toEqual([]);
    expect(await session.client.hover(a, nowhere.start)).toBeNull();
    await expect(connection.sendRequest("textDocument/hover", { bogus: 1 })).rejects.toMatchObject({
      code: -32603,
    });
    await session.client.close(uriIn(cli, "w/never-opened.ts"));
    expect(summary(await session.client.diagnostics(a))).toEqual(allThree);
  });
});

/** Fifty thousand lines that a program could have, a mistake in each of its 5,000 functions. */
function hugeText(): string {
  const functions = Array.from(
    { length: 5_000 },
    (_, n) => `export async function f${n}(amount: number): Promise<number> {
  await mu.lock();
  if (amount > total) {
    return 0;
  }
  total -= amount;
  mu.unlock();
  return total;
}
`,
  );
  return `import { Mutex } from "@lockscope/sync";\nconst mu = new Mutex();\nlet total = 0;\n${functions.join("\n")}`;
}

describe("a file of fifty thousand lines", () => {
  it("does not keep a small one waiting for ever, and is answered for itself", {
    timeout: 120_000,
  }, async () => {
    const { client, a } = await opened();
    const huge = uriIn(cli, "w/huge.ts");
    const text = hugeText();
    expect(text.split("\n").length).toBeGreaterThan(50_000);
    await client.open(huge, text);
    const answer = client.diagnostics(huge);
    expect(summary(await client.diagnostics(a))).toEqual(allThree);
    expect(await client.hover(a, { line: 6, character: 12 })).not.toBeNull();
    expect(await answer).toHaveLength(5_000);
  });

  it("is published while its user types", { timeout: 120_000 }, async () => {
    const { client } = await LspSession.open(cli, pushClient, "w");
    const huge = uriIn(cli, "w/huge.ts");
    await client.open(huge, hugeText());
    for (let typed = 0; typed < 10; typed++) await client.replace(huge, "let total = ", "let total = 1");
    await expect.poll(() => client.publishedFor(huge).at(-1)?.version, { timeout: 100_000 }).toBe(11);
    expect(shown(client, huge)).toHaveLength(5_000);
  });
});
