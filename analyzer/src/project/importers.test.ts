import ts from "typescript";
import { expect, it } from "vitest";
import { createImporters } from "./importers.js";

function programs(first: Record<string, string>) {
  const trees = new Map<string, ts.SourceFile>();
  const write = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files))
      trees.set(`/${name}.ts`, ts.createSourceFile(`/${name}.ts`, text, ts.ScriptTarget.ES2022, true));
  };
  write(first);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (file) => trees.get(file),
    fileExists: (file) => trees.has(file),
    readFile: (file) => trees.get(file)?.text,
    getCurrentDirectory: () => "/",
    writeFile() {},
  };
  const make = () => ts.createProgram({ rootNames: [...trees.keys()], options: { noLib: true }, host });
  return { write, make };
}

const names = (files: ReadonlySet<string> | undefined) =>
  files && [...files].map((file) => file.slice(1, -3)).sort();

it("knows who can have what a file declares: whoever imports it, directly or through others", () => {
  const importers = createImporters();
  const { make } = programs({
    store: "export class Store { find() {} }",
    made: 'import { Store } from "./store"; export const made = new Store();',
    uses: 'import { made } from "./made"; made.find();',
    lazy: 'export const load = () => import("./made");',
    typed: 'export type S = import("./store").Store;',
    again: 'export * from "./typed";',
    stranger: "export function find() {}",
  });
  importers.take(make(), true);
  expect(names(importers.reach("/store.ts"))).toEqual(["again", "lazy", "made", "store", "typed", "uses"]);
  expect(names(importers.reach("/uses.ts"))).toEqual(["uses"]);
  expect(names(importers.of(["/lazy.ts", "/typed.ts"]))).toEqual(["again", "lazy", "typed"]);
});

it("says nothing where it is declared for everybody", () => {
  const importers = createImporters();
  const files = programs({
    a: "export class A {}",
    b: 'import { A } from "./a"; declare global { var shared: A; } export {};',
    c: "var script = 1;",
    d: "export const d = 1;",
  });
  importers.take(files.make(), true);
  expect(importers.reach("/a.ts")).toBeUndefined();
  expect(importers.reach("/c.ts")).toBeUndefined();
  expect(names(importers.reach("/d.ts"))).toEqual(["d"]);
  files.write({ b: 'import { A } from "./a"; export const b = new A();' });
  importers.take(files.make(), false);
  expect(names(importers.reach("/a.ts"))).toEqual(["a", "b"]);
  files.write({ b: "export const b = 1;" });
  importers.take(files.make(), false);
  expect(names(importers.reach("/a.ts"))).toEqual(["a"]);
});
