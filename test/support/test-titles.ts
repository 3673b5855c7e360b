import { readFileSync } from "node:fs";
import ts from "typescript";

/** A test or a group of tests, and the titles of the groups around it. */
export interface Titled {
  readonly title: string;
  readonly within: readonly string[];
  readonly isGroup: boolean;
}

const groups = new Set(["describe", "suite"]);
const tests = new Set(["it", "test"]);

/** What is named in a test file by a string that stands there, groups and tests alike, in the order of the file. */
export function titlesIn(file: string): Titled[] {
  const found: Titled[] = [];
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const visit = (node: ts.Node, within: readonly string[]): void => {
    const titled = titleOf(node, within);
    if (titled !== undefined) found.push(titled);
    const inner = titled?.isGroup ? [...within, titled.title] : within;
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, []);
  return found;
}

function titleOf(node: ts.Node, within: readonly string[]): Titled | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const title = node.arguments[0] && textOf(node.arguments[0]);
  const callee = rootOf(node.expression);
  if (title === undefined || (!groups.has(callee) && !tests.has(callee))) return undefined;
  return { title, within, isGroup: groups.has(callee) };
}

/** The text of a string; of one that is put together, "…" for what is put in. */
function textOf(title: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(title)) return title.text;
  if (!ts.isTemplateExpression(title)) return undefined;
  return [title.head, ...title.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join("…");
}

/** `it` of `it.skip`, `it.each(rows)` and `it.runIf(node)`. */
function rootOf(callee: ts.Expression): string {
  let at = callee;
  while (ts.isPropertyAccessExpression(at) || ts.isCallExpression(at)) at = at.expression;
  return ts.isIdentifier(at) ? at.text : "";
}
