import ts from "typescript";
import { methodFor } from "../../model/index.js";
import { meaningfulParent } from "../../project/syntax.js";
import type { FixPlan, Rule, RuleContext } from "../rule.js";
import { lineOf, lockName, takenNote } from "../text.js";
import { doc, sources } from "./doc.js";
import { mistakenLocks } from "./mistaken.js";

export const lockInFinally: Rule = {
  id: "lock-in-finally",
  title: "A lock where an unlock was meant",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const { call, text, before } of mistakenLocks(context).values()) {
      const name = lockName(call, text, context.snapshot);
      yield {
        node: call,
        message:
          before === undefined
            ? `${name} is locked at the end and left so: was its unlock meant?`
            : `${name} is locked at the end of what it was locked for at line ${lineOf(before.site)}: its unlock was meant`,
        related: before === undefined ? [] : [takenNote(before)],
        // Where nothing took it before, an unlock would release somebody else's turn.
        fixes: before === undefined ? [] : [unlockInstead(call, "safe", context)],
      };
    }
  },
};

/** `await mu.lock()` → `mu.unlock()`. */
function unlockInstead(
  call: ts.CallExpression,
  safety: FixPlan["safety"],
  { snapshot }: RuleContext,
): FixPlan | undefined {
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "method" || callee.operation.op !== "acquire") return undefined;
  const { mode } = callee.operation;
  const release = methodFor(callee.model, (each) => each.op === "release" && each.mode === mode);
  if (release === undefined) return undefined;
  const { parent } = meaningfulParent(call);
  const whole = ts.isAwaitExpression(parent) || ts.isVoidExpression(parent) ? parent : call;
  const operation = callee.model.methods[release];
  const waits = operation?.op === "release" && operation.async === true ? "await " : "";
  return {
    title: `Change to ${release}()`,
    safety,
    edits: [
      {
        file: call.getSourceFile(),
        start: whole.getStart(),
        end: call.getEnd(),
        text: `${waits}${callee.receiver.getText()}.${release}()`,
      },
    ],
  };
}
