import { describe, expect, it } from "vitest";
import { CancellationTokenSource, DocumentDiagnosticRequest } from "vscode-languageserver-protocol";
import { pullClient } from "../testing/client-capabilities.js";
import { serveInProcess } from "../testing/in-process.js";

const folder = "file:///w";
const a = "file:///w/a.ts";
const b = "file:///w/b.ts";

async function pulling() {
  const { client, workspaces } = serveInProcess();
  await client.initialize(pullClient, [folder]);
  return { client, workspaces };
}

/** Holds the workspace's checks back until `release`. */
function gate(): { held: Promise<void>; release: () => void } {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { held, release };
}

describe("pull diagnostics", () => {
  it("is announced with dependencies between files and without workspace reports", async () => {
    const { client } = serveInProcess();
    const { capabilities } = await client.initialize(pullClient, [folder]);
    expect(capabilities.diagnosticProvider).toEqual({
      identifier: "lockscope",
      interFileDependencies: true,
      workspaceDiagnostics: false,
    });
  });

  it("answers with everything that a finding says", async () => {
    const { client } = await pulling();
    await client.open(a, "ok\n  BAD2 BAD9");
    const [first, second] = await client.diagnostics(a);
    const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 6 } };
    expect(first).toEqual({
      range,
      severity: 2,
      code: "no-bad",
      codeDescription: { href: "https://example.com/no-bad" },
      source: "lockscope",
      message: "BAD2 is bad",
      relatedInformation: [{ location: { uri: a, range }, message: "here" }],
    });
    expect(second).toMatchObject({ code: "unused-suppression", severity: 1, tags: [1] });
  });

  it("follows incremental edits and says 'unchanged' when nothing changed", async () => {
    const { client } = await pulling();
    await client.open(a, "one\nBAD\nthree");
    const first = await client.pull(a);
    expect(first).toMatchObject({ kind: "full", items: [{ range: { start: { line: 1 } } }] });
    await client.replace(a, "three", "3");
    expect(await client.pull(a, first.resultId)).toEqual({ kind: "unchanged", resultId: first.resultId });
    await client.replace(a, "one\nBAD", "one\ntwo");
    expect(await client.pull(a, first.resultId)).toMatchObject({ kind: "full", items: [] });
  });

  it("checks once for questions about the same text", async () => {
    const { client, workspaces } = await pulling();
    await client.open(a, "BAD");
    await Promise.all([client.diagnostics(a), client.diagnostics(a)]);
    await client.diagnostics(a);
    await client.codeActions(a, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
    expect(workspaces[0]?.checked).toEqual(["/w/a.ts"]);
  });

  it("aborts the check that an edit outdates and answers for the new text", async () => {
    const { client, workspaces } = await pulling();
    await client.open(a, "BAD");
    await client.diagnostics(a);
    const [workspace] = workspaces;
    const { held, release } = gate();
    workspace!.gate = held;
    await client.replace(a, "BAD", "BAD BAD");
    const answer = client.diagnostics(a);
    await expect.poll(() => workspace!.checked.length).toBe(2);
    await client.replace(a, "BAD BAD", "fine");
    await client.replace(a, "fine", "fine BAD BAD BAD");
    await expect.poll(() => workspace!.texts.get("/w/a.ts")).toBe("fine BAD BAD BAD");
    release();
    expect(await answer).toHaveLength(3);
    expect(workspace!.aborted).toBe(1);
  });

  it("stops the check when the client no longer wants it", async () => {
    const { client, workspaces } = await pulling();
    await client.open(a, "BAD");
    await client.diagnostics(a);
    const [workspace] = workspaces;
    const { held, release } = gate();
    workspace!.gate = held;
    await client.replace(a, "BAD", "BAD BAD");
    const cancel = new CancellationTokenSource();
    const answer = client.connection
      .sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: a } }, cancel.token)
      .then(
        () => "answered",
        (error: { code: number }) => error.code,
      );
    await expect.poll(() => workspace!.checked.length).toBe(2);
    cancel.cancel();
    expect(await answer).toBe(-32800);
    release();
    await expect.poll(() => workspace!.aborted).toBe(1);
    expect(client.logged).toEqual([]);
  });

  it("asks for a refresh, once, when edits reach other open documents", async () => {
    const { client } = await pulling();
    await client.open(a, "text");
    await client.open(b, "imports a");
    await client.diagnostics(b);
    await client.replace(a, "text", "texts");
    await client.replace(a, "texts", "textes");
    await expect.poll(() => client.refreshes).toBe(1);
    await client.replace(b, "imports a", "imports a BAD");
    expect(await client.diagnostics(b)).toHaveLength(1);
    expect(client.refreshes).toBe(1);
  });

  it("answers for files that are not open, and for what is no file with nothing", async () => {
    const { client, workspaces } = await pulling();
    expect(await client.diagnostics("file:///w/closed.ts")).toEqual([]);
    expect(workspaces[0]?.checked).toEqual(["/w/closed.ts"]);
    for (const uri of ["untitled:Untitled-1", "git:/w/a.ts?HEAD", "file:///w/notes.md", "::", ""]) {
      await client.open(uri, "BAD");
      await client.replace(uri, "BAD", "BAD BAD");
      expect(await client.diagnostics(uri)).toEqual([]);
      await client.close(uri);
    }
    expect(workspaces[0]?.checked).toEqual(["/w/closed.ts"]);
  });

  it("survives a failing check: logged, not asked to retry, well again after the next edit", async () => {
    const { client, workspaces } = await pulling();
    await client.open(a, "BAD");
    await client.diagnostics(a);
    workspaces[0]!.failWith = new Error("kaput");
    await client.replace(a, "BAD", "BAD BAD");
    await expect(client.pull(a)).rejects.toMatchObject({ code: -32802, data: { retriggerRequest: false } });
    expect(client.logged).toEqual([expect.stringMatching(/textDocument\/diagnostic: Error: kaput\n +at /)]);
    workspaces[0]!.failWith = undefined;
    expect(await client.diagnostics(a)).toHaveLength(2);
    expect(client.shown).toEqual([]);
  });

  it("logs a rule's failure once, however often it fails, and delivers the rest", async () => {
    const { client, workspaces } = await pulling();
    await client.open(a, "BAD");
    await client.diagnostics(a);
    workspaces[0]!.errors = [{ rule: "flaky", file: "/w/a.ts", message: "no such node", stack: "at rule" }];
    for (const text of ["BAD x", "BAD y"]) {
      await client.replace(a, client.text(a), text);
      expect(await client.diagnostics(a)).toHaveLength(1);
    }
    expect(client.logged).toEqual(["rule flaky on /w/a.ts: at rule"]);
  });
});
