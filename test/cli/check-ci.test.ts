import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import ajvDraft04 from "ajv-draft-04";
import ajvFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledCli } from "../support/installed-cli.js";

let cli: InstalledCli;
beforeAll(async () => {
  cli = await InstalledCli.install();
});
afterAll(() => cli[Symbol.asyncDispose]());

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
const unawaited = leaky.replace("await mu.lock();\n  if (amount > balance) return false;", "mu.lock();");
const risky = leaky.replace("if (amount > balance) return false;", "await fetch('x');");

interface Found {
  readonly rule: string;
  readonly severity: string;
}

async function rules(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await cli.run(["check", "--format", "json", ...args], { cwd });
  const found = JSON.parse(stdout) as Found[];
  return { code, stderr, found: found.map(({ rule, severity }) => `${severity} ${rule}`) };
}

describe("SARIF", () => {
  it("validates against the 2.1.0 schema, with findings, fixes and without", async () => {
    const path = createRequire(import.meta.url).resolve("@microsoft/jest-sarif/package.json");
    const schema = join(path, "../lib/schemas/sarif-2.1.0-rtm.5.json");
    const ajv = new ajvDraft04.default({ strict: false, unicodeRegExp: false });
    ajvFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
    await cli.write({ "sarif/a b.ts": leaky, "sarif/none/ok.ts": "export {};\n" });
    for (const folder of ["sarif", "sarif/none"]) {
      const { stdout, stderr } = await cli.run(["check", "--format", "sarif"], { cwd: folder });
      expect([stderr, validate(JSON.parse(stdout)), validate.errors]).toEqual(["", true, null]);
    }
    const { code, stdout } = await cli.run(["check", "--format", "sarif"], { cwd: "sarif" });
    const [run] = JSON.parse(stdout).runs;
    expect(code).toBe(1);
    expect(run.results).toMatchObject([
      {
        ruleId: "missing-unlock",
        level: "error",
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "a%20b.ts", uriBaseId: "SRCROOT" },
              region: { startLine: 7, startColumn: 9, endLine: 7, endColumn: 18 },
            },
          },
        ],
      },
    ]);
    expect(run.tool.driver.rules[run.results[0].ruleIndex].id).toBe("missing-unlock");
    expect(run.results[0].fixes[0].description.text).toBe("Wrap in try/finally");
    expect(run.invocations[0].executionSuccessful).toBe(true);
  });
});

describe("annotations of a GitHub workflow", () => {
  it("are one command a finding, and nothing without any", async () => {
    await cli.write({ "hub/a,b.ts": leaky, "hub/none/ok.ts": "export {};\n" });
    const found = await cli.run(["check", "--format", "github"], { cwd: "hub" });
    expect(found).toMatchObject({ code: 1, stderr: "" });
    expect(found.stdout).toBe(
      "::error file=a%2Cb.ts,line=7,endLine=7,col=9,endColumn=18,title=lockscope%3A missing-unlock::" +
        "Mutex `mu` stays locked on the path to the return at line 8: other paths release it\n",
    );
    expect(await cli.run(["check", "--format", "github"], { cwd: "hub/none" })).toMatchObject({
      code: 0,
      stdout: "",
    });
  });
});

describe("--fix", () => {
  it("mends what is safe to mend, says so, and leaves nothing behind to find", async () => {
    const file = await cli.write({ "fix/a.ts": leaky, "fix/b.ts": unawaited });
    const { code, stdout } = await cli.run(["check", "--fix"], { cwd: "fix" });
    expect([code, stdout]).toEqual([
      0,
      "2 problems mended in 2 files.\n\nNo problems found, 2 files looked at.\n",
    ]);
    expect(await readFile(file, "utf8")).toContain("} finally {\n    mu.unlock();");
    expect(await readFile(join(file, "../b.ts"), "utf8")).toContain("  await mu.lock();");
    expect(await rules("fix")).toMatchObject({ code: 0, found: [] });
  });

  it("does not mend what comes from stdin", async () => {
    const ended = await cli.run(["check", "--stdin-filename", "a.ts", "--fix"], { stdin: leaky });
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toContain("stdin cannot be fixed in place");
  });
});

describe("levels", () => {
  it("come from the command line, which wins over lockscope.config.json", async () => {
    await cli.write({
      "levels/a.ts": leaky,
      "levels/b.ts": risky,
      "levels/lockscope.config.json": `{
        // Comments are welcome.
        "rules": { "missing-unlock": "warn", "unlock-not-in-finally": "off" },
      }`,
    });
    expect(await rules("levels")).toEqual({ code: 1, stderr: "", found: ["warning missing-unlock"] });
    expect(
      await rules("levels", "--rule", "missing-unlock=off", "--rule", "unlock-not-in-finally=error"),
    ).toEqual({
      code: 1,
      stderr: "",
      found: ["error unlock-not-in-finally"],
    });
  });

  it("let warnings pass up to a number", async () => {
    await cli.write({ "some/a.ts": risky, "some/b.ts": risky });
    expect(await rules("some", "--max-warnings", "2")).toMatchObject({ code: 0 });
    expect(await rules("some", "--max-warnings", "1")).toMatchObject({ code: 1 });
    await cli.write({ "some/c.ts": leaky });
    expect(await rules("some", "--max-warnings", "9")).toMatchObject({ code: 1 });
  });

  it.each([
    [["--rule", "missing-unlok=off"], "no rule missing-unlok; did you mean missing-unlock?"],
    [["--rule", "missing-unlock=quiet"], "--rule missing-unlock=quiet: write missing-unlock=off|warn|error"],
    [["--max-warnings", "few"], "--max-warnings few: a whole number is expected"],
    [["-"], '"-" needs --stdin-filename, which says what file it is'],
    [["--stdin-filename", "a.ts", "b.ts"], "check either stdin or paths, not both"],
  ])("that cannot be understood are a clear error: %j", async (args, message) => {
    expect(await cli.run(["check", ...args])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: `lockscope: ${message}\n`,
    });
  });
});

describe("lockscope.config.json", () => {
  it("keeps files out by globs, and out only", async () => {
    await cli.write({
      "globs/lockscope.config.json": `{ "exclude": ["generated", "**/*.gen.ts"] }`,
      "globs/generated/a.ts": leaky,
      "globs/src/b.gen.ts": leaky,
      "globs/src/c.ts": risky,
    });
    expect(await rules("globs")).toMatchObject({ code: 1, found: ["warning unlock-not-in-finally"] });
    expect(await rules("globs", "src")).toMatchObject({ found: ["warning unlock-not-in-finally"] });
  });

  it.each([
    ["not JSON", `{ "rules": `, /^lockscope: lockscope\.config\.json: line 1, column \d+: /],
    ["an unknown rule", `{ "rules": { "no-such": "off" } }`, /there is no rule "no-such"/],
    [
      "a level that is none",
      `{ "rules": { "lock-order": 2 } }`,
      /"lock-order" has to be one of off, warn, error/,
    ],
    ["an unknown key", `{ "rule": {} }`, /unknown key "rule": known are rules, exclude, models/],
    ["excludes that are none", `{ "exclude": "x" }`, /"exclude" has to be a list of globs/],
  ])("with %s is told once, and the findings come all the same", async (name, text, message) => {
    const folder = `bad/${name.replaceAll(" ", "-")}`;
    await cli.write({
      [`${folder}/lockscope.config.json`]: text,
      [`${folder}/a.ts`]: leaky,
      [`${folder}/b.ts`]: leaky,
    });
    const { code, found, stderr } = await rules(folder);
    expect([code, found]).toEqual([2, ["error missing-unlock", "error missing-unlock"]]);
    expect(stderr).toMatch(message);
    expect(stderr.split("\n")).toHaveLength(2);
  });
});

describe("what is checked", () => {
  it("can be the files of a tsconfig.json", async () => {
    await cli.write({
      "project/tsconfig.app.json": `{ "include": ["app"] }`,
      "project/app/a.ts": leaky,
      "project/other/b.ts": leaky,
    });
    const { stdout } = await cli.run(["check", "--format", "json", "-p", "tsconfig.app.json"], {
      cwd: "project",
    });
    expect(JSON.parse(stdout)).toMatchObject([{ file: "app/a.ts" }]);
    expect(await cli.run(["check", "-p", "nowhere.json"], { cwd: "project" })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^lockscope: no such project: .*nowhere\.json\n$/),
    });
  });

  it("can be a text on stdin, under the name it is to have", async () => {
    await cli.write({
      "stdin/lock.ts": `import { Mutex } from "@lockscope/sync";\nexport const mu = new Mutex();\n`,
    });
    const text = leaky.replace(/^import.*\n\nconst mu.*\n/, `import { mu } from "./lock.js";\n`);
    const args = ["check", "--format", "json", "--stdin-filename", "a.ts"];
    const ended = await cli.run(args, { cwd: "stdin", stdin: text });
    expect(JSON.parse(ended.stdout)).toMatchObject([{ file: "a.ts", line: 5, rule: "missing-unlock" }]);
  });
});

describe("--cache", () => {
  const importing = leaky.replace(/^import.*\n\nconst mu.*\n/, `import { mu } from "./lock.js";\n`);
  const lock = `import { Mutex } from "@lockscope/sync";\nexport const mu = new Mutex();\n`;

  it("gives what a run without it gives, whatever changed in between", async () => {
    const stash = join("node_modules", ".cache", "lockscope", "results.json");
    await cli.write({ "cache/a.ts": importing, "cache/lock.ts": lock, "cache/plain.ts": "export {};\n" });
    const first = await rules("cache", "--cache");
    expect(first).toEqual({ code: 1, stderr: "", found: ["error missing-unlock"] });
    expect(await readFile(join(cli.folder, "cache", stash), "utf8")).toContain("missing-unlock");
    expect(await rules("cache", "--cache")).toEqual(first);

    // The file itself is as it was; what it imports is not.
    await cli.write({
      "cache/lock.ts": lock.replace("Mutex();", "Mutex(); /* handed on */ export const again = [mu];"),
    });
    expect(await rules("cache", "--cache")).toEqual(await rules("cache"));
    await cli.write({ "cache/lock.ts": "export const mu = { lock() {}, unlock() {} };\n" });
    expect(await rules("cache", "--cache")).toEqual({ code: 0, stderr: "", found: [] });
    await cli.write({ "cache/lock.ts": lock, "cache/b.ts": importing });
    expect(await rules("cache", "--cache")).toEqual(await rules("cache"));

    await cli.write({ [join("cache", stash)]: `{ "version": "` });
    expect(await rules("cache", "--cache")).toEqual(await rules("cache"));
  });

  it("lies where it is told to lie", async () => {
    await cli.write({ "cache2/a.ts": leaky });
    await rules("cache2", "--cache-location", "there");
    expect(await readFile(join(cli.folder, "cache2/there/results.json"), "utf8")).toContain("missing-unlock");
  });
});
