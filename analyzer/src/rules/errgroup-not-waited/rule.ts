import ts from "typescript";
import { type Uses, usesOf } from "../../facts/uses.js";
import type { Snapshot, Variable } from "../../project/port.js";
import { bare, meaningfulParent } from "../../project/syntax.js";
import { contains } from "../events.js";
import type { Rule, RuleContext } from "../rule.js";
import { doc, sources } from "./doc.js";

const starters = new Set(["go", "tryGo", "delay", "schedule"]);

export const errGroupNotWaited: Rule = {
  id: "errgroup-not-waited",
  title: "Nobody waits for the group",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const made of groupsMade(context)) {
      const variable = boundTo(made, context.snapshot);
      if (variable === undefined) continue;
      const uses = usesOf(variable, context.snapshot);
      const started = uses.calls.filter(({ method }) => starters.has(method));
      const [first] = started;
      if (first === undefined || uses.escapes || isWaitedFor(uses)) continue;
      yield {
        node: made,
        message: "tasks are started in this group, and nobody waits for it: their errors are lost",
        related: [{ node: first.call, message: "a task is started here" }],
      };
    }
  },
};

/** `new ErrGroup()`, `ErrGroup.withContext(ctx)`, `new SchedGroup(ctx)`: by their text first, then by their type. */
function groupsMade({ file, snapshot }: RuleContext): ts.Expression[] {
  const found: ts.Expression[] = [];
  if (!/\b(?:ErrGroup|SchedGroup)\b/.test(file.text)) return found;
  contains(file, (node) => {
    if (ts.isNewExpression(node) && /Group$/.test(node.expression.getText())) {
      if (snapshot.constructed(node)?.model.kind === "group") found.push(node);
    } else if (ts.isCallExpression(node)) {
      const callee = bare(node.expression);
      const isMaker = ts.isPropertyAccessExpression(callee) && callee.name.text === "withContext";
      if (isMaker && callee.expression.getText() === "ErrGroup") found.push(node);
    }
    return false;
  });
  return found;
}

/** The variable or field that the group goes to. */
function boundTo(made: ts.Expression, snapshot: Snapshot): Variable | undefined {
  const { parent, child } = meaningfulParent(made);
  if (ts.isVariableDeclaration(parent)) {
    const { name } = parent;
    if (ts.isIdentifier(name)) return ts.isNewExpression(made) ? snapshot.variableOf(name) : undefined;
    const first = ts.isArrayBindingPattern(name) ? name.elements[0] : undefined;
    return first !== undefined && ts.isBindingElement(first) ? snapshot.variableOf(first) : undefined;
  }
  if (ts.isPropertyDeclaration(parent)) return snapshot.variableOf(parent.name as ts.Identifier);
  if (ts.isBinaryExpression(parent) && parent.right === child) {
    const left = bare(parent.left);
    const name = ts.isPropertyAccessExpression(left) ? left.name : left;
    return ts.isIdentifier(name) ? snapshot.variableOf(name) : undefined;
  }
  return undefined;
}

function isWaitedFor({ calls, methodsPassed }: Uses): boolean {
  if (methodsPassed.has("wait")) return true;
  return calls.some(({ method, call }) => method === "wait" && !isDropped(call));
}

function isDropped(call: ts.Node): boolean {
  const { parent } = meaningfulParent(call);
  return ts.isExpressionStatement(parent) || ts.isVoidExpression(parent);
}
