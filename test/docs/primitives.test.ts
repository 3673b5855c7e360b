import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { openWorkspace } from "@lockscope/analyzer";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endOf } from "../support/installed-cli.js";
import { root } from "../support/paths.js";
import { brokenLinksOf, fileLinksOf, pageAt, pagesIn, programsOf } from "./pages.js";

const pages = pagesIn("docs/primitives");
const programs = [...pages, pageAt("primitives/README.md")].flatMap((page) => {
  const name = page.path.startsWith("docs/") ? basename(page.path, ".md") : "package";
  return programsOf(page).map((text, index) => ({ name: `${name} ${index + 1}`, text }));
});

/** What a program says it prints: the comments behind its `console.log`s, in order. */
function announced(program: string): string {
  return [...program.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, line]) => `${line}\n`).join("");
}

describe("the pages", () => {
  it.each(pages.filter(({ path }) => !path.endsWith("README.md")))("$path says what each should", (page) => {
    const headings = [...page.text.matchAll(/^## (.*)/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(["When to use it", "What it does", "In Go", "Cost", "Pitfalls"]);
    expect(programsOf(page)).not.toEqual([]);
  });

  it("name everything that the library exports", async () => {
    const { exports } = JSON.parse(readFileSync(join(root, "primitives/package.json"), "utf8"));
    const entries = Object.keys(exports).filter((entry) => !/register|esbuild|package/.test(entry));
    const text = pages.map((page) => page.text).join("\n");
    for (const entry of entries) {
      const module = join("@lockscope/sync", entry);
      const names = Object.keys(await import(module));
      const missing = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
      expect({ module, missing }).toEqual({ module, missing: [] });
    }
  });

  it("are all in the index", () => {
    const index = fileLinksOf(pageAt("docs/primitives/README.md"));
    const others = pages.map(({ path }) => basename(path)).filter((name) => name !== "README.md");
    expect(others.filter((name) => !index.includes(name))).toEqual([]);
  });

  const others = [
    "docs/memory-model.md",
    "docs/conformance.md",
    "examples/classics/README.md",
    "primitives/README.md",
  ];
  it.each([...pages, ...others.map(pageAt)])("$path links to what is there", (page) => {
    expect(brokenLinksOf(page)).toEqual([]);
  });
});

describe("the programs in the pages", () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "lockscope-docs-"));
    for (const { name, text } of programs) await writeFile(fileOf(name, "ts"), text);
    await build({
      entryPoints: programs.map(({ name }) => fileOf(name, "ts")),
      outdir: scratch,
      outExtension: { ".js": ".mjs" },
      nodePaths: [join(root, "node_modules")],
      conditions: ["@lockscope/source"],
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
    });
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  const fileOf = (name: string, extension: string) => join(scratch, `${name.replace(" ", "-")}.${extension}`);

  it("have no type errors", { timeout: 60_000 }, () => {
    // As if each stood beside its page, where imports lead to the library's source.
    const texts = new Map(programs.map(({ name, text }) => [join(root, `docs/primitives/${name}.ts`), text]));
    const config = ts.readConfigFile(join(root, "tsconfig.base.json"), ts.sys.readFile).config;
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const host = ts.createCompilerHost({ ...options, types: ["node"] });
    const { fileExists, readFile } = host;
    host.fileExists = (file) => texts.has(file) || fileExists(file);
    host.readFile = (file) => texts.get(file) ?? readFile(file);
    const program = ts.createProgram([...texts.keys()], { ...options, types: ["node"] }, host);
    const diagnostics = [...texts.keys()].flatMap((file) => {
      const source = program.getSourceFile(file);
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    });
    expect(ts.formatDiagnostics(diagnostics, host)).toBe("");
  });

  it("have no findings", async () => {
    const workspace = openWorkspace({ cwd: scratch });
    const { findings, errors } = await workspace.check(programs.map(({ name }) => fileOf(name, "ts")));
    workspace.dispose();
    expect(errors).toEqual([]);
    expect(
      findings.map(({ file, rule, range }) => `${basename(file)}:${range.start.line + 1} ${rule}`),
    ).toEqual([]);
  });

  it.concurrent.each(programs)("$name prints what it says", { timeout: 60_000 }, async ({ name, text }) => {
    const child = spawn(process.execPath, [fileOf(name, "mjs")], { stdio: ["ignore", "pipe", "pipe"] });
    const ended = await endOf(child);
    expect(ended).toEqual({ code: 0, signal: null, stdout: announced(text), stderr: "" });
  });
});
