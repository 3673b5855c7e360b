import { bareClient, pullClient, pushClient } from "@lockscope/server/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CodeAction,
  type Diagnostic,
  DiagnosticTag,
  type Hover,
} from "vscode-languageserver-protocol/node";
import { InstalledCli } from "../support/installed-cli.js";
import { allThree, threeMistakes } from "./programs.js";
import { LspSession, shown, summary, uriIn } from "./session.js";

let cli: InstalledCli;
beforeAll(async () => {
  cli = await InstalledCli.install();
  await cli.write({ "w/a.ts": threeMistakes });
});
afterAll(() => cli[Symbol.asyncDispose]());

async function opened(text = threeMistakes, capabilities = pullClient) {
  const { client } = await LspSession.open(cli, capabilities, "w");
  const a = uriIn(cli, "w/a.ts");
  await client.open(a, text);
  return { client, a };
}

const titles = (actions: readonly CodeAction[]) => actions.map(({ title }) => title);

function titled(actions: readonly CodeAction[], title: string): CodeAction {
  const found = actions.find((action) => action.title === title);
  if (found === undefined) throw new Error(`no "${title}" among ${titles(actions).join(", ")}`);
  return found;
}

async function at(client: LspSession["client"], uri: string, code: string): Promise<Diagnostic> {
  const found = (await client.diagnostics(uri)).find((diagnostic) => diagnostic.code === code);
  if (found === undefined) throw new Error(`no ${code}`);
  return found;
}

describe("a quick fix", () => {
  it.each([
    ["missing-unlock", "Wrap in try/finally", "} finally {\n    mu.unlock();"],
    ["missing-unlock", "Hold it by `using`", "using "],
    ["unlock-not-in-finally", "Wrap in try/finally", "} finally {\n    mu.unlock();"],
    ["missing-await", "Add await", "  await mu.lock();\n  total++;"],
  ])("of %s, %s: applied, the finding goes", async (code, title, written) => {
    const { client, a } = await opened();
    const { range } = await at(client, a, code);
    const action = titled(await client.codeActions(a, range), title);
    expect(action).toMatchObject({ kind: "quickfix", diagnostics: [{ code, range }] });
    expect(client.text(a)).not.toContain(written);
    await client.apply(action.edit!);
    expect(client.text(a)).toContain(written);
    const left = await client.diagnostics(a);
    expect(left.map((diagnostic) => diagnostic.code)).not.toContain(code);
  });

  it("can be undone, and the finding is back", async () => {
    const { client, a } = await opened();
    const action = titled(
      await client.codeActions(a, (await at(client, a, "missing-await")).range),
      "Add await",
    );
    await client.apply(action.edit!);
    expect(await client.diagnostics(a)).not.toHaveLength(3);
    await client.replace(a, "  await mu.lock();\n  total++;", "  mu.lock();\n  total++;");
    expect(summary(await client.diagnostics(a))).toEqual(allThree);
  });

  it("names the version it was made for, and is refused by a client that typed on", async () => {
    const { client, a } = await opened();
    const action = titled(
      await client.codeActions(a, (await at(client, a, "missing-await")).range),
      "Add await",
    );
    await client.replace(a, "let total = 0;", "let total = 1;");
    await expect(client.apply(action.edit!)).rejects.toThrow("edit for 1, document at 2");
  });

  it("is offered where the finding is and nowhere else; a rule's page opens in the client's browser", async () => {
    const { client, a } = await opened();
    const elsewhere = { start: { line: 2, character: 0 }, end: { line: 2, character: 5 } };
    expect(await client.codeActions(a, elsewhere)).toEqual([]);
    const actions = await client.codeActions(a, (await at(client, a, "missing-await")).range);
    const { command } = titled(actions, "Show documentation of missing-await");
    await client.execute(command!.command, command!.arguments!);
    expect(client.opened).toEqual([expect.stringMatching(/missing-await\.md$/)]);
  });

  it("is plain `changes` for a client without document versions, and absent for one without literals", async () => {
    const { client, a } = await opened(threeMistakes, { textDocument: pushClient.textDocument! });
    await expect.poll(() => shown(client, a), { timeout: 20_000 }).toEqual(allThree);
    const { range } = client.publishedFor(a).at(-1)!.diagnostics[1]!;
    const { edit } = titled(await client.codeActions(a, range), "Add await");
    expect(Object.keys(edit!)).toEqual(["changes"]);
    await client.apply(edit!);
    expect(client.text(a)).toContain("await mu.lock();\n  total++;");
    const bare = await opened(threeMistakes, bareClient);
    expect(await bare.client.codeActions(bare.a, range)).toEqual([]);
  });
});

describe("fix all", () => {
  it("mends what is safe to mend, asked for by its kind or the kind above", async () => {
    const { client, a } = await opened();
    const whole = {
      start: { line: 0, character: 0 },
      end: client.document(a).positionAt(threeMistakes.length),
    };
    for (const only of ["source.fixAll", "source.fixAll.lockscope"]) {
      const [action, ...more] = await client.codeActions(a, whole, [only]);
      expect([action?.kind, more]).toEqual(["source.fixAll.lockscope", []]);
    }
    // A fix may bring another finding to light, which the next round mends.
    for (let rounds = 0; rounds < 3; rounds++) {
      const [action] = await client.codeActions(a, whole, ["source.fixAll"]);
      if (action === undefined) break;
      await client.apply(action.edit!);
    }
    expect(await client.codeActions(a, whole, ["source.fixAll"])).toEqual([]);
    expect(summary(await client.diagnostics(a))).toEqual([]);
    expect(client.text(a)).toContain("export async function risk(");
  });

  it("is not what somebody asks for who asks for something else", async () => {
    const { client, a } = await opened();
    const { range } = await at(client, a, "missing-await");
    expect(await client.codeActions(a, range, ["source.organizeImports"])).toEqual([]);
    const kinds = (await client.codeActions(a, range, ["quickfix"])).map(({ kind }) => kind);
    expect([...new Set(kinds)]).toEqual(["quickfix"]);
  });
});

describe("a suppression", () => {
  it("is written above the line, indented like it, and the finding goes", async () => {
    const { client, a } = await opened();
    const { range } = await at(client, a, "missing-unlock");
    await client.apply(
      titled(await client.codeActions(a, range), "Suppress missing-unlock on this line").edit!,
    );
    expect(client.text(a)).toContain(
      "  // lockscope-disable-next-line missing-unlock -- \n  await mu.lock();\n  if (n === 0) return;",
    );
    expect(summary(await client.diagnostics(a))).toEqual(["missing-await 15", "unlock-not-in-finally 21"]);
  });

  it("that suppresses nothing is shown as unnecessary", async () => {
    const { client, a } = await opened(
      threeMistakes.replace("let total", "// lockscope-disable-next-line deadlock -- never\nlet total"),
    );
    expect(await at(client, a, "unused-suppression")).toMatchObject({
      severity: 2,
      tags: [DiagnosticTag.Unnecessary],
      range: { start: { line: 3, character: 0 } },
    });
  });
});

describe("a hover", () => {
  const text = ({ contents }: Hover) => (contents as { value: string }).value;

  it("says what the operation does and what the lock is; elsewhere nothing", async () => {
    const { client, a } = await opened();
    const call = await client.hover(a, { line: 6, character: 12 });
    expect(text(call!)).toMatch(/^\*\*Mutex\*\* `mu` - waits for the lock/);
    expect(call!.range).toEqual({ start: { line: 6, character: 11 }, end: { line: 6, character: 15 } });
    expect(text((await client.hover(a, { line: 2, character: 6 }))!)).toContain("**Mutex** `mu`");
    expect(await client.hover(a, { line: 3, character: 5 })).toBeNull();
    expect(await client.hover(a, { line: 9_999, character: 5 })).toBeNull();
  });

  it("speaks of the text in the editor, not of the file on disk", async () => {
    const { client, a } = await opened();
    await client.edit(a, [
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText: "\n" },
    ]);
    expect(await client.hover(a, { line: 6, character: 12 })).toBeNull();
    expect(await client.hover(a, { line: 7, character: 12 })).not.toBeNull();
  });
});
