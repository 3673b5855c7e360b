import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CheckResult, openWorkspace } from "@lockscope/analyzer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledCli } from "../support/installed-cli.js";

const count = 700;
let cli: InstalledCli;
let folder: string;
let alone: CheckResult;

/** Every seventh leaves its lock held, every fifth needs no types; each calls the one before. */
function program(n: number): string {
  if (n % 5 === 4)
    return `let cache: string | undefined;
export async function load${n}(): Promise<string> {
  if (cache === undefined) cache = await (await fetch("/${n}")).text();
  return cache;
}
`;
  const before = n % 5 === 0 ? undefined : n - 1;
  return `import { Mutex } from "@lockscope/sync";
${before === undefined ? "" : `import { take${before} } from "./f${before}.js";`}
const mu = new Mutex();
export async function take${n}(few: boolean): Promise<void> {
  await mu.lock();
  ${n % 7 === 0 ? "if (few) return;" : ""}
  mu.unlock();
  ${before === undefined ? "" : `await take${before}(few);`}
}
`;
}

/** This thread does no more until another one has come as far as to write the file. */
function waitFor(file: string): void {
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  const end = performance.now() + 30_000;
  while (!existsSync(file) && performance.now() < end) Atomics.wait(nothing, 0, 0, 5);
}

async function check(entry: string | undefined, logged: string[] = []): Promise<CheckResult> {
  const workspace = openWorkspace({
    cwd: folder,
    log: (message) => logged.push(message),
    ...(entry !== undefined && { threads: { processors: 3, entry: pathToFileURL(entry) } }),
  });
  const options = entry === undefined ? {} : { onProgress: () => waitFor(`${entry}.begun`) };
  const result = await workspace.check(workspace.listFiles(["."]), options);
  workspace.dispose();
  return result;
}

/** A thread's beginning of the test's own, around that of the command. */
async function beginning(name: string, text: string): Promise<string> {
  const file = join(cli.folder, `${name}.mjs`);
  const crew = pathToFileURL(join(cli.script, "../../dist/crew.mjs"));
  const begun = `writeFileSync(${JSON.stringify(`${file}.begun`)}, "")`;
  await writeFile(file, text.replace("CREW", JSON.stringify(crew.href)).replace("BEGUN", begun));
  return file;
}

beforeAll(async () => {
  cli = await InstalledCli.install();
  folder = join(cli.folder, "many");
  await mkdir(folder);
  const files = Array.from({ length: count }, (_, n) => writeFile(join(folder, `f${n}.ts`), program(n)));
  await Promise.all([...files, writeFile(join(folder, "tsconfig.json"), '{ "include": ["*.ts"] }')]);
  alone = await check(undefined);
}, 60_000);
afterAll(() => cli[Symbol.asyncDispose]());

describe("a check on several threads", () => {
  it("finds what one finds, in the same order", async () => {
    expect(alone.findings.length).toBeGreaterThan(count / 5);
    const logged: string[] = [];
    const entry = await beginning(
      "telling",
      `import { writeFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
const post = parentPort.postMessage.bind(parentPort);
let judged = 0;
parentPort.postMessage = (message) => {
  if ("file" in message && (judged += 1) === 1) post({ log: "judged one" });
  post(message);
  BEGUN;
};
await import(CREW);`,
    );
    const together = await check(entry, logged);
    expect(together.findings).toEqual(alone.findings);
    expect([together.analyzed, together.skipped, together.errors]).toEqual([
      alone.analyzed,
      alone.skipped,
      alone.errors,
    ]);
    expect(logged).toEqual(["judged one"]);
  });

  it("loses nothing when another thread ends before its time, and says so", async () => {
    const logged: string[] = [];
    const entry = await beginning(
      "ending",
      `import { writeFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
const post = parentPort.postMessage.bind(parentPort);
let judged = 0;
parentPort.postMessage = (message) => {
  BEGUN;
  if ((judged += 1) > 10) throw new Error("out of memory, say");
  post(message);
};
await import(CREW);`,
    );
    expect((await check(entry, logged)).findings).toEqual(alone.findings);
    expect(logged).toEqual([expect.stringMatching(/a thread of the check ended: .*out of memory, say/)]);
  });

  it("finds no more and no less by the command, which remembers it", async () => {
    const run = () => cli.run(["check", "--format", "json", "--cache-location", "cache"], { cwd: "many" });
    const first = await run();
    const again = await run();
    expect([first.code, first.stderr]).toEqual([1, ""]);
    expect(JSON.parse(first.stdout)).toHaveLength(alone.findings.length);
    expect(again.stdout).toBe(first.stdout);
  });
});
