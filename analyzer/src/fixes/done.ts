import ts from "typescript";
import type { CountingTask } from "../facts/wg-tasks.js";
import { placeOf } from "../ir/place.js";
import type { Snapshot } from "../project/port.js";
import { enclosingFunction } from "../project/syntax.js";
import type { Edit, FixPlan } from "../rules/rule.js";
import { indentLines, indentOf, indentUnit, lineStart, newLine, removal } from "./layout.js";
import { listOf, statementOf } from "./statements.js";

/** `go(async () => { …; wg.done(); })` → `go(async () => { try { … } finally { wg.done(); } })`. */
export function doneInFinally({ body, inner }: CountingTask, snapshot: Snapshot): FixPlan | undefined {
  if (!ts.isBlock(body.body)) return undefined;
  const { statements } = body.body;
  const [first, last] = [statements[0], statements.at(-1)];
  const dones = doneCalls(body.body, inner.key, snapshot);
  const removed = dones.map((call) => statementOf(call));
  const [name] = dones.map((call) => call.getText());
  if (first === undefined || last === undefined || name === undefined) return undefined;
  const movable = removed.every(
    (each) =>
      each !== undefined && listOf(each) !== undefined && enclosingFunction(each) === body && isAlone(each),
  );
  if (!movable || !isAlone(first) || statements.every((each) => removed.some((other) => other === each)))
    return undefined;
  const file = body.getSourceFile();
  const [indent, eol, unit] = [indentOf(first), newLine(file), indentUnit(file)];
  const gone = removed.flatMap((each) => (each === undefined ? [] : [removal(each)]));
  const start = lineStart(file.text, first.getStart());
  const end = last.getEnd();
  const isGone = (edit: Edit) => gone.some((each) => each.start <= edit.start && edit.end < each.end);
  const lineEnd = file.text.indexOf("\n", end);
  const after = lineEnd < 0 ? file.text.length : lineEnd + 1;
  return {
    title: "Count it down in a finally",
    safety: "safe",
    edits: [
      { file, start, end: start, text: `${indent}try {${eol}` },
      ...indentLines(file, first.getStart(), end).filter((edit) => !isGone(edit)),
      ...gone,
      {
        file,
        start: after,
        end: after,
        text: `${indent}} finally {${eol}${indent}${unit}${name};${eol}${indent}}${eol}`,
      },
    ],
  };
}

function doneCalls(root: ts.Node, key: string, snapshot: Snapshot): ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = snapshot.calleeOf(node);
      const isDone = callee.kind === "method" && callee.operation.op === "wg-done";
      if (isDone && placeOf(callee.receiver, snapshot)?.key === key) found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

/** On lines of its own. */
function isAlone(statement: ts.Statement): boolean {
  const { text } = statement.getSourceFile();
  const from = lineStart(text, statement.getStart());
  return (
    text.slice(from, statement.getStart()).trim() === "" &&
    /^[ \t]*(\/\/[^\n]*)?\r?\n/.test(text.slice(statement.getEnd()))
  );
}
