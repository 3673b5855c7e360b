import ts from "typescript";
import { isUsing } from "../../project/syntax.js";
import { equals } from "../operators.js";
import type { Compiler } from "./compiler.js";
import { compileApart, compileClass, compileClosure } from "./expressions.js";
import { compileDo, compileFor, compileForEach, compileWhile } from "./loops.js";
import { compileBinding } from "./patterns.js";
import { protect } from "./protection.js";
import { declareLexical } from "./scope.js";

export function compileStatements(c: Compiler, statements: readonly ts.Statement[]): void {
  for (const statement of statements) {
    if (ts.isFunctionDeclaration(statement) && statement.body !== undefined && statement.name !== undefined) {
      compileClosure(c, statement, statement.name.text);
      compileBinding(c, statement.name);
    }
  }
  compileRest(c, statements);
}

function compileRest(c: Compiler, statements: readonly ts.Statement[]): void {
  const resource = statements.findIndex(
    (each) => ts.isVariableStatement(each) && isUsing(each.declarationList),
  );
  const plain = resource < 0 ? statements : statements.slice(0, resource);
  for (const statement of plain) compileStatement(c, statement);
  if (resource >= 0)
    compileUsing(
      c,
      (statements[resource] as ts.VariableStatement).declarationList.declarations,
      statements.slice(resource + 1),
    );
}

/** A block of its own: its names end with it. */
export function compileBlock(c: Compiler, statements: readonly ts.Statement[]): void {
  const outer = c.scope;
  c.scope = outer.nested();
  declareLexical(c.scope, statements);
  compileStatements(c, statements);
  c.scope = outer;
}

export function compileStatement(c: Compiler, statement: ts.Statement): void {
  const label = c.pendingLabel;
  c.pendingLabel = undefined;
  if (ts.isExpressionStatement(statement)) {
    compileApart(c, statement.expression);
    return c.pop(statement);
  }
  if (ts.isVariableStatement(statement)) return compileDeclarations(c, statement.declarationList);
  if (ts.isReturnStatement(statement)) return compileReturn(c, statement);
  if (ts.isIfStatement(statement)) return compileIf(c, statement);
  if (ts.isBlock(statement)) return compileBlock(c, statement.statements);
  if (ts.isThrowStatement(statement)) {
    compileApart(c, statement.expression);
    return c.emit(statement, (m, frame) => m.throw(frame.stack.pop()));
  }
  if (ts.isTryStatement(statement)) return compileTry(c, statement);
  if (ts.isWhileStatement(statement)) return compileWhile(c, statement, label);
  if (ts.isDoStatement(statement)) return compileDo(c, statement, label);
  if (ts.isForStatement(statement)) return compileFor(c, statement, label);
  if (ts.isForOfStatement(statement) || ts.isForInStatement(statement))
    return compileForEach(c, statement, label);
  if (ts.isSwitchStatement(statement)) return compileSwitch(c, statement, label);
  if (ts.isLabeledStatement(statement)) return compileLabeled(c, statement);
  if (ts.isBreakOrContinueStatement(statement)) return c.leaveTo(statement);
  if (ts.isClassDeclaration(statement)) {
    compileClass(c, statement);
    return statement.name === undefined ? c.pop(statement) : compileBinding(c, statement.name);
  }
  if (ts.isEnumDeclaration(statement)) return compileEnum(c, statement);
  if (ts.isExportAssignment(statement)) {
    compileApart(c, statement.expression);
    return c.store(statement, c.scope.declare("default"));
  }
}

export function compileDeclarations(c: Compiler, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations) {
    if (declaration.initializer !== undefined) compileApart(c, declaration.initializer);
    else if ((list.flags & ts.NodeFlags.BlockScoped) !== 0) c.push(declaration, undefined);
    else continue;
    compileBinding(c, declaration.name);
  }
}

function compileReturn(c: Compiler, statement: ts.ReturnStatement): void {
  if (statement.expression === undefined) c.push(statement, undefined);
  else {
    // Behind a `finally`, what is returned without await is not waited for by it.
    const awaited = c.insideProtection ? false : c.isAsync ? true : "result";
    compileApart(c, statement.expression, awaited);
  }
  c.leaveFunction(statement);
}

function compileIf(c: Compiler, statement: ts.IfStatement): void {
  const otherwise = c.label();
  const end = c.label();
  compileApart(c, statement.expression);
  c.branch(statement.expression, false, otherwise);
  compileBlock(c, [statement.thenStatement]);
  c.jump(statement, end);
  c.place(otherwise);
  if (statement.elseStatement) compileBlock(c, [statement.elseStatement]);
  c.place(end);
}

function compileTry(c: Compiler, statement: ts.TryStatement): void {
  const { catchClause, finallyBlock, tryBlock } = statement;
  const guarded = () => {
    if (catchClause === undefined) return compileBlock(c, tryBlock.statements);
    const caught = c.label();
    const end = c.label();
    c.handler(tryBlock, caught, true, () => compileBlock(c, tryBlock.statements));
    c.jump(tryBlock, end);
    c.place(caught);
    const outer = c.scope;
    c.scope = outer.nested();
    if (catchClause.variableDeclaration === undefined) c.pop(catchClause);
    else {
      for (const name of [catchClause.variableDeclaration.name])
        if (ts.isIdentifier(name)) c.scope.declare(name.text);
      compileBinding(c, catchClause.variableDeclaration.name);
    }
    compileBlock(c, catchClause.block.statements);
    c.scope = outer;
    c.place(end);
  };
  if (finallyBlock === undefined) return guarded();
  protect(c, statement, guarded, () => compileBlock(c, finallyBlock.statements));
}

/** `using x = …`: the rest of the block, then x's disposal, whatever happens. */
function compileUsing(
  c: Compiler,
  declarations: readonly ts.VariableDeclaration[],
  rest: readonly ts.Statement[],
): void {
  const [declaration, ...others] = declarations;
  if (declaration === undefined) return compileRest(c, rest);
  const resource = c.hidden();
  if (declaration.initializer === undefined) c.push(declaration, undefined);
  else compileApart(c, declaration.initializer);
  c.duplicate(declaration);
  resource.store(declaration);
  compileBinding(c, declaration.name);
  protect(
    c,
    declaration,
    () => compileUsing(c, others, rest),
    () => {
      resource.load(declaration);
      c.emit(declaration, (m, frame) => m.dispose(frame.stack.pop()));
      c.emit(declaration, (m, frame) => m.await(frame.stack.pop()));
      c.pop(declaration);
    },
  );
}

function compileSwitch(c: Compiler, statement: ts.SwitchStatement, label: string | undefined): void {
  const end = c.label();
  const subject = c.hidden();
  compileApart(c, statement.expression);
  subject.store(statement);
  const outer = c.scope;
  c.scope = outer.nested();
  for (const clause of statement.caseBlock.clauses) declareLexical(c.scope, clause.statements);
  const targets = statement.caseBlock.clauses.map((clause) => ({ clause, to: c.label() }));
  const fallback = targets.find(({ clause }) => ts.isDefaultClause(clause));
  const last = fallback === undefined && c.world.isExhaustive(statement) ? targets.at(-1) : undefined;
  for (const { clause, to } of targets) {
    if (!ts.isCaseClause(clause) || clause === last?.clause) continue;
    subject.load(clause);
    compileApart(c, clause.expression);
    c.emit(clause, (_, frame) => {
      const right = frame.stack.pop();
      frame.stack.push(equals(frame.stack.pop(), right));
    });
    c.branch(clause, true, to);
  }
  c.jump(statement, (fallback ?? last)?.to ?? end);
  c.within({ kind: "target", label, breakTo: end, continueTo: undefined, plain: true }, () => {
    for (const { clause, to } of targets) {
      c.place(to);
      compileStatements(c, clause.statements);
    }
  });
  c.scope = outer;
  c.place(end);
}

function compileLabeled(c: Compiler, statement: ts.LabeledStatement): void {
  const inner = statement.statement;
  const name = statement.label.text;
  if (ts.isIterationStatement(inner, false)) {
    c.pendingLabel = name;
    return compileStatement(c, inner);
  }
  const end = c.label();
  c.within({ kind: "target", label: name, breakTo: end, continueTo: undefined, plain: false }, () =>
    compileStatement(c, inner),
  );
  c.place(end);
}

function compileEnum(c: Compiler, statement: ts.EnumDeclaration): void {
  let next = 0;
  c.emit(statement, (m, frame) => {
    frame.stack.push(m.object());
  });
  for (const member of statement.members) {
    const given = member.initializer;
    const text = given && ts.isStringLiteralLike(given) ? given.text : undefined;
    if (given !== undefined && ts.isNumericLiteral(given)) next = Number(given.text);
    const value = text ?? next;
    if (text === undefined) next += 1;
    const name = ts.isComputedPropertyName(member.name) ? "" : member.name.text;
    c.emit(member, (m, frame) => {
      const target = frame.stack[frame.stack.length - 1];
      m.defineOwn(target, name, value);
      if (typeof value === "number") m.defineOwn(target, String(value), name);
    });
  }
  compileBinding(c, statement.name);
}
