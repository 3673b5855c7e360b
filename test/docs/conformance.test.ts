import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../support/paths.js";
import { titlesIn } from "../support/test-titles.js";
import { parts, type Reference, type Row, rows, testNameIn } from "./conformance.js";
import { brokenLinksOf, pageAt } from "./pages.js";

const pattern = (text: string, gap: string) =>
  text
    .split("…")
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join(gap);

/** The titles in the files, each after those of its groups. */
function titlesOf({ files }: Reference): string[] {
  return files.flatMap(titlesIn).map(({ within, title }) => [...within, title].join(" > "));
}

/** What is wrong with a reference: a file that is not there, titles that are not in it. */
function wrongIn(reference: Reference): string[] {
  const { name, files, titles } = reference;
  if (/^`.*`$/.test(name)) return existsSync(join(root, name.slice(1, -1))) ? [] : [name];
  if (files.length === 0) return [name];
  const found = titlesOf(reference);
  return titles
    .filter((title) => !found.some((each) => new RegExp(pattern(title, ".*")).test(each)))
    .map((title) => `${name}: ${title}`);
}

/** Whether the original's name can be found in our files, or in titles that are put together. */
function isRecognised(original: string, { ours }: Row): boolean {
  const [name = original.replace(/[:(…].*/, "").trim()] = testNameIn(original);
  return ours.some((reference) => {
    if (reference.files.some((file) => readFileSync(file, "utf8").includes(name))) return true;
    const words = titlesOf(reference).flatMap((title) => title.split(/[^\w.…]+/));
    return words.some((word) => word.includes("…") && new RegExp(`^${pattern(word, "\\w*")}$`).test(name));
  });
}

describe.each(parts)("$path", (page) => {
  const own = rows.filter((row) => row.page === page);

  it("has tables", () => expect(own).not.toEqual([]));

  it("names tests that are there", () => {
    expect(own.flatMap(({ ours }) => ours.flatMap(wrongIn))).toEqual([]);
  });

  it("says why where there is no test, and where ours does not bear the original's name", () => {
    const silent = own.filter(({ ours, remark }) => ours.length === 0 && !/^cannot|see /.test(remark));
    const unnamed = own.filter(
      (row) =>
        row.ours.length > 0 && row.remark === "" && row.originals.some((name) => !isRecognised(name, row)),
    );
    expect([...silent, ...unnamed].map(({ originals }) => originals.join(", "))).toEqual([]);
  });

  it("links to what is there", () => {
    expect(brokenLinksOf(page)).toEqual([]);
  });
});

/** The line of a table that sums up some rows. */
function lineFor(name: string, own: readonly Row[]): string {
  const count = (some: readonly Row[]) => some.flatMap(({ originals }) => originals).length;
  const suites = new Set(own.map(({ suite }) => suite)).size;
  const figures = [
    suites,
    count(own),
    ...[true, false].map((has) => count(own.filter((row) => row.ours.length > 0 === has))),
  ];
  return `| ${[name, ...figures].join(" | ")} |`;
}

it("docs/conformance.md leads to the parts and counts what they list", async () => {
  const lines = parts.map((page) => {
    const title = page.text.match(/^# Conformance: (.*)$/m)?.[1] ?? basename(page.path);
    return lineFor(
      `[${title}](conformance/${basename(page.path)})`,
      rows.filter((row) => row.page === page),
    );
  });
  const table = [...lines, lineFor("all", rows)].join("\n");
  const page = pageAt("docs/conformance.md").text.replace(/(\n\| ---.*\n)(?:\|.*\n)*/, `$1${table}\n`);
  await expect(page).toMatchFileSnapshot(join(root, "docs/conformance.md"));
});
