import ts from "typescript";
import type { Snapshot, Variable } from "../project/port.js";
import { syntaxOf } from "./syntax-index.js";

/**
 * Where the name of a declaration stands: in its own file, when no other can name it, else in every file
 * that has the name. Whether it means that declaration there is the caller's question.
 */
export function occurrencesOf(
  variable: Pick<Variable, "name" | "declaration">,
  snapshot: Snapshot,
): readonly ts.Identifier[] {
  const { declaration } = variable;
  const name = (declaration && declaredName(declaration)) ?? variable.name;
  const home =
    declaration !== undefined && isConfined(declaration) ? fileOf(declaration, snapshot) : undefined;
  if (home !== undefined) return syntaxOf(home).names.get(name) ?? [];
  let names = everywhere.get(snapshot);
  if (names === undefined) {
    names = createNames(sourcesOf(snapshot));
    everywhere.set(snapshot, names);
  }
  return names(name);
}

/** The file's tree of now: what was remembered of a declaration may be older. */
function fileOf(declaration: ts.Declaration, snapshot: Snapshot): ts.SourceFile | undefined {
  return snapshot.sourceFile(declaration.getSourceFile().fileName);
}

/** The files in which a declaration can be named. */
export function filesNaming(
  variable: Pick<Variable, "name" | "declaration">,
  snapshot: Snapshot,
): readonly ts.SourceFile[] {
  return [...new Set(occurrencesOf(variable, snapshot).map((name) => name.getSourceFile()))];
}

const everywhere = new WeakMap<Snapshot, (name: string) => readonly ts.Identifier[]>();
const sources = new WeakMap<Snapshot, readonly ts.SourceFile[]>();

/** The trees of all files of the snapshot. */
export function sourcesOf(snapshot: Snapshot): readonly ts.SourceFile[] {
  let found = sources.get(snapshot);
  if (found === undefined) {
    found = snapshot.files.flatMap((file) => snapshot.sourceFile(file) ?? []);
    sources.set(snapshot, found);
  }
  return found;
}

/** So many names are looked up file by file; who asks for more asks for all. */
const fewNames = 64;

/** After an edit few names are asked for, in a check of everything those of every file. */
function createNames(files: readonly ts.SourceFile[]): (name: string) => readonly ts.Identifier[] {
  const known = new Map<string, readonly ts.Identifier[]>();
  let byName: ReadonlyMap<string, readonly ts.SourceFile[]> | undefined;
  return (name) => {
    let found = known.get(name);
    if (found === undefined) {
      if (known.size >= fewNames) byName ??= filesByName(files);
      found = (byName === undefined ? files : (byName.get(name) ?? [])).flatMap((file) => inFile(name, file));
      known.set(name, found);
    }
    return found;
  };
}

function filesByName(files: readonly ts.SourceFile[]): ReadonlyMap<string, readonly ts.SourceFile[]> {
  const found = new Map<string, ts.SourceFile[]>();
  for (const file of files) {
    for (const name of syntaxOf(file).names.keys()) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [file]);
      else known.push(file);
    }
  }
  return found;
}

function inFile(name: string, file: ts.SourceFile): readonly ts.Identifier[] {
  const { names, renamedImports } = syntaxOf(file);
  const own = names.get(name);
  if (own === undefined) return [];
  const renamed = renamedImports.get(name);
  return renamed === undefined ? own : [...own, ...renamed.flatMap((local) => names.get(local) ?? [])];
}

/** A default export is called `default` elsewhere. */
function declaredName(declaration: ts.Declaration): string | undefined {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))
    ? name.text
    : undefined;
}

/** Whether no other file can name what is declared here. */
export function isConfined(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  if (name === undefined) return false;
  if (ts.isPrivateIdentifier(name)) return true;
  const isMember =
    ts.isClassElement(declaration) ||
    (ts.isParameter(declaration) && ts.isParameterPropertyDeclaration(declaration, declaration.parent));
  // Scripts do not know `private`.
  if (isMember)
    return (
      (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) !== 0 &&
      !/\.[cm]?jsx?$/.test(declaration.getSourceFile().fileName)
    );
  const isVariable =
    ts.isVariableDeclaration(declaration) ||
    ts.isBindingElement(declaration) ||
    ts.isParameter(declaration) ||
    ts.isFunctionDeclaration(declaration) ||
    ts.isClassDeclaration(declaration);
  if (!isVariable || !ts.isIdentifier(name)) return false;
  if (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) return false;
  const around = scopeOf(declaration);
  if (!ts.isSourceFile(around)) return !ts.isModuleBlock(around);
  return ts.isExternalModule(around) && !isExportedByName(name, around);
}

/** What a variable is declared in: a function, a block, the file. */
function scopeOf(declaration: ts.Node): ts.Node {
  let at = declaration.parent;
  while (
    ts.isVariableDeclarationList(at) ||
    ts.isVariableStatement(at) ||
    ts.isVariableDeclaration(at) ||
    ts.isBindingElement(at) ||
    ts.isBindingName(at)
  )
    at = at.parent;
  return at;
}

function isExportedByName({ text }: ts.Identifier, file: ts.SourceFile): boolean {
  const all = syntaxOf(file).names.get(text) ?? [];
  return all.some(({ parent }) => ts.isExportSpecifier(parent) || ts.isExportAssignment(parent));
}

/** Whether other files may call it something else: the default export, an export under another name. */
export function hasOtherNames(declaration: ts.Node): boolean {
  const isOfFile =
    ts.isFunctionDeclaration(declaration) ||
    ts.isClassDeclaration(declaration) ||
    ts.isVariableDeclaration(declaration);
  if (!isOfFile) return false;
  if (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Default) return true;
  const { name } = declaration;
  return name !== undefined && ts.isIdentifier(name) && isExportedByName(name, declaration.getSourceFile());
}
