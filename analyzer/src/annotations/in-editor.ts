import ts from "typescript";
import type { CompletionInfo, HoverInfo, Position, Range } from "../api.js";
import type { Snapshot } from "../project/port.js";
import { meanings } from "./kinds.js";
import { locksInSight } from "./locks-in-sight.js";
import { type AnnotationKind, annotationKinds, annotationsIn, annotationsOf } from "./parse.js";
import { resolve } from "./resolve.js";

/** Whether a position in a text can be one where an annotation is written: asked before anything is parsed. */
export function isInAnnotation(text: string, { line, character }: Position): boolean {
  const before = lineBefore(text, line, character);
  return (
    /@\w*$|@(?:guardedBy|acquires|releases|requires|excludes)[ \t][^@]*$/.test(before) &&
    /^\s*(?:\*|.*\/\*\*)/.test(before)
  );
}

function lineBefore(text: string, line: number, character: number): string {
  let start = 0;
  for (let at = 0; at < line; at += 1) {
    start = text.indexOf("\n", start) + 1;
    if (start === 0) return "";
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, Math.min(start + character, end < 0 ? text.length : end));
}

/** The tags, or the locks that a tag may name here. */
export function completionsAt(snapshot: Snapshot, fileName: string, position: Position): CompletionInfo[] {
  const file = snapshot.sourceFile(fileName);
  if (file === undefined || !isInAnnotation(file.text, position)) return [];
  const before = lineBefore(file.text, position.line, position.character);
  const declaration = declarationBehind(
    file,
    file.getPositionOfLineAndCharacter(position.line, 0) + before.length,
  );
  const begun = /(?:^|\s)@(\w*)$/.exec(before);
  if (begun !== null) return tags(declaration, typed(position, `@${begun[1] ?? ""}`));
  const named = /(?:^|\s)@(\w+)[ \t]+(?:\S+[ \t]*,[ \t]*)*([^\s,]*)$/.exec(before);
  const kind = annotationKinds.find((each) => each === named?.[1]);
  if (kind === undefined || declaration === undefined) return [];
  const range = typed(position, named?.[2] ?? "");
  return locksInSight(declaration, snapshot).map(({ path, className }) => ({
    label: path,
    detail: className,
    documentation: meanings[kind].text,
    kind: "lock",
    range,
  }));
}

function tags(declaration: ts.Node | undefined, range: Range): CompletionInfo[] {
  const on = declaration === undefined ? undefined : ts.isFunctionLike(declaration) ? "function" : "state";
  return annotationKinds
    .filter((kind) => on === undefined || meanings[kind].on === on)
    .map((kind) => ({
      label: `@${kind}`,
      detail: "Lockscope",
      documentation: meanings[kind].text,
      kind: "tag",
      range,
    }));
}

function typed({ line, character }: Position, text: string): Range {
  return { start: { line, character: character - text.length }, end: { line, character } };
}

/** What an annotation under the cursor says, or that what is under the cursor is guarded. */
export function annotationHover(
  file: ts.SourceFile,
  offset: number,
  snapshot: Snapshot,
): HoverInfo | undefined {
  for (const annotation of annotationsIn(file)) {
    const tagStart = file.text.lastIndexOf("@", annotation.start);
    if (offset < tagStart || offset >= annotation.end) continue;
    const declaration = declarationBehind(file, annotation.start);
    const { lock } = declaration ? resolve(annotation, declaration, snapshot) : {};
    const range = {
      start: file.getLineAndCharacterOfPosition(tagStart),
      end: file.getLineAndCharacterOfPosition(annotation.end),
    };
    const which =
      lock === undefined ? `There is no lock \`${annotation.path}\` here.` : `\`${lock.place.text}\``;
    return { markdown: `**@${annotation.kind}** ${which} - ${meanings[annotation.kind].text}`, range };
  }
  return undefined;
}

/** `guarded by …`, `requires …`: what the comment of a declaration says, in a line. */
export function annotationText(declaration: ts.Node): string | undefined {
  const annotations = annotationsOf(declaration);
  if (annotations.length === 0) return undefined;
  const words: Readonly<Record<AnnotationKind, string>> = {
    guardedBy: "guarded by",
    acquires: "acquires",
    releases: "releases",
    requires: "requires",
    excludes: "excludes",
  };
  return annotations.map(({ kind, path }) => `${words[kind]} \`${path}\``).join(", ");
}

/** The declaration that a comment stands before. */
function declarationBehind(file: ts.SourceFile, offset: number): ts.Node | undefined {
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (offset < node.getFullStart() || offset >= node.getEnd()) return;
    if (offset < node.getStart(file)) found ??= declared(node);
    if (found === undefined) ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found;
}

/** A statement or member stands for what it declares: a function where that is its value. */
function declared(node: ts.Node): ts.Node | undefined {
  if (ts.isVariableStatement(node)) {
    const [first] = node.declarationList.declarations;
    return first && declared(first);
  }
  if (ts.isExpressionStatement(node) && ts.isBinaryExpression(node.expression)) return node.expression.left;
  const holds =
    ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node);
  if (holds)
    return node.initializer !== undefined && ts.isFunctionLike(node.initializer) ? node.initializer : node;
  const isDeclaration = ts.isFunctionLike(node) || ts.isPropertySignature(node) || ts.isParameter(node);
  return isDeclaration ? node : undefined;
}
