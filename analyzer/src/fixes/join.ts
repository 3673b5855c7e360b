import ts from "typescript";
import { enclosingFunction, isAsync } from "../project/syntax.js";
import type { FixPlan } from "../rules/rule.js";
import { indentOf, newLine } from "./layout.js";
import { statementOf } from "./statements.js";

/** `go(…); …` → `const task = go(…); …; await task.join();` at the end of the test. */
export function joinAtTheEnd(spawn: ts.CallExpression): FixPlan | undefined {
  const home = enclosingFunction(spawn);
  const body = ts.isFunctionLike(home) && "body" in home ? (home.body as ts.Node | undefined) : undefined;
  const statement = statementOf(spawn);
  if (body === undefined || !ts.isBlock(body) || !isAsync(home) || statement?.parent !== body)
    return undefined;
  const last = body.statements.at(-1);
  if (last === undefined || ts.isReturnStatement(last)) return undefined;
  const file = spawn.getSourceFile();
  const name = freeName(home);
  const start = spawn.getStart();
  const end = last.getEnd();
  return {
    title: "Join it at the end of the test",
    safety: "unsafe",
    edits: [
      { file, start: statement.getStart(), end: start, text: `const ${name} = ` },
      { file, start: end, end, text: `${newLine(file)}${indentOf(statement)}await ${name}.join();` },
    ],
  };
}

function freeName(node: ts.Node): string {
  const text = node.getText();
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? "task" : `task${n}`;
    if (!new RegExp(`\\b${name}\\b`).test(text)) return name;
  }
}
