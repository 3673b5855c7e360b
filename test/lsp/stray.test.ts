import { pathToFileURL } from "node:url";
import { pullClient } from "@lockscope/server/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledCli } from "../support/installed-cli.js";
import { allThree, threeMistakes } from "./programs.js";
import { LspSession, summary, uriIn } from "./session.js";

let cli: InstalledCli;
beforeAll(async () => {
  cli = await InstalledCli.install();
});
afterAll(() => cli[Symbol.asyncDispose]());

/** Preloaded into the server: does what a careless dependency does, once a file asks for it. */
const careless = `import { existsSync, rmSync } from "node:fs";
const asked = new URL("asked", import.meta.url);
setInterval(() => {
  if (!existsSync(asked)) return;
  rmSync(asked);
  console.log("a stray line");
  console.table([{ stray: "table" }]);
  void Promise.reject(new Error("a dropped promise"));
  setTimeout(() => {
    throw new Error("a timer's error");
  });
}, 10).unref();
`;

describe("what a dependency does wrong", () => {
  it("ends in the log: neither in the protocol nor in the server's death", async () => {
    const preload = await cli.write({ "careless.mjs": careless, "w/a.ts": threeMistakes });
    const env = { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` };
    const session = LspSession.start(cli, { env });
    const { client } = session;
    await client.initialize(pullClient, [uriIn(cli, "w")]);
    const a = uriIn(cli, "w/a.ts");
    await client.open(a, threeMistakes);
    await cli.write({ asked: "" });
    for (const said of ["a stray line", "stray", "Error: a dropped promise", "Error: a timer's error"]) {
      await expect.poll(() => session.stderr).toContain(said);
    }
    expect(summary(await client.diagnostics(a))).toEqual(allThree);
    expect(client.shown).toEqual([]);
  });
});
