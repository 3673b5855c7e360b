import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../support/paths.js";
import { titlesIn } from "../support/test-titles.js";

/** The page's statements, each with the heading under which it stands: one item of a list each. */
function statements(): string[] {
  const page = readFileSync(join(root, "docs/memory-model.md"), "utf8");
  return page.split(/^#{2,3} /m).flatMap((section) => {
    const [heading, ...lines] = section.split("\n");
    const items = lines.join("\n").matchAll(/^- (.*(?:\n {2}.*)*)/gm);
    return [...items].map(([, item]) => `${heading}: ${item!.replaceAll(/\s+/g, " ")}`);
  });
}

function tests(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".test.ts") && file !== "page.test.ts")
    .flatMap((file) => titlesIn(join(import.meta.dirname, file)))
    .filter(({ isGroup }) => !isGroup)
    .map(({ title, within }) => `${within.join(" > ")}: ${title.replace(/ \([^()]*%[is]\)$/, "")}`);
}

it("says what the tests in this folder show, each statement the title of one, and nothing else", () => {
  expect(statements().sort()).toEqual(tests().sort());
});
