import ts from "typescript";
import { placeOf } from "../../ir/place.js";
import { enclosingFunction, meaningfulParent } from "../../project/syntax.js";
import { mayBeModelled } from "../events.js";
import type { Rule } from "../rule.js";
import { lockName } from "../text.js";
import { doc, sources } from "./doc.js";

export const ignoredTryLock: Rule = {
  id: "ignored-trylock",
  title: "The answer of tryLock is not used",
  severity: "error",
  doc,
  sources,
  *run({ calls, snapshot }) {
    for (const call of calls) {
      if (!mayBeModelled(call, snapshot)) continue;
      const callee = snapshot.calleeOf(call);
      if (callee.kind !== "method" || callee.operation.op !== "try-acquire") continue;
      const { waits, amount } = callee.operation;
      // Without a time limit, which comes last, it comes back only with the lock.
      if (waits && call.arguments.length <= (amount === undefined ? 0 : amount + 1)) continue;
      const { parent } = meaningfulParent(call);
      const dropped = ts.isExpressionStatement(parent) || ts.isVoidExpression(parent);
      if (!dropped && !(ts.isVariableDeclaration(parent) && isNeverRead(parent))) continue;
      const written = placeOf(callee.receiver, snapshot)?.text ?? callee.receiver.getText();
      yield {
        node: call,
        message: `${lockName(call, written, snapshot)} may not be held after this: ${callee.method}() answers whether it took it, and nobody looks`,
      };
    }
  },
};

/** `const locked = mu.tryLock()` and not another word of `locked`. */
function isNeverRead(declaration: ts.VariableDeclaration): boolean {
  const { name } = declaration;
  if (!ts.isIdentifier(name) || ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export)
    return false;
  let read = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text) read = true;
    ts.forEachChild(node, visit);
  };
  visit(enclosingFunction(name));
  return !read;
}
