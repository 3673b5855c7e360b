import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { common, mayCallLibrary, placeless, telling } from "./vocabulary.js";

const home = join(import.meta.dirname, "../..");

/** The methods that the library names as the ones which were called: `Mutex.prototype.lock`. */
function reportedMethods(): string[] {
  const names = new Set<string>();
  for (const file of readdirSync(home, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".ts") || file.endsWith(".test.ts") || /^(?:instrument|atomic)/.test(file)) continue;
    const text = readFileSync(join(home, file), "utf8");
    for (const [, name] of text.matchAll(/\b[A-Z]\w+\.prototype\.(\w+)/g)) names.add(name!);
  }
  return [...names];
}

describe("the vocabulary", () => {
  it("has every method of the library that is reported by its name", () => {
    // Errors' names are no methods, and a task's end is waited for under the task's own name.
    const known = new Set([...telling, ...common, ...placeless, "name", "toString", "join"]);
    expect(reportedMethods().filter((name) => !known.has(name))).toEqual([]);
  });

  it.each([
    ["mu.lock()", true],
    ["mu\n  . lock ?. ()", true],
    ['import { go } from "@lockscope/sync";', true],
    ["const { Channel } = require('@lockscope/sync/channel')", true],
    ['import { Mutex } from "async-mutex";', true],
    ["set.add(1); socket.send(x)", false],
    ["mu.lock; lock()", false],
    ["block.locker()", false],
  ])("%s is looked into: %s", (code, yes) => {
    expect(mayCallLibrary(code)).toBe(yes);
  });
});
