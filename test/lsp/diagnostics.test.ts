import { readFileSync } from "node:fs";
import { pullClient, pushClient } from "@lockscope/server/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CancellationTokenSource,
  type Diagnostic,
  DiagnosticSeverity,
  DocumentDiagnosticRequest,
  FileChangeType,
} from "vscode-languageserver-protocol/node";
import { InstalledCli } from "../support/installed-cli.js";
import { allThree, callee, caller, threeMistakes } from "./programs.js";
import { LspSession, shown, summary, uriIn } from "./session.js";

const patience = { timeout: 20_000 };

let cli: InstalledCli;
beforeAll(async () => {
  cli = await InstalledCli.install();
});
afterAll(() => cli[Symbol.asyncDispose]());

/** A workspace folder with these files on disk and one client looking at it. */
async function workspace(folder: string, files: Record<string, string>, client = pullClient) {
  await cli.write(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text])),
  );
  const opened = await LspSession.open(cli, client, folder);
  return { ...opened, uri: (name: string) => uriIn(cli, `${folder}/${name}`) };
}

function expectWhole(diagnostics: readonly Diagnostic[], uri: string): void {
  expect(summary(diagnostics)).toEqual(allThree);
  const [leak, forget, risk] = diagnostics;
  expect(leak).toEqual({
    range: { start: { line: 6, character: 8 }, end: { line: 6, character: 17 } },
    severity: DiagnosticSeverity.Error,
    code: "missing-unlock",
    codeDescription: { href: expect.stringMatching(/^https:\/\/.*missing-unlock\.md$/) },
    source: "lockscope",
    message: "Mutex `mu` stays locked on the path to the return at line 8: other paths release it",
    relatedInformation: expect.arrayContaining([
      {
        location: { uri, range: { start: { line: 7, character: 15 }, end: { line: 7, character: 22 } } },
        message: "`mu` is still locked when the path leaves here",
      },
    ]),
  });
  expect([forget!.severity, risk!.severity]).toEqual([DiagnosticSeverity.Error, DiagnosticSeverity.Warning]);
}

describe("a client that pulls", () => {
  it("is told how, and gets everything that a finding says", async () => {
    const { client, result, uri } = await workspace("pull", { "a.ts": threeMistakes });
    expect(result.serverInfo?.name).toBe("Lockscope");
    expect(result.capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: true });
    await client.open(uri("a.ts"), threeMistakes);
    expectWhole(await client.diagnostics(uri("a.ts")), uri("a.ts"));
    expect(client.published).toEqual([]);
  });

  it("keeps the other findings while a line is being typed", async () => {
    const { client, uri } = await workspace("typing", { "a.ts": threeMistakes });
    const a = uri("a.ts");
    await client.open(a, threeMistakes);
    let before = "";
    for (const typed of [
      "i",
      "if",
      "if (",
      "if (total",
      "if (total > ",
      "if (total > 1) {",
      "if (total > 1) { }",
    ]) {
      await client.replace(a, `  total++;${before}\n`, `  total++;${typed}\n`);
      before = typed;
      // What stands before the line keeps its findings; so does what stands after it, unless a block is open.
      const kept = typed.endsWith("{") ? [allThree[0]] : [allThree[0], allThree[2]];
      expect(summary(await client.diagnostics(a)), typed).toEqual(expect.arrayContaining(kept));
    }
    expect(summary(await client.diagnostics(a))).toEqual(allThree);
  });

  it("is asked to ask again when a change reaches a file that it did not edit", async () => {
    const { client, uri } = await workspace("refresh", { "callee.ts": callee, "caller.ts": caller });
    await client.open(uri("callee.ts"), callee);
    await client.open(uri("caller.ts"), caller);
    const quiet = await client.pull(uri("caller.ts"));
    expect(quiet).toMatchObject({ items: [] });
    await client.diagnostics(uri("callee.ts"));
    const before = client.refreshes;
    await client.replace(uri("callee.ts"), "mu.unlock();", "");
    await expect.poll(() => client.refreshes, patience).toBeGreaterThan(before);
    expect(summary(await client.diagnostics(uri("caller.ts")))).toEqual(["missing-unlock 6"]);
    const again = client.refreshes;
    await client.replace(uri("callee.ts"), "void {\n", "void {\n  mu.unlock();");
    await expect.poll(() => client.refreshes, patience).toBeGreaterThan(again);
    expect(await client.pull(uri("caller.ts"), quiet.resultId)).toMatchObject({ kind: "unchanged" });
  });

  it("is asked to ask again when a file changes on disk", async () => {
    const { client, uri } = await workspace("disk", { "callee.ts": callee, "caller.ts": caller });
    await expect
      .poll(() => client.registrations.map(({ method }) => method), patience)
      .toContain("workspace/didChangeWatchedFiles");
    await client.open(uri("caller.ts"), caller);
    expect(await client.diagnostics(uri("caller.ts"))).toEqual([]);
    await cli.write({ "disk/callee.ts": callee.replace("mu.unlock();", "") });
    await client.fileEvents([{ uri: uri("callee.ts"), type: FileChangeType.Changed }]);
    await expect.poll(() => client.refreshes, patience).toBe(1);
    expect(summary(await client.diagnostics(uri("caller.ts")))).toEqual(["missing-unlock 6"]);
  });

  it("may change its mind: a cancelled question is answered as cancelled, the next one with findings", async () => {
    const { client, session, uri } = await workspace("cancelled", { "a.ts": threeMistakes });
    await client.open(uri("a.ts"), threeMistakes);
    const cancel = new CancellationTokenSource();
    const answer = client.connection.sendRequest(
      DocumentDiagnosticRequest.type,
      { textDocument: { uri: uri("a.ts") } },
      cancel.token,
    );
    cancel.cancel();
    await expect(answer).rejects.toMatchObject({ code: -32800 });
    expect(summary(await client.diagnostics(uri("a.ts")))).toEqual(allThree);
    expect([client.logged, session.stderr]).toEqual([[], ""]);
  });

  it("never gets the findings of a text older than the one it asked about", async () => {
    const { client, uri } = await workspace("stale", { "a.ts": threeMistakes });
    const a = uri("a.ts");
    await client.open(a, threeMistakes);
    await client.diagnostics(a); // The server is awake: edits and checks meet.
    const answers: Promise<[number, Diagnostic[]]>[] = [];
    for (let lines = 1; lines <= 30; lines++) {
      await client.edit(a, [{ range: top, newText: "\n" }]);
      answers.push(client.diagnostics(a).then((items) => [lines, items]));
    }
    for (const [lines, items] of await Promise.all(answers)) {
      expect(items[0]!.range.start.line).toBeGreaterThanOrEqual(6 + lines);
    }
    expect((await answers.at(-1)!)[1][0]!.range.start.line).toBe(36);
  });
});

const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

describe("a client that is pushed to (Neovim 0.7)", () => {
  it("is offered no pulling, and gets everything that a finding says, for the version it has", async () => {
    const { client, result, uri } = await workspace("push", { "a.ts": threeMistakes }, pushClient);
    expect(result.capabilities.diagnosticProvider).toBeUndefined();
    await client.open(uri("a.ts"), threeMistakes);
    await expect.poll(() => client.published.length, patience).toBe(1);
    expect(client.published[0]).toMatchObject({ uri: uri("a.ts"), version: 1 });
    expectWhole(client.published[0]!.diagnostics, uri("a.ts"));
  });

  it("sees findings go as they are mended, and all of a closed file", async () => {
    const { client, uri } = await workspace("mended", { "a.ts": threeMistakes }, pushClient);
    await client.open(uri("a.ts"), threeMistakes);
    await expect.poll(() => shown(client, uri("a.ts")), patience).toEqual(allThree);
    await client.replace(uri("a.ts"), "  mu.lock();", "  await mu.lock();");
    await expect.poll(() => shown(client, uri("a.ts")), patience).not.toContain(allThree[1]);
    await client.close(uri("a.ts"));
    await expect.poll(() => shown(client, uri("a.ts")), patience).toEqual([]);
  });

  it("gets new findings for a file that it did not edit", async () => {
    const { client, uri } = await workspace(
      "reach",
      { "callee.ts": callee, "caller.ts": caller },
      pushClient,
    );
    await client.open(uri("callee.ts"), callee);
    await client.open(uri("caller.ts"), caller);
    await expect.poll(() => shown(client, uri("caller.ts")), patience).toEqual([]);
    await client.replace(uri("callee.ts"), "mu.unlock();", "");
    await expect.poll(() => shown(client, uri("caller.ts")), patience).toEqual(["missing-unlock 6"]);
  });

  it("is never published the findings of another text than that of the version named", async () => {
    const { client, uri } = await workspace("versions", { "a.ts": threeMistakes }, pushClient);
    const a = uri("a.ts");
    await client.open(a, threeMistakes);
    for (let burst = 0; burst < 4; burst++) {
      for (let edits = 0; edits < 8; edits++) await client.edit(a, [{ range: top, newText: "\n" }]);
      const { version } = client.document(a);
      await expect.poll(() => client.publishedFor(a).at(-1)?.version, patience).toBe(version);
    }
    for (const { version, diagnostics } of client.publishedFor(a)) {
      expect(diagnostics[0]!.range.start.line, `version ${version}`).toBe(6 + version! - 1);
    }
  });
});

describe("what does not fit", () => {
  it("a file outside of every folder is looked at where it lies", async () => {
    await cli.write({
      "elsewhere/callee.ts": callee.replace("mu.unlock();", ""),
      "elsewhere/caller.ts": caller,
    });
    const { client } = await workspace("inside", { "a.ts": "" });
    const stray = uriIn(cli, "elsewhere/caller.ts");
    await client.open(stray, caller);
    expect(summary(await client.diagnostics(stray))).toEqual(["missing-unlock 6"]);
  });

  it("a session without any folder works too", async () => {
    await cli.write({ "single/a.ts": threeMistakes });
    const { client } = await LspSession.open(cli, pushClient);
    await client.open(uriIn(cli, "single/a.ts"), threeMistakes);
    await expect.poll(() => shown(client, uriIn(cli, "single/a.ts")), patience).toEqual(allThree);
  });

  it.each([pullClient, pushClient])(
    "documents that are no files have no findings and do no harm",
    async (kind) => {
      const { client, session, uri } = await workspace("unnamed", { "a.ts": threeMistakes }, kind);
      for (const odd of [
        "untitled:Untitled-1",
        "git:/a.ts?HEAD",
        "vscode-notebook-cell:/a.ts#x",
        "zip:///a.ts",
      ]) {
        await client.open(odd, threeMistakes);
        await client.replace(odd, "total++", "total--");
        if (kind === pullClient) expect(await client.diagnostics(odd)).toEqual([]);
        expect(await client.codeActions(odd, top)).toEqual([]);
        expect(await client.hover(odd, top.start)).toBeNull();
      }
      await client.open(uri("a.ts"), threeMistakes);
      if (kind === pullClient) expect(summary(await client.diagnostics(uri("a.ts")))).toEqual(allThree);
      else await expect.poll(() => shown(client, uri("a.ts")), patience).toEqual(allThree);
      expect(new Set(client.published.map((params) => params.uri))).toEqual(
        new Set(kind === pushClient ? [uri("a.ts")] : []),
      );
      expect([client.logged, session.stderr]).toEqual([[], ""]);
    },
  );

  it("a broken tsconfig.json: said once in the log, and the findings are there", async () => {
    const config = '{ "compilerOptions": { "target": ';
    const { client, uri } = await workspace("config", { "a.ts": threeMistakes, "tsconfig.json": config });
    const a = uri("a.ts");
    await client.open(a, threeMistakes);
    expect(summary(await client.diagnostics(a))).toEqual(allThree);
    await client.edit(a, [{ range: top, newText: "\n" }]);
    expect(await client.diagnostics(a)).toHaveLength(3);
    expect(client.logged).toEqual([expect.stringContaining("tsconfig.json")]);
    await cli.write({ "config/tsconfig.json": '{ "include": ["*.ts"] }' });
    await client.fileEvents([{ uri: uri("tsconfig.json"), type: FileChangeType.Changed }]);
    await expect.poll(() => client.refreshes, patience).toBe(1);
    expect(await client.diagnostics(a)).toHaveLength(3);
    expect(client.logged).toHaveLength(1);
    expect(client.shown).toEqual([]);
  });

  it("JavaScript is looked at like TypeScript, and what is neither is left alone", async () => {
    const script = readFileSync(
      await cli.write({ "js/a.mjs": threeMistakes.replace(/: [\w<>() =]+(?=[,)]| \{)/g, "") }),
    );
    const { client, uri } = await workspace("js", {});
    await client.open(uri("a.mjs"), script.toString(), "javascript");
    expect(summary(await client.diagnostics(uri("a.mjs")))).toEqual(allThree);
    await client.open(uri("notes.md"), threeMistakes, "markdown");
    expect(await client.diagnostics(uri("notes.md"))).toEqual([]);
  });
});
