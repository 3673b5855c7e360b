import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledCli } from "../support/installed-cli.js";
import { root } from "../support/paths.js";

let cli: InstalledCli;
beforeAll(async () => {
  cli = await InstalledCli.install();
});
afterAll(() => cli[Symbol.asyncDispose]());

const commands = ["check", "run", "trace", "explain", "lsp"];

describe("help", () => {
  it("names the commands and the version, however it is asked for", async () => {
    const { stdout, stderr, code } = await cli.run(["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command} +\\w`, "m"));
    for (const args of [["-h"], ["help"], []]) expect(await cli.run(args)).toMatchObject({ code: 0, stdout });
  });

  it.each(commands)("of %s says how to use it, in lines that fit a terminal", async (command) => {
    for (const option of ["--help", "-h"]) {
      const { stdout, stderr, code } = await cli.run([command, option]);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(new RegExp(`^Usage: lockscope ${command}\\b`));
      expect(Math.max(...stdout.split("\n").map(({ length }) => length))).toBeLessThanOrEqual(100);
    }
  });

  it("the version is the package's", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "cli/package.json"), "utf8"));
    for (const option of ["--version", "-v"]) {
      expect(await cli.run([option])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" });
    }
  });
});

describe("what cannot be done as asked: status 2 and a line that says why", () => {
  it.each([
    [["chekc"], /^lockscope: unknown command chekc; did you mean check\?\nTry "lockscope --help"\.\n$/],
    [["brew"], /^lockscope: unknown command brew\nTry "lockscope --help"\.\n$/],
    [["--nonsense"], /^lockscope: unknown option --nonsense\nTry "lockscope --help"\.\n$/],
    [["toString"], /^lockscope: unknown command toString\n/],
    [["explain", "missing-unlok"], /^lockscope: no rule missing-unlok; did you mean missing-unlock\?\n/],
    [["explain", "constructor"], /^lockscope: no rule constructor\n/],
    [["explain", "deadlock", "again"], /^lockscope: explain takes one rule at a time\n$/],
    [["trace"], /^lockscope: trace takes one file\n$/],
    [["trace", "gone.locktrace"], /^lockscope: no such trace: gone\.locktrace\n$/],
    [["trace", "."], /^lockscope: no such trace: \.\n$/],
    [["trace", "node_modules/lockscope/package.json"], /^lockscope: node_modules\/\S+: .*\n$/],
    [["run"], /^lockscope: run needs a program\n/],
    [["run", "gone.ts"], /^lockscope: no such program: gone\.ts\n$/],
    [["run", "node_modules"], /^lockscope: no such program: node_modules\n$/],
    [["run", "--trace"], /^lockscope: .*--trace.*\nTry "lockscope run --help"\.\n$/],
    [["run", "--tarce", "x.ts"], /^lockscope: .*--tarce.*\nTry "lockscope run --help"\.\n$/],
    [["lsp"], /^lockscope: lsp needs --stdio/],
    [["lsp", "--stdio", "x"], /^lockscope: lsp takes no x\n$/],
  ])("%j", async (args, stderr) => {
    expect(await cli.run(args)).toEqual({
      code: 2,
      signal: null,
      stdout: "",
      stderr: expect.stringMatching(stderr),
    });
  });
});

describe("explain", () => {
  it("lists every rule, and prints the page that the documentation has", async () => {
    const { stdout } = await cli.run(["explain"]);
    const rules = stdout.trimEnd().split("\n");
    expect(rules.length).toBeGreaterThanOrEqual(13);
    for (const line of rules) expect(line).toMatch(/^[a-z-]+ +(error|warning) +\S/);
    for (const rule of ["missing-unlock", "copied-lock"]) {
      const page = readFileSync(join(root, `docs/rules/${rule}.md`), "utf8");
      const explained = (await cli.run(["explain", rule])).stdout;
      expect(page).toContain(explained.trim());
    }
  });
});
