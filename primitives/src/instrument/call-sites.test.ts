import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Site } from "@lockscope/trace";
import { afterEach, describe, expect, it } from "vitest";
import { registry } from "../runtime/registry.js";
import type { Resource } from "../runtime/resource.js";
import { StackSites } from "./call-sites.js";

let folder: string | undefined;
afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true });
  folder = undefined;
});

const require = createRequire(import.meta.url);

/** Loads JavaScript text as a module of a file of its own, past the test runner's transformations. */
async function load<T>(name: string, text: string): Promise<{ file: string; module: T }> {
  folder ??= await mkdtemp(join(tmpdir(), "lockscope-sites-"));
  const file = join(folder, name);
  await writeFile(file, text);
  return { file, module: require(file) as T };
}

function sitesFor(isLibrary: (file: string) => boolean = () => false) {
  const defined: Site[] = [];
  const sites = new StackSites(isLibrary, (site) => defined.push(site));
  return { sites, defined };
}

describe("StackSites", () => {
  it("finds the caller of the public function, and works each place out once", async () => {
    const { file, module } = await load<{ user(lock: () => number): Promise<number[]> }>(
      "user.cjs",
      `exports.user = async function user(lock) {
  const sites = [];
  for (let i = 0; i < 2; i++) sites.push(lock());
  await null;
  sites.push(lock(), lock());
  return sites;
};`,
    );
    const { sites, defined } = sitesFor();
    const lock = () => inner();
    const inner = () => sites.capture(lock);
    const [first, second, third, fourth] = await module.user(lock);
    expect(first).toBe(second);
    expect(defined.map((site) => [site.file, site.line, site.column, site.func])).toEqual([
      [file, 3, 42, "user"],
      [file, 5, 14, "user"],
      [file, 5, 22, "user"],
    ]);
    expect(sites.get(third!)).toBe(defined[1]);
    expect(sites.get(fourth!)).toBe(defined[2]);
  });

  it("passes by the library's own frames and the engine's", async () => {
    const library = await load<{ composite(lock: () => number): number }>(
      "library.cjs",
      "exports.composite = (lock) =>\n  [1].map(lock)[0];",
    );
    const user = await load<{ user(lock: () => number, composite: unknown): number }>(
      "user.cjs",
      "exports.user = (lock, composite) =>\n  composite(lock);",
    );
    const { sites, defined } = sitesFor((file) => file === library.file);
    const lock = () => sites.capture(lock);
    expect(user.module.user(lock, library.module.composite)).toBe(1);
    expect(defined[0]).toMatchObject({ file: user.file, line: 2, column: 3 });
  });

  it("gives 0 where no line of the program is to be blamed", async () => {
    const { sites, defined } = sitesFor(() => true);
    const lock = () => sites.capture(lock);
    expect(lock()).toBe(0);
    expect(sites.capture(() => {})).toBe(0);
    expect(defined).toEqual([]);
  });

  it("gives 0, and no error, where Error is frozen", () => {
    const { sites } = sitesFor();
    const lock = () => sites.capture(lock);
    const before = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit")!;
    Object.defineProperty(Error, "stackTraceLimit", { ...before, writable: false });
    try {
      expect(lock()).toBe(0);
    } finally {
      Object.defineProperty(Error, "stackTraceLimit", before);
    }
  });

  it("tells the way to a place, one call a number, and each way apart", async () => {
    const { file, module } = await load<{ outer(lock: () => number): Promise<number[]> }>(
      "ways.cjs",
      `const inner = (lock) => lock();
const middle = (lock) =>
  inner(lock);
exports.outer = async function outer(lock) {
  const first = [middle(lock), middle(lock)];
  return [...first, await again(lock)];
};
async function again(lock) {
  await null;
  return middle(lock);
}`,
    );
    const parents = new Map<number, number>();
    const defined: Site[] = [];
    const sites = new StackSites(
      (name) => name !== file,
      (site, parent = 0) => {
        const number = defined.push(site);
        parents.set(number, parent);
        return number;
      },
    );
    const wayOf = (number: number): string[] => {
      const lines: string[] = [];
      for (let at = number; at !== 0; at = parents.get(at)!) {
        const { line, column, func } = defined[at - 1]!;
        lines.push(`${line}:${column} ${func}`);
      }
      return lines;
    };
    const lock = () => sites.captureWay(lock);
    const [first, second, third] = await module.outer(lock);
    const inside = ["1:25 inner", "3:3 middle"];
    expect([first, second, third].map((number) => wayOf(number!))).toEqual([
      [...inside, "5:18 outer"],
      [...inside, "5:32 outer"],
      [...inside, "10:10 again", "6:21 outer"],
    ]);
    expect(sites.get(first!)).toBe(sites.get(second!));
    const later = await module.outer(lock);
    expect(later).toEqual([first, second, third]);
  });

  it("asks for ways no more than a thousand times at once", () => {
    const parents: number[] = [];
    const sites = new StackSites(
      () => false,
      (_, parent = 0) => parents.push(parent),
    );
    const lock = () => sites.captureWay(lock);
    const at = (): number => lock();
    const numbers = Array.from({ length: 3000 }, at);
    expect(new Set(numbers.slice(0, 1000)).size).toBe(1);
    expect(parents[numbers[0]! - 1]).toBeGreaterThan(0);
    expect(parents[numbers.at(-1)! - 1]).toBe(0);
  });

  it("leaves Error as it found it", () => {
    const before = [Error.stackTraceLimit, Error.prepareStackTrace];
    const { sites } = sitesFor();
    const lock = () => sites.capture(lock);
    lock();
    expect([Error.stackTraceLimit, Error.prepareStackTrace]).toEqual(before);
  });

  describe("in a program that says where its calls are", () => {
    const site = { file: "/p/a.ts", line: 3, column: 7, func: "f", name: "mu" };
    const enter = (siteOf: unknown) => {
      registry.site = registry.sites.push(site) - 1;
      registry.siteOf = siteOf;
    };
    const resource = {} as Resource;
    const entry = () => 0;

    it.each([
      ["its receiver", resource],
      ["its function", entry],
    ])("takes the place that is meant for %s, once", (_, siteOf) => {
      const { sites, defined } = sitesFor();
      enter(siteOf);
      const number = sites.capture(entry, resource);
      expect([defined, sites.get(number)]).toEqual([[site], site]);
      expect(registry.siteOf).toBeNull();
      expect(sites.glance(entry, resource)).toBe(0);
    });

    it("leaves the place of another call alone", () => {
      const { sites } = sitesFor();
      enter({});
      expect(sites.glance(entry, resource)).toBe(0);
      expect(registry.siteOf).not.toBeNull();
      registry.siteOf = null;
    });

    it("takes the place of a select for both its reports, and for no later one", () => {
      const { sites } = sitesFor();
      const select = { select: () => 0 }.select;
      enter(select);
      const number = sites.glance(select, resource);
      expect(number).toBeGreaterThan(0);
      expect(sites.glance(select, resource)).toBe(number);
      expect(sites.glance(select, resource)).toBe(0);
      enter(select);
      sites.glance(select, resource);
      expect(sites.glance(entry, resource)).toBe(0);
      expect(sites.glance(select, resource)).toBe(0);
    });
  });
});
