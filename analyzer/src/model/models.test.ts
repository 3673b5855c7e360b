import ts from "typescript";
import { describe, expect, it } from "vitest";
import { models } from "./index.js";

const declared = models.filter((model) => model.declarations !== undefined);
const fileOf = (name: string) => `/models/${name.replace(/\W+/g, "-")}.d.ts`;
const texts = new Map(declared.map(({ name, declarations }) => [fileOf(name), declarations ?? ""]));

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.esnext.full.d.ts"],
  strict: true,
  types: [],
};
const host = ts.createCompilerHost(options);
const program = ts.createProgram([...texts.keys()], options, {
  ...host,
  fileExists: (file) => texts.has(file) || host.fileExists(file),
  readFile: (file) => texts.get(file) ?? host.readFile(file),
  getSourceFile: (file, language) => {
    const text = texts.get(file);
    return text === undefined
      ? host.getSourceFile(file, language)
      : ts.createSourceFile(file, text, language, true);
  },
});

describe("library models", () => {
  const checker = program.getTypeChecker();

  it.each(declared)("$name: the declarations type-check", ({ name }) => {
    const file = program.getSourceFile(fileOf(name));
    const found = program.getSemanticDiagnostics(file).map((each) => each.messageText);
    expect(file).toBeDefined();
    expect(found).toEqual([]);
  });

  const classes = declared.flatMap(({ modules }) =>
    Object.entries(modules).flatMap(([module, { classes, functions }]) => [
      ...Object.entries(classes).map(([name, { methods }]) => ({
        module,
        name,
        methods: Object.keys(methods),
      })),
      ...Object.keys(functions).map((name) => ({ module, name, methods: [] })),
    ]),
  );

  it.each(classes)("$module: $name is declared, with its operations", ({ module, name, methods }) => {
    const symbol = checker.getAmbientModules().find((each) => each.name === `"${module}"`);
    const exports = symbol ? exportsOf(symbol) : new Map<string, ts.Symbol>();
    const found = exports.get(name);
    expect(found, `${name} of ${module}`).toBeDefined();
    if (found === undefined) return;
    const type = checker.getDeclaredTypeOfSymbol(found);
    for (const method of methods) {
      const isStatic = checker.getTypeOfSymbol(found).getProperty(method) !== undefined;
      expect(isStatic || type.getProperty(method) !== undefined, `${name}.${method}`).toBe(true);
    }
  });

  /** Exports of a module, of what it exports by `export =`, and of the namespaces in it. */
  function exportsOf(module: ts.Symbol): Map<string, ts.Symbol> {
    const found = new Map<string, ts.Symbol>();
    const visit = (symbol: ts.Symbol): void => {
      for (const each of checker.getExportsOfModule(symbol)) {
        const target = each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each;
        if (found.get(target.name) === target) continue;
        found.set(target.name, target);
        if (target.flags & ts.SymbolFlags.Namespace) visit(target);
      }
    };
    visit(module);
    const assigned = module.exports?.get(ts.InternalSymbolName.ExportEquals);
    const itself =
      assigned && (assigned.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(assigned) : assigned);
    if (itself !== undefined) found.set(itself.name, itself);
    return found;
  }
});

/** The test data type-checks without an install of the libraries. */
it("the test data has the same declarations", async () => {
  const text = declared.map(({ declarations }) => declarations).join("\n");
  await expect(text).toMatchFileSnapshot("../../testdata/libraries.d.ts");
});
