import { describe, expect, it } from "vitest";
import { FileChangeType } from "vscode-languageserver-protocol";
import { pullClient, pushClient } from "../testing/client-capabilities.js";
import { serveInProcess } from "../testing/in-process.js";

describe("the workspace's folders", () => {
  it("are opened one by one, when a file in them is asked for", async () => {
    const { client, workspaces } = serveInProcess();
    await client.initialize(pullClient, ["file:///w/one", "file:///w/two/", "file:///w/one/inner"]);
    expect(workspaces).toEqual([]);
    for (const file of ["one/a.ts", "two/b.ts", "one/inner/c.ts", "one-more/d.ts", "one/e.ts"]) {
      await client.open(`file:///w/${file}`, "BAD");
      expect(await client.diagnostics(`file:///w/${file}`)).toHaveLength(1);
    }
    expect(workspaces.map(({ options, checked }) => [options.cwd, checked])).toEqual([
      ["/w/one", ["/w/one/a.ts", "/w/one/e.ts"]],
      ["/w/two", ["/w/two/b.ts"]],
      ["/w/one/inner", ["/w/one/inner/c.ts"]],
      ["/w/one-more", ["/w/one-more/d.ts"]],
    ]);
  });

  it("may be missing: a single file is seen from its directory, which is let go with it", async () => {
    const { client, workspaces } = serveInProcess();
    await client.initialize(pullClient);
    await client.open("file:///x/a.ts", "BAD");
    await client.open("file:///x/b.ts", "BAD");
    await client.diagnostics("file:///x/a.ts");
    expect(workspaces.map(({ options }) => options.cwd)).toEqual(["/x"]);
    await client.close("file:///x/a.ts");
    await client.diagnostics("file:///x/b.ts");
    expect(workspaces[0]?.disposed).toBe(false);
    await client.close("file:///x/b.ts");
    await expect.poll(() => workspaces[0]?.disposed).toBe(true);
  });

  it("come and go with the open documents in them", async () => {
    const { client, workspaces } = serveInProcess();
    await client.initialize(pushClient, ["file:///w/one"]);
    await client.open("file:///w/two/b.ts", "BAD");
    await expect.poll(() => client.published).toHaveLength(1);
    await client.changeFolders(["file:///w/two"], ["file:///w/one"]);
    await expect.poll(() => client.published).toHaveLength(2);
    expect(workspaces.map(({ options, disposed }) => [options.cwd, disposed])).toEqual([
      ["/w/two", true],
      ["/w/two", false],
    ]);
    expect([...workspaces[1]!.texts]).toEqual([["/w/two/b.ts", "BAD"]]);
  });
});

describe("changes on disk", () => {
  it("reach the workspace and its open documents; the editor's own text stays", async () => {
    const { client, workspaces } = serveInProcess();
    await client.initialize(pullClient, ["file:///w"]);
    await client.open("file:///w/a.ts", "BAD");
    await client.diagnostics("file:///w/a.ts");
    await client.fileEvents([
      { uri: "file:///w/a.ts", type: FileChangeType.Changed },
      { uri: "file:///w/node_modules/p/index.ts", type: FileChangeType.Changed },
    ]);
    await client.fileEvents([
      { uri: "file:///w/tsconfig.json", type: FileChangeType.Changed },
      { uri: "file:///w/new.ts", type: FileChangeType.Created },
    ]);
    await expect.poll(() => client.refreshes).toBe(1);
    expect(workspaces[0]?.changedOnDisk).toEqual(["/w/tsconfig.json", "/w/new.ts"]);
    await client.diagnostics("file:///w/a.ts");
    expect(workspaces[0]?.checked).toHaveLength(2);
  });

  it("that install packages start the workspace over, with the open texts", async () => {
    const { client, workspaces } = serveInProcess();
    await client.initialize(pullClient, ["file:///w"]);
    await client.open("file:///w/a.ts", "BAD BAD");
    await client.diagnostics("file:///w/a.ts");
    await client.fileEvents([
      { uri: "file:///w/node_modules/.package-lock.json", type: FileChangeType.Created },
    ]);
    await expect.poll(() => client.refreshes).toBe(1);
    expect(workspaces[0]?.disposed).toBe(true);
    expect(await client.diagnostics("file:///w/a.ts")).toHaveLength(2);
    expect(workspaces).toHaveLength(2);
  });

  it("are watched by the client where it lets itself be asked", async () => {
    const { client } = serveInProcess();
    await client.initialize(pullClient, ["file:///w"]);
    const methods = () => client.registrations.map(({ method }) => method);
    await expect.poll(methods).toContain("workspace/didChangeWatchedFiles");
    await expect.poll(methods).toContain("workspace/didChangeConfiguration");
  });
});

describe("settings", () => {
  it("silence the server and give it its voice back", async () => {
    const { client } = serveInProcess();
    await client.initialize(pullClient, ["file:///w"]);
    const a = "file:///w/a.ts";
    const start = { line: 0, character: 0 };
    await client.configure({ enable: false });
    await client.open(a, "BAD");
    expect(await client.diagnostics(a)).toEqual([]);
    expect(await client.codeActions(a, { start, end: start })).toEqual([]);
    expect(await client.hover(a, start)).toBeNull();
    await client.configure({ enable: true });
    await expect.poll(() => client.refreshes).toBe(1);
    expect(await client.diagnostics(a)).toHaveLength(1);
  });

  it("come pushed, or with initialize, from a client that cannot be asked", async () => {
    const { client } = serveInProcess();
    await client.initialize({}, ["file:///w"], { enable: false });
    await client.open("file:///w/a.ts", "BAD");
    await expect.poll(() => client.published.at(-1)?.diagnostics).toEqual([]);
    await client.configure({ enable: true });
    await expect.poll(() => client.published.at(-1)?.diagnostics).toHaveLength(1);
  });
});

describe("hover", () => {
  it("shows what the analyzer says, and its failure stays one request's failure", async () => {
    const { client, workspaces } = serveInProcess();
    await client.initialize(pullClient, ["file:///w"]);
    await client.open("file:///w/a.ts", "mu");
    expect(await client.hover("file:///w/a.ts", { line: 0, character: 1 })).toEqual({
      contents: { kind: "markdown", value: "**mu**" },
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 2 } },
    });
    await expect(client.hover("file:///w/a.ts", { line: 7, character: 0 })).rejects.toMatchObject({
      code: -32603,
      message: "textDocument/hover failed: no line 7",
    });
    expect(client.logged).toEqual([expect.stringContaining("textDocument/hover: Error: no line 7")]);
    expect(await client.hover("untitled:x", { line: 0, character: 0 })).toBeNull();
    await client.shutdown();
    expect(workspaces[0]?.disposed).toBe(true);
  });
});
