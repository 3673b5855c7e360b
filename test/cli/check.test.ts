import { once } from "node:events";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledCli } from "../support/installed-cli.js";
import { root } from "../support/paths.js";

let cli: InstalledCli;
beforeAll(async () => {
  cli = await InstalledCli.install();
});
afterAll(() => cli[Symbol.asyncDispose]());

const clean = `import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let n = 0;

export async function add(): Promise<void> {
  await mu.lock();
  try {
    n++;
  } finally {
    mu.unlock();
  }
}
`;

const leaky = `import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let balance = 100;

export async function withdraw(amount: number): Promise<boolean> {
  await mu.lock();
  if (amount > balance) return false;
  balance -= amount;
  mu.unlock();
  return true;
}
`;

const unawaited = `import { Mutex } from "@lockscope/sync";

const mu = new Mutex();

export async function touch(): Promise<void> {
\tmu.lock();
\tmu.unlock();
}
`;

/** `leaky` with so many functions like its own, a mistake in each. */
function manyTimes(count: number): string {
  const start = leaky.indexOf("export");
  const functions = Array.from({ length: count }, (_, n) =>
    leaky.slice(start).replace("withdraw", `withdraw${n}`),
  );
  return leaky.slice(0, start) + functions.join("\n");
}

interface JsonFinding {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  rule: string;
  severity: string;
  message: string;
  related: { file: string; line: number; message: string }[];
  fixes: string[];
}

async function json(cwd: string, ...args: string[]) {
  const ended = await cli.run(["check", "--format", "json", ...args], { cwd });
  return { ...ended, findings: JSON.parse(ended.stdout) as JsonFinding[] };
}

describe("the exit status of check", () => {
  it("is 0 without a finding, and says what was looked at", async () => {
    await cli.write({ "ok/a.ts": clean, "ok/plain.ts": "export const x = 1;\n" });
    expect(await cli.run(["check"], { cwd: "ok" })).toMatchObject({
      code: 0,
      stdout: "No problems found, 2 files looked at.\n",
      stderr: "",
    });
    expect(await json("ok")).toMatchObject({ code: 0, findings: [], stderr: "" });
  });

  it("is 1 with findings, be they errors or warnings", async () => {
    await cli.write({
      "found/error.ts": leaky,
      "found/warning.ts": leaky.replace("if (amount > balance) return false;", "await fetch('x');"),
    });
    const error = await json("found", "error.ts");
    expect([error.code, error.findings.map(({ rule }) => rule)]).toEqual([1, ["missing-unlock"]]);
    const warning = await json("found", "warning.ts");
    expect([warning.code, warning.findings.map(({ severity }) => severity)]).toEqual([1, ["warning"]]);
  });

  it.each([
    [["check", "nowhere"], "lockscope: no such file or folder: nowhere\n"],
    [["check", "empty"], "lockscope: no TypeScript or JavaScript file in empty\n"],
    [["check", "--fromat", "json"], /^lockscope: .*--fromat.*\nTry "lockscope check --help"\.\n$/],
    [["check", "--format", "xml"], "lockscope: unknown format xml: use pretty, json, sarif or github\n"],
    [["check", "--format"], /^lockscope: .*--format.*\nTry "lockscope check --help"\.\n$/],
  ])("is 2 for %j, with a line that says why", async (args, stderr) => {
    await cli.write({ "empty/notes.md": "# nothing\n" });
    expect(await cli.run(args)).toEqual({
      code: 2,
      signal: null,
      stdout: "",
      stderr: typeof stderr === "string" ? stderr : expect.stringMatching(stderr),
    });
  });

  it("is 2 with a broken tsconfig.json, after the findings", async () => {
    await cli.write({
      "broken/a.ts": leaky,
      "broken/tsconfig.json": `{ "compilerOptions": { "target": "ES20`,
    });
    const { code, findings, stderr } = await json("broken");
    expect([code, findings.map(({ rule }) => rule)]).toEqual([2, ["missing-unlock"]]);
    expect(stderr).toBe("lockscope: tsconfig.json: Unterminated string literal.\n");
    const pretty = await cli.run(["check"], { cwd: "broken" });
    expect([pretty.code, pretty.stderr]).toEqual([2, stderr]);
    expect(pretty.stdout).toContain("1 problem (1 error) in 1 file");
  });
});

describe("the JSON report", () => {
  it("is what the contract says: keys in order, 1-based, relative paths with forward slashes", async () => {
    await cli.write({ "one/src/deep/bank.ts": leaky });
    const { findings, stdout } = await json("one");
    expect(findings).toEqual([
      {
        file: "src/deep/bank.ts",
        line: 7,
        column: 9,
        endLine: 7,
        endColumn: 18,
        rule: "missing-unlock",
        severity: "error",
        message: "Mutex `mu` stays locked on the path to the return at line 8: other paths release it",
        related: [
          { file: "src/deep/bank.ts", line: 8, message: "when `amount > balance` is true" },
          { file: "src/deep/bank.ts", line: 8, message: "`mu` is still locked when the path leaves here" },
        ],
        fixes: ["Wrap in try/finally", "Hold it by `using`"],
      },
    ]);
    expect(Object.keys(findings[0]!).join()).toBe(
      "file,line,column,endLine,endColumn,rule,severity,message,related,fixes",
    );
    expect(Object.keys(findings[0]!.related[0]!).join()).toBe("file,line,message");
    expect(stdout.endsWith("]\n")).toBe(true);
  });

  it("counts a tab as one column and shows files above the working directory by ..", async () => {
    await cli.write({ "sub/touch.ts": unawaited, "sub/below/x.md": "" });
    const { findings } = await json("sub/below", "..");
    expect(findings).toMatchObject([{ file: "../touch.ts", line: 6, column: 2, rule: "missing-await" }]);
  });

  it("lists findings by file and place, each once, however often a path is named", async () => {
    await cli.write({
      "many/b.ts": unawaited,
      "many/a.ts": `${leaky}\n${leaky.slice(leaky.indexOf("export"))}`,
    });
    const { findings } = await json("many", "b.ts", ".", join(cli.folder, "many"), "a.ts");
    expect(findings.map(({ file, line }) => `${file}:${line}`)).toEqual(["a.ts:7", "a.ts:15", "b.ts:6"]);
  });

  it("finds what a typing error in the same file does not hide", async () => {
    await cli.write({ "syntax/a.ts": `${leaky}\nexport function half(\n` });
    const { code, findings, stderr } = await json("syntax");
    expect([code, findings.map(({ rule }) => rule), stderr]).toEqual([1, ["missing-unlock"], ""]);
  });

  it("heeds suppressions, and reports those without effect", async () => {
    const comment = "// lockscope-disable-next-line missing-unlock -- released at shutdown\n";
    await cli.write({
      "quiet/a.ts": leaky.replace("  await mu.lock", `  ${comment}  await mu.lock`),
      "quiet/b.ts": `${comment}${clean}`,
    });
    const { findings } = await json("quiet");
    expect(findings).toMatchObject([
      { file: "b.ts", line: 1, rule: "unused-suppression", severity: "warning" },
    ]);
  });

  it("arrives whole through a pipe, however much it is", async () => {
    await cli.write({ "big/a.ts": manyTimes(400) });
    const { findings, stdout } = await json("big");
    expect(findings).toHaveLength(400);
    expect(stdout.length).toBeGreaterThan(200_000);
  });
});

describe("the report for people", () => {
  it("says where, which rule, what, and what to do, with the source and without a colour", async () => {
    await cli.write({ "people/bank.ts": leaky, "people/touch.ts": unawaited });
    const { code, stdout } = await cli.run(["check", "bank.ts", "touch.ts"], { cwd: "people" });
    expect(code).toBe(1);
    expect(stdout).toBe(`bank.ts:7:9 error missing-unlock
  Mutex \`mu\` stays locked on the path to the return at line 8: other paths release it
  5 |
  6 | export async function withdraw(amount: number): Promise<boolean> {
  7 |   await mu.lock();
    |         ^^^^^^^^^
  8 |   if (amount > balance) return false;
  9 |   balance -= amount;
  note 8:7  when \`amount > balance\` is true
  note 8:25 \`mu\` is still locked when the path leaves here
  fix  Wrap in try/finally
  fix  Hold it by \`using\`

touch.ts:6:2 error missing-await
  \`mu.lock()\` is not awaited: the code below runs before the lock is held, and protects nothing
  4 |
  5 | export async function touch(): Promise<void> {
  6 |     mu.lock();
    |     ^^^^^^^^^
  7 |     mu.unlock();
  8 | }
  fix  Add await

2 problems (2 errors) in 2 files, 2 files looked at.
Why, and how to mend it: lockscope explain RULE, as in lockscope explain missing-unlock
`);
  });

  it("is coloured when asked, and never with NO_COLOR", async () => {
    await cli.write({ "colour/bank.ts": leaky });
    const escapes = async (env: NodeJS.ProcessEnv) =>
      (await cli.run(["check"], { cwd: "colour", env })).stdout.includes("\u001b[");
    expect(await escapes({ FORCE_COLOR: "1" })).toBe(true);
    expect(await escapes({ FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
  });

  it("is cut short without complaint when its reader has seen enough", async () => {
    await cli.write({ "cut/a.ts": manyTimes(2_000) });
    const child = cli.start(["check"], { cwd: "cut" });
    child.stdout.once("data", () => child.stdout.destroy());
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    const [code] = await once(child, "close");
    expect([code, stderr]).toEqual([1, ""]);
  });
});

describe("the examples", () => {
  it("each wrong program has its finding and no right one has any", async () => {
    await cp(join(root, "examples"), join(cli.folder, "examples"), { recursive: true });
    const { findings } = await json("examples");
    // The deadlock to look at in the trace is one that the analyzer sees, too.
    const expected = ({ rule, file }: JsonFinding) =>
      file === `${rule}/wrong.ts` || `${file} ${rule}` === "deadlock/transfer.ts lock-order";
    const wrong = findings.filter(expected);
    expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual(
      wrong.map(({ file, rule }) => `${file} ${rule}`),
    );
    expect(wrong.length).toBeGreaterThanOrEqual(9);
  });
});
