import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
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

/** A test file of ours, and the titles that it must have. */
export interface Reference {
  readonly file: string;
  readonly titles: readonly string[];
}

export const parts = pagesIn("docs/conformance");
export const rows = parts.flatMap(rowsOf);

function rowsOf(page: Page): Row[] {
  const found: Row[] = [];
  let suite = "";
  let inTable = false;
  for (const line of page.text.split("\n")) {
    if (line.startsWith("## ")) suite = line.slice(3).replaceAll("`", "");
    if (!line.startsWith("|")) inTable = false;
    else if (/^\| original +\| ours +\| remark +\|$/.test(line)) inTable = true;
    else if (inTable && !/^\| -/.test(line)) {
      const [, originals = "", ours = "", remark = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      found.push({ page, suite, originals: listOf(originals), ours: referencesOf(ours), remark });
    }
  }
  return found;
}

/** `a.test.ts: first title, second title; b.test.ts: title`. */
function referencesOf(cell: string): Reference[] {
  return cell
    .split(/; (?=[\w-]+\.test\.ts)/)
    .filter((text) => text !== "")
    .map((text) => {
      const [, file = text, titles = ""] = text.match(/^([\w-]+\.test\.ts)(?:: (.*))?$/) ?? [];
      return { file, titles: titles === "" ? [] : titles.split(/(?:,|;) (?![^(]*\))/) };
    });
}

function listOf(cell: string): string[] {
  return cell.split(/, (?![^(]*\))/);
}

const testFiles = readdirSync(join(root, "primitives"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && !file.includes("node_modules"))
  .map((file) => join(root, "primitives", file));

/** The test files of the library that go by this name. */
export function filesCalled(name: string): string[] {
  return testFiles.filter((file) => basename(file) === name);
}
