import { describe, expect, it } from "vitest";
import { bareClient, pushClient } from "../testing/client-capabilities.js";
import { serveInProcess } from "../testing/in-process.js";

const a = "file:///w/a.ts";
const b = "file:///w/b.ts";

async function pushing() {
  const { client, workspaces } = serveInProcess();
  const { capabilities } = await client.initialize(pushClient, ["file:///w"]);
  return { client, workspaces, capabilities };
}

describe("pushed diagnostics", () => {
  it("come unasked to a client that cannot pull, with the version they hold for", async () => {
    const { client, capabilities } = await pushing();
    expect(capabilities.diagnosticProvider).toBeUndefined();
    await client.open(a, "BAD");
    await expect.poll(() => client.publishedFor(a)).toHaveLength(1);
    expect(client.published[0]).toMatchObject({ uri: a, version: 1, diagnostics: [{ code: "no-bad" }] });
  });

  it("are sent once for a burst of edits, for its last version", async () => {
    const { client } = await pushing();
    await client.open(a, "x");
    await expect.poll(() => client.publishedFor(a)).toHaveLength(1);
    for (const text of ["B", "BA", "BAD"]) await client.replace(a, client.text(a), text);
    await expect.poll(() => client.publishedFor(a)).toHaveLength(2);
    expect(client.published[1]).toMatchObject({ version: 4, diagnostics: [{ message: "BAD is bad" }] });
  });

  it("are never sent for a text that is gone", async () => {
    const { client, workspaces } = await pushing();
    await client.open(a, "x");
    await expect.poll(() => client.published).toHaveLength(1);
    let release = () => {};
    workspaces[0]!.gate = new Promise((resolve) => {
      release = resolve;
    });
    await client.replace(a, "x", "BAD");
    await expect.poll(() => workspaces[0]!.checked.length).toBe(2);
    await client.replace(a, "BAD", "good");
    await expect.poll(() => workspaces[0]!.texts.get("/w/a.ts")).toBe("good");
    release();
    await expect.poll(() => client.published).toHaveLength(2);
    expect(client.published[1]).toMatchObject({ version: 3, diagnostics: [] });
    expect(workspaces[0]!.aborted).toBe(1);
  });

  it("reach the other open documents that an edit affects", async () => {
    const { client } = await pushing();
    await client.open(a, "x");
    await client.open(b, "imports a BAD");
    await expect.poll(() => client.publishedFor(b).length).toBeGreaterThan(0);
    const before = client.publishedFor(b).length;
    await client.replace(a, "x", "y");
    await expect.poll(() => client.publishedFor(b).length).toBe(before + 1);
  });

  it("go when the document is closed", async () => {
    const { client } = await pushing();
    await client.open(a, "BAD");
    await expect.poll(() => client.publishedFor(a).at(-1)?.diagnostics).toHaveLength(1);
    await client.close(a);
    await expect.poll(() => client.publishedFor(a).at(-1)?.diagnostics).toEqual([]);
  });

  it("survive a failing check", async () => {
    const { client, workspaces } = await pushing();
    await client.open(a, "x");
    await expect.poll(() => client.published).toHaveLength(1);
    workspaces[0]!.failWith = new Error("kaput");
    await client.replace(a, "x", "BAD");
    await expect
      .poll(() => client.logged)
      .toEqual([expect.stringContaining("checking /w/a.ts: Error: kaput")]);
    workspaces[0]!.failWith = undefined;
    await client.replace(a, "BAD", "BAD BAD");
    await expect.poll(() => client.publishedFor(a).at(-1)?.diagnostics).toHaveLength(2);
  });

  it("stay plain for a client that says nothing of itself", async () => {
    const { client } = serveInProcess();
    await client.initialize(bareClient);
    await client.open(a, "BAD9");
    await expect.poll(() => client.published).toHaveLength(1);
    const [diagnostic] = client.published[0]!.diagnostics;
    expect(diagnostic).not.toHaveProperty("relatedInformation");
    expect(diagnostic).not.toHaveProperty("tags");
  });
});
