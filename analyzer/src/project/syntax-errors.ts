import ts from "typescript";

/**
 * The functions that syntax errors make unreliable: those around an error, and, where the error is
 * outside all functions, the one before it, which a brace too many may have ended too early.
 */
export function brokenFunctions(file: ts.SourceFile, errors: readonly number[]): ReadonlySet<ts.Node> {
  const broken = new Set<ts.Node>();
  if (errors.length === 0) return broken;
  const functions: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) functions.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const error of errors) {
    const around = functions.filter((each) => each.pos <= error && error <= each.end);
    const before = functions.filter((each) => each.end <= error);
    const last = Math.max(...before.map((each) => each.end));
    const meant = around.length > 0 ? around : before.filter((each) => each.end === last);
    for (const each of meant) broken.add(each);
    if (around.length === 0) broken.add(file);
  }
  return broken;
}

/** Whether a text is free of syntax errors, as far as the parser alone can tell. */
export function parses(file: string, text: string): boolean {
  const parsed: ts.SourceFile & { readonly parseDiagnostics?: readonly ts.Diagnostic[] } =
    ts.createSourceFile(file, text, {
      languageVersion: ts.ScriptTarget.ESNext,
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    });
  return (parsed.parseDiagnostics ?? []).length === 0;
}
