import { ts } from "ts-morph";
import { placeOf } from "../../ir/place.js";
import { meaningfulParent } from "../../project/syntax.js";
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
      const callee = snapshot.calleeOf(call);
      if (callee.kind !== "method" || callee.operation.op !== "try-acquire") continue;
      const { parent } = meaningfulParent(call);
      if (!ts.isExpressionStatement(parent) && !ts.isVoidExpression(parent)) continue;
      const written = placeOf(callee.receiver, snapshot)?.text ?? callee.receiver.getText();
      yield {
        node: call,
        message: `${lockName(call, written, snapshot)} may not be held after this: ${callee.method}() answers whether it took it, and nobody looks`,
      };
    }
  },
};
