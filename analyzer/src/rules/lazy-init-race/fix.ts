import ts from "typescript";
import { indentOf, newLine } from "../../fixes/layout.js";
import type { Race } from "../../plain/race/walker.js";
import type { Scopes } from "../../plain/scopes.js";
import { bare } from "../../project/syntax.js";
import type { FixPlan } from "../rule.js";

/**
 * `x = await make()` of a module's variable: whoever comes while it is being made waits for the same promise.
 * Unsafe: a caller that relies on a call of its own no longer has one.
 */
export function shareThePromise({ write }: Race, scopes: Scopes): FixPlan | undefined {
  if (!ts.isBinaryExpression(write)) return undefined;
  const target = bare(write.left);
  const made = callOf(write.right);
  if (made === undefined || !ts.isIdentifier(target) || !isTheSameForAll(made, scopes)) return undefined;
  const declaration = scopes.bindingOf(target)?.declaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const statement = declaration.parent.parent;
  if (!ts.isVariableStatement(statement) || !ts.isSourceFile(statement.parent)) return undefined;
  const file = write.getSourceFile();
  const name = `${target.text}Pending`;
  if (new RegExp(`\\b${name}\\b`).test(file.text)) return undefined;
  const type = /\.[cm]?tsx?$/.test(file.fileName)
    ? `: Promise<NonNullable<typeof ${target.text}>> | undefined`
    : "";
  const start = made.getStart();
  return {
    title: "Let everybody wait for the same promise",
    safety: "unsafe",
    edits: [
      {
        file,
        start: statement.end,
        end: statement.end,
        text: `${newLine(file)}${indentOf(statement)}let ${name}${type};`,
      },
      { file, start, end: start, text: `(${name} ??= ` },
      { file, start: made.end, end: made.end, text: `.finally(() => { ${name} = undefined; }))` },
    ],
  };
}

/** `make()` of `await make()`, `x ?? (await make())`, `x || (await make())`. */
function callOf(value: ts.Expression): ts.CallExpression | undefined {
  const node = bare(value);
  if (ts.isBinaryExpression(node)) return callOf(node.right);
  if (!ts.isAwaitExpression(node)) return undefined;
  const made = bare(node.expression);
  return ts.isCallExpression(made) ? made : undefined;
}

/** Whether the call says nothing of its caller: what is made for one of them is what the others want. */
function isTheSameForAll(node: ts.Node, scopes: Scopes): boolean {
  if (node.kind === ts.SyntaxKind.ThisKeyword) return false;
  if (ts.isIdentifier(node)) {
    const binding = scopes.bindingOf(node);
    if (binding !== undefined && !ts.isSourceFile(binding.home)) return false;
  }
  return ts.forEachChild(node, (child) => (isTheSameForAll(child, scopes) ? undefined : true)) === undefined;
}
