import ts from "typescript";
import { bare, isUsing } from "../project/syntax.js";
import type { CfgNode } from "./cfg.js";
import { equalityOf } from "./conditions.js";
import { declaredVariables, declareVariables } from "./declarations.js";
import { type Flow, type Lowering, protect } from "./lowering.js";
import { lowerReturned } from "./outcomes.js";
import { placeOf } from "./place.js";

export function lowerStatements(
  l: Lowering,
  statements: readonly ts.Statement[],
  next: CfgNode,
  flow: Flow,
): CfgNode {
  const resource = statements.findIndex(
    (each) => ts.isVariableStatement(each) && isUsing(each.declarationList),
  );
  if (resource >= 0) {
    const { declarations } = (statements[resource] as ts.VariableStatement).declarationList;
    const rest = statements.slice(resource + 1);
    const entry = lowerUsing(l, declarations, next, flow, (after, inner) => l.statements(rest, after, inner));
    return lowerPlain(l, statements.slice(0, resource), entry, flow);
  }
  return lowerPlain(l, statements, next, flow);
}

function lowerPlain(l: Lowering, statements: readonly ts.Statement[], next: CfgNode, flow: Flow): CfgNode {
  return statements.reduceRight((after, statement) => lowerStatement(l, statement, after, flow), next);
}

function lowerStatement(l: Lowering, statement: ts.Statement, next: CfgNode, flow: Flow): CfgNode {
  if (ts.isExpressionStatement(statement)) return l.expression(statement.expression, next, flow, "dropped");
  if (ts.isVariableStatement(statement))
    return declareVariables(l, statement.declarationList.declarations, next, flow);
  if (ts.isReturnStatement(statement)) return lowerReturn(l, statement, flow);
  if (ts.isIfStatement(statement)) {
    const whenFalse = statement.elseStatement ? l.statements([statement.elseStatement], next, flow) : next;
    return l.condition(
      statement.expression,
      l.statements([statement.thenStatement], next, flow),
      whenFalse,
      flow,
    );
  }
  if (ts.isBlock(statement)) return l.statements(statement.statements, next, flow);
  if (ts.isThrowStatement(statement)) {
    const thrown = l.node({ kind: "throw", node: statement }, undefined, { onThrow: flow.throwTo() });
    return l.expression(statement.expression, thrown, flow, "value");
  }
  if (ts.isTryStatement(statement)) return lowerTry(l, statement, next, flow);
  if (ts.isWhileStatement(statement)) return lowerWhile(l, statement, next, flow);
  if (ts.isDoStatement(statement)) return lowerDo(l, statement, next, flow);
  if (ts.isForStatement(statement)) return lowerFor(l, statement, next, flow);
  if (ts.isForOfStatement(statement) || ts.isForInStatement(statement))
    return lowerForEach(l, statement, next, flow);
  if (ts.isSwitchStatement(statement)) return lowerSwitch(l, statement, next, flow);
  if (ts.isLabeledStatement(statement)) return lowerLabeled(l, statement, next, flow);
  if (ts.isBreakStatement(statement)) return flow.breakTo(statement.label?.text) ?? next;
  if (ts.isContinueStatement(statement)) return flow.continueTo(statement.label?.text) ?? next;
  if (ts.isExportAssignment(statement)) return l.expression(statement.expression, next, flow, "value");
  return next;
}

function lowerReturn(l: Lowering, statement: ts.ReturnStatement, flow: Flow): CfgNode {
  if (statement.expression !== undefined) return lowerReturned(l, statement.expression, statement, flow);
  return l.node({ kind: "leave", how: "return", node: statement, value: false }, flow.returnTo());
}

function lowerTry(l: Lowering, statement: ts.TryStatement, next: CfgNode, flow: Flow): CfgNode {
  const guarded = (after: CfgNode, outer: Flow): CfgNode => {
    const handler = statement.catchClause;
    if (handler === undefined) return l.statements(statement.tryBlock.statements, after, outer);
    let entry: CfgNode | undefined;
    const caught = () => {
      entry ??= l.node({ kind: "caught" }, l.statements(handler.block.statements, after, outer));
      return entry;
    };
    return l.statements(statement.tryBlock.statements, after, { ...outer, throwTo: caught });
  };
  const last = statement.finallyBlock;
  if (last === undefined) return guarded(next, flow);
  return protect(next, flow, (after, outer) => l.statements(last.statements, after, outer), guarded);
}

/** `using x = …` in a block: the rest of the block is protected by x's disposal. */
function lowerUsing(
  l: Lowering,
  declarations: readonly ts.VariableDeclaration[],
  next: CfgNode,
  flow: Flow,
  rest: (next: CfgNode, flow: Flow) => CfgNode,
): CfgNode {
  const [declaration, ...others] = declarations;
  if (declaration === undefined) return rest(next, flow);
  const protectedRest = protect(
    next,
    flow,
    (after, outer) => lowerDispose(l, declaration, after, outer),
    (after, inner) => lowerUsing(l, others, after, inner, rest),
  );
  return declareVariables(l, [declaration], protectedRest, flow);
}

function lowerDispose(l: Lowering, declaration: ts.VariableDeclaration, next: CfgNode, flow: Flow): CfgNode {
  const initializer = declaration.initializer && bare(declaration.initializer);
  if (initializer !== undefined && ts.isCallExpression(initializer)) {
    const callee = l.snapshot.calleeOf(initializer);
    const callback = initializer.arguments[0];
    if (callee.kind === "function" && callee.operation.op === "defer" && callback !== undefined) {
      const body = l.snapshot.bodyOf(callback);
      return body ? l.inline(body, next, flow) : next;
    }
  }
  const guard = ts.isIdentifier(declaration.name) ? l.snapshot.variableOf(declaration.name) : undefined;
  return guard
    ? l.node({ kind: "guard-release", guard: guard.id, node: declaration, implicit: true }, next)
    : next;
}

function loopFlow(flow: Flow, exit: CfgNode, again: () => CfgNode): Flow {
  const own = (label: string | undefined) => label === undefined || label === flow.label;
  return {
    ...flow,
    breakTo: (label) => (own(label) ? exit : flow.breakTo(label)),
    continueTo: (label) => (own(label) ? again() : flow.continueTo(label)),
    label: undefined,
  };
}

function lowerWhile(l: Lowering, statement: ts.WhileStatement, next: CfgNode, flow: Flow): CfgNode {
  const head = l.node({ kind: "loop", node: statement }, undefined);
  const body = l.statements(
    [statement.statement],
    head,
    loopFlow(flow, next, () => head),
  );
  head.next = l.condition(statement.expression, body, next, flow);
  return head;
}

function lowerDo(l: Lowering, statement: ts.DoStatement, next: CfgNode, flow: Flow): CfgNode {
  const head = l.node({ kind: "loop", node: statement }, undefined);
  const test = l.condition(statement.expression, head, next, flow);
  head.next = l.statements(
    [statement.statement],
    test,
    loopFlow(flow, next, () => test),
  );
  return head;
}

function lowerFor(l: Lowering, statement: ts.ForStatement, next: CfgNode, flow: Flow): CfgNode {
  const head = l.node({ kind: "loop", node: statement }, undefined);
  const step = statement.incrementor ? l.expression(statement.incrementor, head, flow, "dropped") : head;
  const body = l.statements(
    [statement.statement],
    step,
    loopFlow(flow, next, () => step),
  );
  head.next = statement.condition ? l.condition(statement.condition, body, next, flow) : body;
  if (statement.initializer === undefined) return head;
  return ts.isVariableDeclarationList(statement.initializer)
    ? declareVariables(l, statement.initializer.declarations, head, flow)
    : l.expression(statement.initializer, head, flow, "dropped");
}

function lowerForEach(
  l: Lowering,
  statement: ts.ForOfStatement | ts.ForInStatement,
  next: CfgNode,
  flow: Flow,
): CfgNode {
  const head = l.node({ kind: "loop", node: statement }, undefined);
  let body = l.statements(
    [statement.statement],
    head,
    loopFlow(flow, next, () => head),
  );
  for (const variable of declaredVariables(statement.initializer, l.snapshot)) {
    body = l.node({ kind: "rebind", variable, node: statement }, body);
  }
  let choice = l.node({ kind: "branch", condition: undefined, node: statement.expression }, body, {
    alt: next,
  });
  if (ts.isForOfStatement(statement) && statement.awaitModifier !== undefined) {
    choice = l.node({ kind: "may-throw", node: statement.expression, forgets: true }, choice, {
      onThrow: flow.throwTo(),
    });
    choice = l.node({ kind: "await", node: statement.expression }, choice);
    if (l.snapshot.primitiveOf(statement.expression)?.model.kind === "channel") {
      const place = placeOf(statement.expression, l.snapshot);
      choice = l.node(
        { kind: "operation", event: "chan-range", place, call: statement, use: "awaited" },
        choice,
      );
    }
  }
  head.next = choice;
  return l.expression(statement.expression, head, flow, "value");
}

function lowerSwitch(l: Lowering, statement: ts.SwitchStatement, next: CfgNode, flow: Flow): CfgNode {
  const clauses = statement.caseBlock.clauses;
  const inner: Flow = {
    ...flow,
    breakTo: (label) => (label === undefined || label === flow.label ? next : flow.breakTo(label)),
    label: undefined,
  };
  // Bodies fall through to the next one, so they are made from the last to the first.
  const bodies: CfgNode[] = [];
  let after = next;
  for (const clause of [...clauses].reverse()) {
    after = l.statements(clause.statements, after, inner);
    bodies.unshift(after);
  }
  const fallback = clauses.findIndex(ts.isDefaultClause);
  const tests = clauses
    .map((clause, index) => ({ clause, index }))
    .filter(({ clause }) => ts.isCaseClause(clause));
  const exhaustive = fallback < 0 && l.snapshot.isExhaustive(statement);
  let entry = fallback >= 0 ? (bodies[fallback] ?? next) : next;
  if (exhaustive && tests.length > 0) entry = bodies[tests.pop()?.index ?? 0] ?? next;
  for (const { clause, index } of tests.reverse()) {
    const target = bodies[index] ?? next;
    if (!ts.isCaseClause(clause)) continue;
    const condition = equalityOf(statement.expression, clause.expression, l.snapshot);
    const node = l.node({ kind: "branch", condition, node: clause.expression }, target, { alt: entry });
    entry = l.expression(clause.expression, node, flow, "value");
  }
  return l.expression(statement.expression, entry, flow, "value");
}

function lowerLabeled(l: Lowering, statement: ts.LabeledStatement, next: CfgNode, flow: Flow): CfgNode {
  const label = statement.label.text;
  const inner: Flow = { ...flow, label, breakTo: (name) => (name === label ? next : flow.breakTo(name)) };
  return lowerStatement(l, statement.statement, next, inner);
}
