import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/paths.js";
import { type Page, pagesIn } from "./pages.js";

/** A line of a table with the columns `original`, `ours` and `remark`. */
export interface Row {
  readonly page: Page;
  /** The suite that the table's heading names: "sync/mutex_test.go". */
  readonly suite: string;
  /** The original's tests: what they are called, parted as in the table. */
  readonly originals: readonly string[];
  readonly ours: readonly Reference[];
  readonly remark: string;
}

/** A test file of ours, or what else there is in place of one, and the titles that it must have. */
export interface Reference {
  readonly name: string;
  /** The files of that name in the folders that the page speaks of. */
  readonly files: readonly string[];
  readonly titles: readonly string[];
}

export const parts = pagesIn("docs/conformance");
export const rows = parts.flatMap(rowsOf);

function rowsOf(page: Page): Row[] {
  const introduction = page.text.slice(0, page.text.indexOf("\n## "));
  const folders = [...introduction.matchAll(/`(primitives\/[\w/]*)`/g)].map(([, folder]) =>
    join(root, folder!),
  );
  const found: Row[] = [];
  let suite = "";
  let inTable = false;
  for (const line of page.text.split("\n")) {
    if (line.startsWith("## ")) suite = line.slice(3).replaceAll("`", "");
    if (!line.startsWith("|")) inTable = false;
    else if (/^\| original +\| ours +\| remark +\|$/.test(line)) inTable = true;
    else if (inTable && !/^\| -/.test(line)) {
      const [, originals = "", ours = "", remark = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      const names = listOf(originals);
      found.push({ page, suite, originals: names, ours: referencesOf(ours, names, folders), remark });
    }
  }
  return found;
}

/** `a.test.ts: first title, second title; b.test.ts: the same names`. */
function referencesOf(cell: string, originals: readonly string[], folders: readonly string[]): Reference[] {
  return cell
    .split(/; (?=[\w-]+\.test\.ts)/)
    .filter((text) => text !== "")
    .map((text) => {
      const [, name = text, titles = ""] = text.match(/^([\w-]+\.test\.ts)(?:: (.*))?$/) ?? [];
      const files = folders.map((folder) => join(folder, name)).filter((file) => existsSync(file));
      if (titles === "the same names") return { name, files, titles: originals.flatMap(testNameIn) };
      return { name, files, titles: titles === "" ? [] : listOf(titles) };
    });
}

/** `TestNew` of `cyclicbarrier: TestNew`; nothing where the name is shortened or is no test's. */
export function testNameIn(original: string): string[] {
  return original.match(/(?<!…)\bTest\w+/)?.slice(0, 1) ?? [];
}

/** What commas part, but for those in parentheses. */
function listOf(cell: string): string[] {
  return cell.split(/, (?![^(]*\))/);
}
