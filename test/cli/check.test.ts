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
    [["check", "--format", "xml"], "lockscope: unknown format xml: use pretty or json\n"],
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
    expect(pretty.stdout).toContain("1 problem (1 error, 0 warnings) in 1 file");
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
    const functions = Array.from({ length: 400 }, (_, n) =>
      leaky.slice(88).replace("withdraw", `withdraw${n}`),
    );
    await cli.write({ "big/a.ts": leaky.slice(0, 88) + functions.join("\n") });
    const { findings, stdout } = await json("big");
    expect(findings).toHaveLength(400);
    expect(stdout.length).toBeGreaterThan(200_000);
  });
});

describe("the examples", () => {
  it("each wrong program has its finding and no right one has any", async () => {
    await cp(join(root, "examples"), join(cli.folder, "examples"), { recursive: true });
    const { findings } = await json("examples");
    const wrong = findings.filter(({ rule, file }) => file === `${rule}/wrong.ts`);
    expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual(
      wrong.map(({ file, rule }) => `${file} ${rule}`),
    );
    expect(wrong.length).toBeGreaterThanOrEqual(9);
  });
});
