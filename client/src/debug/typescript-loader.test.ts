import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { findTsx, needsLoader } from "./typescript-loader.js";

it.each([
  ["a.ts", true],
  ["a.mts", true],
  ["a.cts", true],
  ["a.tsx", true],
  ["a.js", false],
  ["a.mjs", false],
  ["a.jsx", false],
])("does %s need a loader? %s", (program, needs) => {
  expect(needsLoader(program)).toBe(needs);
});

it("finds the tsx of the program's own project, and only that", () => {
  expect(findTsx(fileURLToPath(import.meta.url))).toMatch(/^file:.*tsx/);
  expect(findTsx(join(tmpdir(), "program.ts"))).toBeUndefined();
});
