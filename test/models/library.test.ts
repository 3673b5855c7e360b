import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { declarations } from "../../analyzer/src/model/lockscope-sync.declarations.js";
import { root } from "../support/paths.js";

const entries: Readonly<Record<string, string>> = {
  "@lockscope/sync": "index",
  "@lockscope/sync/atomic": "atomic",
  "@lockscope/sync/channel": "channel",
  "@lockscope/sync/context": "context",
  "@lockscope/sync/group": "group",
  "@lockscope/sync/orchestrate": "orchestrate",
  "@lockscope/sync/patterns": "patterns",
  "@lockscope/sync/shared": "shared",
};

const declared = "/declared/lockscope-sync.d.ts";
const sources = Object.values(entries).map((entry) => join(root, "primitives/src", `${entry}.ts`));
const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ["@lockscope/source"],
  lib: ["lib.esnext.full.d.ts"],
  strict: true,
  types: ["node"],
};
const host = ts.createCompilerHost(options);
const program = ts.createProgram([declared, ...sources], options, {
  ...host,
  fileExists: (file) => file === declared || host.fileExists(file),
  readFile: (file) => (file === declared ? declarations : host.readFile(file)),
  getSourceFile: (file, language) =>
    file === declared
      ? ts.createSourceFile(file, declarations, language, true)
      : host.getSourceFile(file, language),
});
const checker = program.getTypeChecker();

/** `Mutex`, `Mutex.lock`, `static Channel.nil`: what users can name. */
function surface(module: ts.Symbol): Set<string> {
  const found = new Set<string>();
  for (const each of checker.getExportsOfModule(module)) {
    const symbol = each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each;
    found.add(each.name);
    if (!(symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface))) continue;
    for (const member of checker.getDeclaredTypeOfSymbol(symbol).getProperties())
      if (isPublic(member)) found.add(`${each.name}.${nameOf(member)}`);
    if (!(symbol.flags & ts.SymbolFlags.Class)) continue;
    for (const member of checker.getTypeOfSymbol(symbol).getProperties())
      if (isPublic(member) && member.name !== "prototype") found.add(`static ${each.name}.${nameOf(member)}`);
  }
  return found;
}

function isPublic(member: ts.Symbol): boolean {
  const [declaration] = member.declarations ?? [];
  if (declaration === undefined || program.isSourceFileDefaultLibrary(declaration.getSourceFile()))
    return false;
  if (declaration.getSourceFile().fileName.includes("node_modules")) return false;
  if (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected))
    return false;
  // Symbols that nobody can name from outside.
  if (/^__@(?!dispose|asyncDispose|iterator|asyncIterator)/.test(member.name)) return false;
  const name = ts.getNameOfDeclaration(declaration);
  if (name !== undefined && ts.isPrivateIdentifier(name)) return false;
  return !ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === "internal");
}

/** Symbols have names of the compiler's own: `__@dispose@123`. */
const nameOf = ({ name }: ts.Symbol) => name.replace(/^__@(\w+)@\d+$/, "[Symbol.$1]");

it.each(Object.entries(entries))("the analyzer knows all that %s exports", (module, entry) => {
  const source = program.getSourceFile(join(root, "primitives/src", `${entry}.ts`));
  const library = source && checker.getSymbolAtLocation(source);
  const known = checker.getAmbientModules().find((each) => each.name === `"${module}"`);
  if (library === undefined || known === undefined) throw new Error(`${module} is not there`);
  const names = surface(known);
  expect([...surface(library)].filter((name) => !names.has(name))).toEqual([]);
});
