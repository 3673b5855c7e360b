import ts from "typescript";
import type { Lasting } from "../project/lasting.js";
import type { Snapshot, Variable } from "../project/port.js";
import { bare, enclosingFunction, isFunctionLiteral } from "../project/syntax.js";
import { syntaxOf } from "./syntax-index.js";

/**
 * Where the name of a declaration stands: in the class or function that alone can name it, in its own file,
 * when no other can, else in every file that has the name and imports it from far or near. Whether it means that
 * declaration there is the caller's question.
 */
export function occurrencesOf(
  variable: Pick<Variable, "name" | "declaration">,
  snapshot: Snapshot,
): readonly ts.Identifier[] {
  const { declaration } = variable;
  const name = (declaration && declaredName(declaration)) ?? variable.name;
  const home =
    declaration !== undefined && isConfined(declaration) ? fileOf(declaration, snapshot) : undefined;
  if (declaration !== undefined && home !== undefined)
    return within(syntaxOf(home).names.get(name) ?? [], reachOf(declaration, home));
  return filesNaming(variable, snapshot).flatMap((file) => inFile(name, file));
}

/** The files in which a declaration that is not confined to one can be named: asked again, the same list. */
export function filesNaming(
  { name: ownName, declaration }: Pick<Variable, "name" | "declaration">,
  snapshot: Snapshot,
): readonly ts.SourceFile[] {
  const names = namesOf(snapshot);
  if (declaration === undefined) return names.filesWith(ownName);
  let files = names.ofDeclarations.get(declaration);
  if (files === undefined) {
    const name = declaredName(declaration) ?? ownName;
    files = inReach(names.filesWith(name), name, declaration, snapshot);
    names.ofDeclarations.set(declaration, files);
  }
  return files;
}

function inReach(
  files: readonly ts.SourceFile[],
  name: string,
  declaration: ts.Declaration,
  snapshot: Snapshot,
): readonly ts.SourceFile[] {
  if (files.length < 2 || isImplementation(declaration, name, snapshot)) return files;
  const reach = snapshot.lasting.revisions.importers.reach(declaration.getSourceFile().fileName);
  // In a comment, a script imports types.
  return reach === undefined
    ? files
    : files.filter(({ fileName }) => reach.has(fileName) || isScript(fileName));
}

/** Whether it may be called as a member of some other type, by those who know nothing of this one. */
function isImplementation(declaration: ts.Declaration, name: string, snapshot: Snapshot): boolean {
  const { parent } = declaration;
  const extendsOther =
    ts.isClassLike(parent) &&
    parent.heritageClauses?.some(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  if (extendsOther) return true;
  const isMember = ts.isClassElement(declaration) || ts.isObjectLiteralElement(declaration);
  return isMember && !isState(declaration) && snapshot.isSignatureName(name);
}

/** A field that holds no function: nothing else implements it. */
function isState(member: ts.Declaration): boolean {
  return (
    ts.isPropertyDeclaration(member) &&
    (member.initializer === undefined || !isFunctionLiteral(bare(member.initializer)))
  );
}

function isScript(file: string): boolean {
  return /\.[cm]?jsx?$/.test(file);
}

/** Where a confined declaration can be named. A file may have the same name in each of many classes. */
function reachOf(declaration: ts.Declaration, home: ts.SourceFile): ts.Node {
  if (declaration.getSourceFile() !== home) return home;
  const name = ts.getNameOfDeclaration(declaration);
  if (name !== undefined && ts.isPrivateIdentifier(name)) return declaration.parent;
  const isMember =
    ts.isClassElement(declaration) || ts.isParameterPropertyDeclaration(declaration, declaration.parent);
  return isMember ? home : enclosingFunction(declaration);
}

function within(names: readonly ts.Identifier[], { pos, end }: ts.Node): readonly ts.Identifier[] {
  const [first, last] = [names[0], names.at(-1)];
  if (first === undefined || last === undefined || (pos <= first.pos && last.end <= end)) return names;
  return names.filter((name) => pos <= name.pos && name.end <= end);
}

/** The file's tree of now: what was remembered of a declaration may be older. */
function fileOf(declaration: ts.Declaration, snapshot: Snapshot): ts.SourceFile | undefined {
  return snapshot.sourceFile(declaration.getSourceFile().fileName);
}

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

/** The files that have a name, in the order of the snapshot's. */
interface Names {
  filesWith(name: string): readonly ts.SourceFile[];
  /** Those among them that can come to a declaration, as far as somebody has asked. */
  readonly ofDeclarations: WeakMap<ts.Declaration, readonly ts.SourceFile[]>;
}

const indexes = new WeakMap<Lasting, (snapshot: Snapshot) => Names>();
const answers = new WeakMap<Snapshot, Names>();

function namesOf(snapshot: Snapshot): Names {
  let names = answers.get(snapshot);
  if (names === undefined) {
    const { lasting } = snapshot;
    const index = indexes.get(lasting) ?? createIndex();
    indexes.set(lasting, index);
    names = index(snapshot);
    answers.set(snapshot, names);
  }
  return names;
}

/** The names of all files; after an edit only those of the files that it changed are looked at. */
function createIndex(): (snapshot: Snapshot) => Names {
  const files = new Map<string, { readonly source: ts.SourceFile; readonly names: Iterable<string> }>();
  const byName = new Map<string, Set<string>>();

  function forget(file: string): void {
    for (const name of files.get(file)?.names ?? []) byName.get(name)?.delete(file);
    files.delete(file);
  }

  function learn(file: string, source: ts.SourceFile): void {
    const names = [...syntaxOf(source).names.keys()];
    files.set(file, { source, names });
    for (const name of names) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, new Set([file]));
      else known.add(file);
    }
  }

  return (snapshot) => {
    const order = new Map<string, number>();
    for (const source of sourcesOf(snapshot)) {
      const file = source.fileName;
      order.set(file, order.size);
      if (files.get(file)?.source === source) continue;
      forget(file);
      learn(file, source);
    }
    for (const file of files.keys()) if (!order.has(file)) forget(file);
    const known = new Map<string, readonly ts.SourceFile[]>();
    return {
      ofDeclarations: new WeakMap(),
      filesWith(name) {
        let found = known.get(name);
        if (found === undefined) {
          found = [...(byName.get(name) ?? [])]
            .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
            .flatMap((file) => files.get(file)?.source ?? []);
          known.set(name, found);
        }
        return found;
      },
    };
  };
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
      !isScript(declaration.getSourceFile().fileName)
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
