import ts from "typescript";

/** What a JSDoc comment says of a lock: `@guardedBy` of a field or variable, the others of a function. */
export type AnnotationKind = "guardedBy" | "acquires" | "releases" | "requires" | "excludes";

export const annotationKinds: readonly AnnotationKind[] = [
  "guardedBy",
  "acquires",
  "releases",
  "requires",
  "excludes",
];

export interface Annotation {
  readonly kind: AnnotationKind;
  /** As written: `mu`, `#mu`, `this.state.mu`. */
  readonly path: string;
  readonly file: ts.SourceFile;
  /** Where the path stands. */
  readonly start: number;
  readonly end: number;
  /** It starts a line of the comment, as a tag of JSDoc does: then it cannot be prose. */
  readonly isTag: boolean;
}

const tag = new RegExp(`(^|\\s)@(${annotationKinds.join("|")})[ \\t]+`, "g");
const path = /(?:this\.)?#?[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.#?[\p{ID_Start}$_][\p{ID_Continue}$]*)*/uy;

const mentions = new WeakMap<ts.SourceFile, boolean>();

/** Most files have none: one look at the text, and no comment of theirs is ever read. */
export function mentionsAnnotation(file: ts.SourceFile): boolean {
  let known = mentions.get(file);
  if (known === undefined) {
    known = /@(?:guardedBy|acquires|releases|requires|excludes)\b/.test(file.text);
    mentions.set(file, known);
  }
  return known;
}

/** The annotations in the JSDoc comments of a declaration. */
export function annotationsOf(declaration: ts.Node): readonly Annotation[] {
  const file = declaration.getSourceFile();
  if (!mentionsAnnotation(file)) return [];
  return documented(declaration)
    .flatMap((node) => commentsOf(node, file))
    .flatMap((range) => read(file, range));
}

/** All annotations of a file's comments, wherever they stand: for the editor. */
export function annotationsIn(file: ts.SourceFile): readonly Annotation[] {
  if (!mentionsAnnotation(file)) return [];
  return [...file.text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((match) =>
    read(file, { pos: match.index, end: match.index + match[0].length }),
  );
}

/** The nodes whose comment speaks of the declaration: its own, and those of the statement that it makes up. */
function documented(declaration: ts.Node): ts.Node[] {
  const found = [declaration];
  let at = declaration;
  for (;;) {
    const { parent } = at;
    if (parent === undefined) return found;
    if (ts.isVariableStatement(parent)) return [...found, parent];
    const same =
      (ts.isVariableDeclaration(parent) && parent.initializer === at) ||
      (ts.isVariableDeclarationList(parent) && parent.declarations.length === 1) ||
      ((ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent)) && parent.initializer === at) ||
      // JavaScript: `/** @guardedBy mu */ this.items = [];`
      (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) ||
      (ts.isExpressionStatement(parent) && ts.isBinaryExpression(at)) ||
      (ts.isParenthesizedExpression(parent) && ts.isFunctionLike(declaration));
    if (!same) return found;
    found.push(parent);
    at = parent;
  }
}

function commentsOf(node: ts.Node, file: ts.SourceFile): readonly ts.TextRange[] {
  const from = node.getFullStart();
  const beside = (ts.getTrailingCommentRanges(file.text, from) ?? []).filter(
    // Behind the token before, and on the node's own line: `(/** @guardedBy mu */ private items: Item[])`.
    ({ end }) => !file.text.slice(end, node.getStart(file)).includes("\n"),
  );
  const ranges = [...beside, ...(ts.getLeadingCommentRanges(file.text, from) ?? [])];
  const last = ranges.filter((range) => file.text.startsWith("/**", range.pos)).at(-1);
  const overloads = overloadsBefore(node).flatMap((each) => commentsOf(each, file));
  return last === undefined ? overloads : [last, ...overloads];
}

/** The comment of an overloaded function stands at its first signature. */
function overloadsBefore(node: ts.Node): ts.Node[] {
  const isOverloaded =
    (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body !== undefined;
  if (!isOverloaded) return [];
  const siblings: readonly ts.Node[] = ts.isClassLike(node.parent)
    ? node.parent.members
    : "statements" in node.parent
      ? (node.parent as ts.Block).statements
      : [];
  const found: ts.Node[] = [];
  for (let index = siblings.indexOf(node) - 1; index >= 0; index -= 1) {
    const other = siblings[index];
    const isSignature =
      other !== undefined &&
      (ts.isFunctionDeclaration(other) || ts.isMethodDeclaration(other)) &&
      other.body === undefined &&
      other.name?.getText() === node.name?.getText();
    if (!isSignature) break;
    found.push(other);
  }
  return found;
}

function read(file: ts.SourceFile, { pos, end }: ts.TextRange): Annotation[] {
  const comment = file.text.slice(pos, end);
  const found: Annotation[] = [];
  for (const match of comment.matchAll(tag)) {
    const lineStart = comment.lastIndexOf("\n", match.index) + 1;
    const before = comment.slice(lineStart, match.index + (match[1] ?? "").length);
    const isTag = /^[\s/*]*$/.test(before);
    let at = match.index + match[0].length;
    for (;;) {
      path.lastIndex = at;
      const name = path.exec(comment);
      if (name === null) break;
      const start = pos + at;
      found.push({
        kind: match[2] as AnnotationKind,
        path: name[0],
        file,
        start,
        end: start + name[0].length,
        isTag,
      });
      const comma = /,[ \t]*/y;
      comma.lastIndex = at + name[0].length;
      const more = comma.exec(comment);
      if (more === null) break;
      at = comma.lastIndex;
    }
  }
  return found;
}
