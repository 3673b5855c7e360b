import ts from "typescript";
import { keepAnswers } from "../../../project/kept-answers.js";
import type { Snapshot } from "../../../project/port.js";
import { componentsOf } from "./components.js";

/**
 * The files that a channel can come to: those that name them, and all that these import or are imported by,
 * over any number of steps. Of the others nothing is read.
 */
export function concernedFiles(
  files: readonly ts.SourceFile[],
  naming: readonly ts.SourceFile[],
  snapshot: Snapshot,
): readonly ts.SourceFile[] {
  const [first] = naming;
  if (first === undefined) return [];
  const groupOf = componentsOf(files, (file) =>
    mayMeetAnybody(file)
      ? [first.fileName]
      : file.statements.flatMap((statement) => linksOf(statement, snapshot)),
  );
  const groups = new Set(naming.map((file) => groupOf(file.fileName)));
  return files.filter((file) => groups.has(groupOf(file.fileName)));
}

const globals =
  /\bdeclare\s+global\b|\b(?:import|require)\s*\(\s*["'`](?![./]|node:)|\bexport\s*\*\s*(?:as\s+\w+\s*)?from\s*["'`](?![./])/;
const meetingAnybody = new WeakMap<ts.SourceFile, boolean>();

/** A script, whose names are everybody's; a module that reaches another one in a way that the text does not name. */
function mayMeetAnybody(file: ts.SourceFile): boolean {
  let answer = meetingAnybody.get(file);
  if (answer === undefined) {
    answer = !ts.isExternalModule(file) || globals.test(file.text);
    meetingAnybody.set(file, answer);
  }
  return answer;
}

/** Files that an import by the name of a package leads to: of a workspace, or by another name for a path. */
function linksOf(statement: ts.Statement, snapshot: Snapshot): readonly string[] {
  const specifier =
    ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)
      ? statement.moduleSpecifier
      : undefined;
  if (specifier === undefined || !ts.isStringLiteral(specifier)) return [];
  return /^(?:\.|node:|@lockscope\/)/.test(specifier.text)
    ? []
    : links(statement, snapshot, () => resolve(statement, snapshot));
}

const links = keepAnswers<readonly string[]>();

function resolve(statement: ts.Statement, snapshot: Snapshot): readonly string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportClause(node) || ts.isNamespaceImport(node) || ts.isImportSpecifier(node)) note(node.name);
    if (ts.isExportSpecifier(node) && ts.isIdentifier(node.name)) note(node.name);
    ts.forEachChild(node, visit);
  };
  const note = (name: ts.Identifier | undefined): void => {
    const declaration = name && snapshot.variableOf(name)?.declaration;
    if (declaration !== undefined) found.add(declaration.getSourceFile().fileName);
  };
  visit(statement);
  return [...found];
}
