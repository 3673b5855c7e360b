import ts from "typescript";
import { compilePatternAssignment, compileTarget } from "./assignments.js";
import type { Compiler } from "./compiler.js";
import { compileApart } from "./expressions.js";
import { compileBinding } from "./patterns.js";
import { containsFunction, declareList, Scope } from "./scope.js";

/** The body of a loop: where a function inside may keep its variables, they are new in each round. */
function compileBody(c: Compiler, body: ts.Statement): void {
  if (!containsFunction(body)) return c.parts.block(c, [body]);
  separately(c, body, () => c.parts.block(c, [body]));
}

/** In an environment of its own. */
function separately(c: Compiler, node: ts.Node, inside: () => void): void {
  const outer = c.scope;
  const scope = Scope.separate(outer);
  c.emit(node, (m, frame) => {
    frame.env = m.newEnvironment(frame.env, scope.slots);
  });
  c.scope = scope;
  c.within({ kind: "environment" }, inside);
  c.scope = outer;
  c.emit(node, (m, frame) => {
    frame.env = m.environment(frame.env, 1);
  });
}

export function compileWhile(c: Compiler, statement: ts.WhileStatement, label: string | undefined): void {
  const head = c.label();
  const end = c.label();
  c.place(head);
  compileApart(c, statement.expression);
  c.branch(statement.expression, false, end);
  c.within({ kind: "target", label, breakTo: end, continueTo: head, plain: true }, () =>
    compileBody(c, statement.statement),
  );
  c.jump(statement, head);
  c.place(end);
}

export function compileDo(c: Compiler, statement: ts.DoStatement, label: string | undefined): void {
  const head = c.label();
  const test = c.label();
  const end = c.label();
  c.place(head);
  c.within({ kind: "target", label, breakTo: end, continueTo: test, plain: true }, () =>
    compileBody(c, statement.statement),
  );
  c.place(test);
  compileApart(c, statement.expression);
  c.branch(statement.expression, true, head);
  c.place(end);
}

export function compileFor(c: Compiler, statement: ts.ForStatement, label: string | undefined): void {
  const { initializer } = statement;
  const copies = containsFunction(statement);
  const loop = () => {
    const outer = c.scope;
    c.scope = outer.nested();
    if (initializer !== undefined && ts.isVariableDeclarationList(initializer)) {
      declareList(c.scope, initializer);
      c.parts.declarations(c, initializer);
    } else if (initializer !== undefined) {
      compileApart(c, initializer);
      c.pop(initializer);
    }
    const head = c.label();
    const step = c.label();
    const end = c.label();
    c.place(head);
    if (statement.condition !== undefined) {
      compileApart(c, statement.condition);
      c.branch(statement.condition, false, end);
    }
    c.within({ kind: "target", label, breakTo: end, continueTo: step, plain: true }, () =>
      compileBody(c, statement.statement),
    );
    c.place(step);
    if (copies)
      c.emit(statement, (m, frame) => {
        frame.env = m.copyEnvironment(frame.env);
      });
    if (statement.incrementor !== undefined) {
      compileApart(c, statement.incrementor);
      c.pop(statement.incrementor);
    }
    c.jump(statement, head);
    c.place(end);
    c.scope = outer;
  };
  if (copies) separately(c, statement, loop);
  else loop();
}

/** `for (… of …)`, `for (… in …)`, `for await (…)`. */
export function compileForEach(
  c: Compiler,
  statement: ts.ForOfStatement | ts.ForInStatement,
  label: string | undefined,
): void {
  const iterator = c.hidden();
  const head = c.label();
  const end = c.label();
  const done = c.label();
  const waits = ts.isForOfStatement(statement) && statement.awaitModifier !== undefined;
  compileApart(c, statement.expression);
  c.emit(statement.expression, (m, frame) => {
    const over = frame.stack.pop();
    frame.stack.push(ts.isForInStatement(statement) ? m.keys(over) : m.iterator(over, waits));
  });
  iterator.store(statement);
  c.place(head);
  iterator.load(statement);
  // Leaves the next value and whether there is one; over a channel that is a promise of both.
  c.emit(statement, (m, frame) => m.next(frame.stack.pop(), waits));
  if (waits) {
    c.emit(statement, (m, frame) => m.await(frame.stack.pop()));
    c.emit(statement, (m, frame) => m.unpackNext(frame.stack.pop()));
  }
  c.branch(statement, false, done);
  if (waits) c.emit(statement, (m, frame) => m.await(frame.stack.pop()));
  const round = () => {
    const outer = c.scope;
    c.scope = outer.nested();
    const { initializer } = statement;
    if (ts.isVariableDeclarationList(initializer)) {
      declareList(c.scope, initializer);
      for (const declaration of initializer.declarations) compileBinding(c, declaration.name);
    } else if (ts.isArrayLiteralExpression(initializer) || ts.isObjectLiteralExpression(initializer))
      compilePatternAssignment(c, initializer);
    else {
      const value = c.hidden();
      value.store(initializer);
      const finish = compileTarget(c, initializer);
      value.load(initializer);
      finish();
      c.pop(initializer);
    }
    c.parts.block(c, [statement.statement]);
    c.scope = outer;
  };
  c.within({ kind: "target", label, breakTo: end, continueTo: head, plain: true }, () => {
    if (containsFunction(statement)) separately(c, statement, round);
    else round();
  });
  c.jump(statement, head);
  c.place(done);
  c.pop(statement);
  c.place(end);
}
