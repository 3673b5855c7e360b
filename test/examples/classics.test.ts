import { readdirSync, readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledCli } from "../support/installed-cli.js";
import { root } from "../support/paths.js";

const source = join(root, "examples/classics");

/** What a program's first lines say will be seen; undefined in a file that is no program. */
function announced(file: string): string[] | undefined {
  const header = readFileSync(join(source, file), "utf8").match(/^(?:\/\/.*\n)+/)?.[0] ?? "";
  const seen = header.replaceAll("\n// ", " ").match(/You should see: (.*)/)?.[1];
  return seen === undefined ? undefined : [...seen.matchAll(/"([^"]*)"/g)].map(([, line]) => line!);
}

const programs = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file: file.replaceAll("\\", "/"), lines: announced(file) }))
  .flatMap(({ file, lines }) => (lines === undefined ? [] : [{ file, lines }]));

let cli: InstalledCli;
beforeAll(async () => {
  cli = await InstalledCli.install();
  await cli.write({ "package.json": `{ "type": "module" }` });
  await cp(source, join(cli.folder, "classics"), { recursive: true });
});
afterAll(() => cli[Symbol.asyncDispose]());

it("are the ones that the page lists", () => {
  const page = readFileSync(join(source, "README.md"), "utf8");
  const listed = [...page.matchAll(/^\| \[`(.*?)`\]\((.*?)\)/gm)].map(([, text, link]) => [text, link]);
  expect(listed.sort()).toEqual(programs.map(({ file }) => [file, file]).sort());
});

describe.each(programs)("$file", ({ file, lines }) => {
  // Traced, a program that leaves somebody waiting behind says so on standard error.
  it("prints what it announces, and leaves nobody behind", { timeout: 60_000 }, async () => {
    expect(lines).not.toEqual([]);
    const ended = await cli.run(["run", `classics/${file}`]);
    expect(ended).toEqual({ code: 0, signal: null, stdout: `${lines.join("\n")}\n`, stderr: "" });
  });
});
