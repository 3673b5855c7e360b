import { describe, expect, it } from "vitest";
import { pullClient } from "../testing/client-capabilities.js";
import { serveInProcess } from "../testing/in-process.js";

const a = "file:///w/a.ts";

describe("completion of annotations", () => {
  it("is announced with the characters that call for it", async () => {
    const { client } = serveInProcess();
    const { capabilities } = await client.initialize(pullClient, ["file:///w"]);
    expect(capabilities.completionProvider).toEqual({ triggerCharacters: ["@", "#", "."] });
  });

  it("answers with items that replace what is written", async () => {
    const { client } = serveInProcess();
    await client.initialize(pullClient, ["file:///w"]);
    await client.open(a, "/** @go */");
    expect(await client.completions(a, { line: 0, character: 7 })).toEqual([
      {
        label: "@good",
        detail: "Lockscope",
        documentation: { kind: "markdown", value: "is good" },
        kind: 14,
        sortText: "000",
        filterText: "@good",
        textEdit: {
          range: { start: { line: 0, character: 4 }, end: { line: 0, character: 7 } },
          newText: "@good",
        },
      },
    ]);
  });

  it("has nothing to say elsewhere, or where the extension is switched off", async () => {
    const { client } = serveInProcess();
    await client.initialize(pullClient, ["file:///w"]);
    await client.open(a, "const a = 1;");
    expect(await client.completions(a, { line: 0, character: 7 })).toEqual([]);
    await client.configure({ enable: false });
    await client.replace(a, "const", "/** @go */ const");
    expect(await client.completions(a, { line: 0, character: 7 })).toEqual([]);
  });
});
