import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EndReason, readTrace, TraceStore } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import manifest from "../../primitives/package.json" with { type: "json" };
import { type Ended, endOf, InstalledCli } from "../support/installed-cli.js";
import { nodeExecutable } from "../support/node-versions.js";
import { installPrograms } from "./installed-programs.js";
import type { Report } from "./programs/case.js";

/** The oldest that the manifest allows, and of each later line the newest that was there. */
const versions = ["20.16.0", "22.23.3", "24.21.0"];

let cli: InstalledCli;
let programs: { esm: string; cjs: string };
beforeAll(async () => {
  cli = await InstalledCli.install();
  programs = await installPrograms(cli.folder);
});
afterAll(() => cli[Symbol.asyncDispose]());

/** In a CI, npm is to be reached; elsewhere the test is skipped where it is not, and says so. */
async function nodeOrSkip({ skip }: TestContext, version: string): Promise<string> {
  try {
    return await nodeExecutable(version);
  } catch (error) {
    const offline = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT)\b/.exec(String(error));
    if (offline === null || process.env.CI) throw error;
    return skip(`skipped: Node ${version} is not here yet, and npm cannot be reached (${offline[0]})`);
  }
}

function start(node: string, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, NODE_OPTIONS: "" };
  return endOf(spawn(node, args, { cwd: cli.folder, env, stdio: ["ignore", "pipe", "pipe"] }));
}

/** What the program has seen, if it came to an end in good order, on that Node. */
function reportOf({ code, stdout, stderr }: Ended, version: string): Report {
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { node, ...report }: Report & { node: string } = JSON.parse(stdout);
  expect(node).toBe(version);
  return report;
}

it("the oldest of them is the oldest that the manifest allows", () => {
  expect(`>=${versions[0]}`).toBe(`${manifest.engines.node}.0`);
});

describe.each(versions)("Node %s", { timeout: 120_000 }, (version) => {
  it.for(["esm", "cjs"] as const)(
    "every module, within a thread and between threads: %s",
    async (format, context) => {
      const node = await nodeOrSkip(context, version);
      const { seen, expected } = reportOf(await start(node, join(programs[format], "node.js")), version);
      expect(seen).toEqual(expected);
    },
  );

  it("sees the same when it is traced", async (context) => {
    const node = await nodeOrSkip(context, version);
    const trace = join(cli.folder, `${version}.locktrace`);
    const program = join(programs.esm, "node.js");
    const ended = await start(node, cli.script, "run", "--trace", trace, program);
    const { seen, expected } = reportOf(ended, version);
    expect(seen).toEqual(expected);
    const { batches } = readTrace(await readFile(trace));
    const store = new TraceStore();
    for (const batch of batches) store.append(batch);
    expect(store.end?.reason).toBe(EndReason.exit);
    expect(store.live.locks.map(({ name }) => name)).toContain("account");
  });
});
