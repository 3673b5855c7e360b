import { describe, expect, it } from "vitest";
import type { ClientCapabilities } from "vscode-languageserver-protocol";
import { bareClient, pullClient } from "../testing/client-capabilities.js";
import { serveInProcess } from "../testing/in-process.js";

const a = "file:///w/a%20b.ts";
const at = (line: number, character: number) => {
  const position = { line, character };
  return { start: position, end: position };
};
const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

async function editing(text: string, capabilities: ClientCapabilities = pullClient) {
  const { client } = serveInProcess();
  const result = await client.initialize(capabilities, ["file:///w"]);
  await client.open(a, text);
  return { client, result };
}

describe("code actions", () => {
  it("offer each fix of the finding under the cursor, the first safe one preferred", async () => {
    const { client } = await editing("BAD\n  BAD2");
    const actions = await client.codeActions(a, at(1, 4));
    expect(actions.map(({ title, kind, isPreferred }) => [title, kind, isPreferred])).toEqual([
      ["Delete it", "quickfix", undefined],
      ["Make it good", "quickfix", true],
      ["Suppress no-bad on this line", "quickfix", undefined],
      ["Show documentation of no-bad", "quickfix", undefined],
      ["Fix all safely fixable Lockscope problems", "source.fixAll.lockscope", undefined],
    ]);
    expect(actions[1]?.diagnostics).toMatchObject([{ message: "BAD2 is bad" }]);
    await client.apply(actions[1]!.edit!);
    expect(client.text(a)).toBe("BAD\n  GOOD");
    expect(await client.diagnostics(a)).toHaveLength(1);
  });

  it("edit the version they were made for, under the client's own URI", async () => {
    const { client } = await editing("BAD");
    await client.replace(a, "BAD", "BAD!");
    const [action] = await client.codeActions(a, at(0, 0));
    expect(action?.edit?.documentChanges).toMatchObject([{ textDocument: { uri: a, version: 2 } }]);
  });

  it("use plain changes where the client knows no versions", async () => {
    const unversioned = { ...pullClient, workspace: { ...pullClient.workspace, workspaceEdit: {} } };
    const { client } = await editing("BAD", unversioned);
    const [action] = await client.codeActions(a, at(0, 0));
    expect(Object.keys(action?.edit?.changes ?? {})).toEqual([a]);
  });

  it("put the suppression above the line, indented like it and with the file's line ends", async () => {
    const { client } = await editing("x\r\n\t BAD BAD\r\n");
    const actions = await client.codeActions(a, whole, ["quickfix"]);
    const suppressions = actions.filter(({ title }) => title.startsWith("Suppress"));
    expect(suppressions).toHaveLength(1);
    await client.apply(suppressions[0]!.edit!);
    expect(client.text(a)).toBe("x\r\n\t // lockscope-disable-next-line no-bad -- \r\n\t BAD BAD\r\n");
  });

  it("do not suppress the report of a useless suppression", async () => {
    const { client } = await editing("BAD9");
    const titles = (await client.codeActions(a, at(0, 0))).map(({ title }) => title);
    expect(titles).toContain("Make it good");
    expect(titles.filter((title) => title.startsWith("Suppress"))).toEqual([]);
  });

  it("fix everything safe at once when asked for source.fixAll", async () => {
    const { client } = await editing("BAD x BAD2\nBAD");
    for (const only of [["source.fixAll"], ["source"], ["source.fixAll.lockscope"]]) {
      const actions = await client.codeActions(a, whole, only);
      expect(actions.map(({ kind }) => kind)).toEqual(["source.fixAll.lockscope"]);
    }
    const [action] = await client.codeActions(a, at(5, 0), ["source.fixAll"]);
    await client.apply(action!.edit!);
    expect(client.text(a)).toBe("GOOD x GOOD\nGOOD");
    expect(await client.codeActions(a, whole, ["source.fixAll"])).toEqual([]);
  });

  it("offer nothing where nothing is found, or of kinds not asked for", async () => {
    const { client } = await editing("BAD\nfine");
    expect(await client.codeActions(a, at(1, 2))).toEqual([]);
    expect(await client.codeActions(a, at(0, 0), ["refactor"])).toEqual([]);
    expect(await client.codeActions(a, at(0, 0), ["source.fixAll.eslint"])).toEqual([]);
  });

  it("open the rule's page through the client, if it can", async () => {
    const { client, result } = await editing("BAD");
    const action = (await client.codeActions(a, at(0, 0))).find(({ command }) => command);
    expect(result.capabilities.executeCommandProvider?.commands).toEqual([action?.command?.command]);
    await client.execute(action!.command!.command, action!.command!.arguments ?? []);
    expect(client.opened).toEqual(["https://example.com/no-bad"]);
    await expect(client.execute("rm", ["-rf"])).rejects.toMatchObject({ code: -32603 });
    const bare = await editing("BAD", bareClient);
    expect(await bare.client.codeActions(a, at(0, 0))).toEqual([]);
    expect(bare.result.capabilities.executeCommandProvider).toBeUndefined();
  });
});
