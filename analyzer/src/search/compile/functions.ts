import ts from "typescript";
import { isAsync, isGenerator } from "../../project/syntax.js";
import type { Code, FunctionInfo } from "../code.js";
import { GivenUp } from "../values.js";
import { orElse } from "./assignments.js";
import { type ClassInfo, type ClassMember, Compiler, type World } from "./compiler.js";
import { compileApart, compileKey } from "./expressions.js";
import { compileBinding } from "./patterns.js";
import { boundNames, declareLexical, declareVars, Scope } from "./scope.js";
import { compileBlock, compileStatements } from "./statements.js";

let count = 0;

/** `entered`: told each time that the code is asked for. */
function lazily(name: string, make: (id: number) => Code, entered = () => {}): FunctionInfo {
  const id = ++count;
  let code: Code | undefined;
  return {
    name,
    id,
    code: () => {
      entered();
      code ??= make(id);
      return code;
    },
  };
}

export function functionInfo(
  world: World,
  node: ts.SignatureDeclaration,
  outer: Scope,
  name: string,
): FunctionInfo {
  return lazily(
    name,
    (id) => compileFunction(world, node, outer, name, id),
    () => world.entered(node),
  );
}

function compileFunction(
  world: World,
  node: ts.SignatureDeclaration,
  outer: Scope,
  name: string,
  id: number,
): Code {
  const body = "body" in node ? (node.body as ts.Node | undefined) : undefined;
  if (isGenerator(node) || body === undefined) throw new GivenUp("generator");
  const scope = Scope.separate(outer);
  for (const parameter of node.parameters) for (const each of boundNames(parameter.name)) scope.declare(each);
  declareVars(scope, body);
  const c = new Compiler(scope, world, isAsync(node));
  for (const [index, parameter] of node.parameters.entries()) compileParameter(c, parameter, index);
  if (ts.isBlock(body)) {
    declareLexical(scope, body.statements);
    compileStatements(c, body.statements);
  } else {
    compileApart(c, body as ts.Expression, c.isAsync ? true : "result");
    c.leaveFunction(body);
  }
  return c.finish(node, name, id, ts.isArrowFunction(node));
}

function compileParameter(c: Compiler, parameter: ts.ParameterDeclaration, index: number): void {
  const rest = parameter.dotDotDotToken !== undefined;
  c.emit(parameter, (m, frame) => {
    frame.stack.push(rest ? m.array(frame.args.slice(index)) : frame.args[index]);
  });
  if (parameter.initializer !== undefined) orElse(c, parameter.initializer);
  compileBinding(c, parameter.name);
  if (ts.isParameterPropertyDeclaration(parameter, parameter.parent)) compileParameterProperty(c, parameter);
}

function compileParameterProperty(c: Compiler, parameter: ts.ParameterDeclaration): void {
  if (!ts.isIdentifier(parameter.name)) return;
  const { text } = parameter.name;
  const found = c.scope.find(text);
  if (found === undefined) return;
  c.emit(parameter, (m, frame) => {
    m.defineOwn(frame.self, text, m.state.get(m.environment(frame.env, found.hops)).list[found.slot]);
  });
}

export function classInfo(world: World, node: ts.ClassLikeDeclaration, outer: Scope): ClassInfo {
  const name = node.name?.text ?? "";
  const members: ClassMember[] = [];
  let construct: ts.ConstructorDeclaration | undefined;
  for (const member of node.members) {
    if (ts.isConstructorDeclaration(member) && member.body !== undefined) construct = member;
    const isMethod = ts.isMethodDeclaration(member) && member.body !== undefined;
    const accessor = ts.isGetAccessor(member) ? "get " : ts.isSetAccessor(member) ? "set " : "";
    if (!isMethod && accessor === "") continue;
    const key = keyText((member as ts.MethodDeclaration).name);
    members.push({
      key: accessor + key,
      isStatic: isStatic(member),
      info: functionInfo(world, member as ts.MethodDeclaration, outer, key),
    });
  }
  return {
    name,
    node,
    members,
    construct: construct && functionInfo(world, construct, outer, name),
    fields: lazily(`fields of ${name}`, (id) => compileFields(world, node, outer, id, false, construct)),
    statics: lazily(`statics of ${name}`, (id) => compileFields(world, node, outer, id, true, undefined)),
    derived: node.heritageClauses?.some((each) => each.token === ts.SyntaxKind.ExtendsKeyword) ?? false,
    id: ++count,
    internal: world.internal,
  };
}

function keyText(name: ts.PropertyName): string {
  return ts.isComputedPropertyName(name) ? `[global.${name.expression.getText()}]` : name.text;
}

function isStatic(member: ts.Node): boolean {
  return (
    ts.canHaveModifiers(member) &&
    (ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false)
  );
}

/** What the fields of a new object start with. Parameter properties are there before them. */
function compileFields(
  world: World,
  node: ts.ClassLikeDeclaration,
  outer: Scope,
  id: number,
  statics: boolean,
  construct: ts.ConstructorDeclaration | undefined,
): Code {
  const scope = Scope.separate(outer);
  const c = new Compiler(scope, world, false);
  construct?.parameters.forEach((parameter, index) => {
    if (!ts.isParameterPropertyDeclaration(parameter, construct) || !ts.isIdentifier(parameter.name)) return;
    const { text } = parameter.name;
    c.emit(parameter, (m, frame) => m.defineOwn(frame.self, text, frame.args[index]));
  });
  for (const member of node.members) {
    if (ts.isClassStaticBlockDeclaration(member) && statics) compileBlock(c, member.body.statements);
    if (!ts.isPropertyDeclaration(member) || isStatic(member) !== statics) continue;
    compileKey(c, member.name);
    if (member.initializer === undefined) c.push(member, undefined);
    else compileApart(c, member.initializer);
    const declared = member.initializer === undefined;
    c.emit(member, (m, frame) => {
      const value = frame.stack.pop();
      const key = m.propertyKey(frame.stack.pop());
      if (!declared || !m.hasOwn(frame.self, key)) m.defineOwn(frame.self, key, value);
    });
  }
  return c.finish(node, `fields of ${node.name?.text ?? ""}`, id, false);
}

/** The top level of a file. `whole`: with its statements; otherwise what it declares, and no more. */
export function moduleCode(world: World, file: ts.SourceFile, scope: Scope, whole: boolean): FunctionInfo {
  const compile = (id: number): Code => {
    const c = new Compiler(scope, world, true);
    const statements = whole
      ? file.statements
      : file.statements.filter(
          (each) =>
            ts.isVariableStatement(each) ||
            ts.isFunctionDeclaration(each) ||
            ts.isClassDeclaration(each) ||
            ts.isEnumDeclaration(each) ||
            ts.isExportAssignment(each),
        );
    compileStatements(c, statements);
    return c.finish(file, "top level", id, false);
  };
  return lazily(file.fileName, compile, () => world.entered(file));
}
