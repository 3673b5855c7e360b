import ts from "typescript";
import { bare, enclosingFunction, isAsync } from "../project/syntax.js";
import type { Edit, FixPlan } from "../rules/rule.js";
import { indentLines, indentOf, indentUnit, lineStart, newLine } from "./layout.js";
import { listOf } from "./statements.js";

/** `const [ctx, cancel] = withCancel(…); …` → `…; try { … } finally { cancel(); }`. Cancelling twice does nothing. */
export function cancelInFinally(
  call: ts.CallExpression,
  declaration: ts.VariableDeclaration,
  cancel: string | undefined,
): FixPlan | undefined {
  const statement = declaration.parent.parent;
  if (!ts.isVariableStatement(statement) || !ts.isArrayBindingPattern(declaration.name)) return undefined;
  const alone = statement.declarationList.declarations.length === 1;
  if (!alone || ts.isSourceFile(statement.parent)) return undefined;
  const list = listOf(statement);
  const rest = list?.slice(list.indexOf(statement) + 1) ?? [];
  const last = rest.at(-1);
  const file = call.getSourceFile();
  if (last === undefined || ![statement, ...rest].every(startsLine)) return undefined;
  const waited = awaitedReturns(rest, enclosingFunction(statement));
  if (waited === undefined) return undefined;
  const name = cancel ?? freeName(enclosingFunction(statement));
  const bound = declaration.name.elements[0];
  if (bound === undefined) return undefined;
  const added: Edit[] =
    cancel === undefined ? [{ file, start: bound.getEnd(), end: bound.getEnd(), text: `, ${name}` }] : [];
  const [indent, eol] = [indentOf(statement), newLine(file)];
  const start = endOfLine(file, statement.getEnd());
  const end = endOfLine(file, last.getEnd());
  return {
    title: "Cancel it in a finally",
    safety: "unsafe",
    edits: [
      ...added,
      { file, start, end: start, text: `${eol}${indent}try {` },
      ...indentLines(file, start + 1, end),
      ...waited,
      {
        file,
        start: end,
        end,
        text: `${eol}${indent}} finally {${eol}${indent}${indentUnit(file)}${name}();${eol}${indent}}`,
      },
    ],
  };
}

/** In a try a promise has to be awaited before the `finally` runs; undefined where the function cannot. */
function awaitedReturns(statements: readonly ts.Statement[], home: ts.Node): Edit[] | undefined {
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    const value = ts.isReturnStatement(node) && node.expression ? bare(node.expression) : undefined;
    if (value !== undefined && ts.isCallExpression(value)) {
      const start = value.getStart();
      edits.push({ file: node.getSourceFile(), start, end: start, text: "await " });
    }
    ts.forEachChild(node, visit);
  };
  statements.forEach(visit);
  const plain = edits.every((edit) => edit.file.text[edit.start] !== "(");
  return edits.length === 0 || (isAsync(home) && plain) ? edits : undefined;
}

function startsLine(statement: ts.Statement): boolean {
  const { text } = statement.getSourceFile();
  return text.slice(lineStart(text, statement.getStart()), statement.getStart()).trim() === "";
}

function endOfLine(file: ts.SourceFile, position: number): number {
  const end = file.text.indexOf("\n", position);
  const line = end < 0 ? file.text.length : end;
  return file.text[line - 1] === "\r" ? line - 1 : line;
}

function freeName(node: ts.Node): string {
  const text = node.getText();
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? "cancel" : `cancel${n}`;
    if (!new RegExp(`\\b${name}\\b`).test(text)) return name;
  }
}
