import ts from "typescript";
import { enclosingFunction, isAsync, meaningfulParent } from "../project/syntax.js";
import type { Edit, FixPlan } from "../rules/rule.js";

/** `mu.lock()` → `await mu.lock()`, with `async` for the function around it where it is missing. */
export function addAwait(call: ts.CallExpression): FixPlan | undefined {
  const file = call.getSourceFile();
  const { parent } = meaningfulParent(call);
  const awaited: Edit = ts.isVoidExpression(parent)
    ? { file, start: parent.getStart(), end: parent.expression.getStart(), text: "await " }
    : { file, start: call.getStart(), end: call.getStart(), text: "await " };
  const home = enclosingFunction(call);
  if (ts.isSourceFile(home)) {
    return ts.isExternalModule(home) ? { title: "Add await", safety: "safe", edits: [awaited] } : undefined;
  }
  if (isAsync(home)) return { title: "Add await", safety: "safe", edits: [awaited] };
  const madeAsync = asyncModifier(home);
  // Its callers get a promise now: they have to wait for it as well.
  return (
    madeAsync && {
      title: "Make the function async and add await",
      safety: "unsafe",
      edits: [madeAsync, awaited],
    }
  );
}

function asyncModifier(home: ts.Node): Edit | undefined {
  if (ts.isConstructorDeclaration(home) || ts.isAccessor(home) || ts.isClassStaticBlockDeclaration(home))
    return undefined;
  if (ts.isFunctionDeclaration(home) && home.type !== undefined) return undefined;
  if (ts.isMethodDeclaration(home) && home.type !== undefined) return undefined;
  const file = home.getSourceFile();
  const keyword = home.getChildren().find((child) => child.kind === ts.SyntaxKind.FunctionKeyword);
  const at = keyword ?? (ts.isMethodDeclaration(home) ? home.name : home);
  const start = at.getStart();
  return { file, start, end: start, text: "async " };
}
