import ts from "typescript";
import { isAssignment } from "../project/assignments.js";
import type { Snapshot } from "../project/port.js";
import { bare, meaningfulParent } from "../project/syntax.js";
import { namesIn } from "./names.js";
import { isPublicInScript, isReachedFromOutside } from "./reached-from-outside.js";
import { isMade, madeInline, textOf } from "./uses-text.js";

/** What the program does to the primitives of one declaration: a field, a variable, the parameters it is passed to. */
export interface Uses {
  readonly calls: readonly { readonly method: string; readonly call: ts.CallExpression }[];
  /** Methods that go somewhere as values: `.finally(wg.done.bind(wg))`. */
  readonly methodsPassed: ReadonlySet<string>;
  readonly constructions: readonly ts.Expression[];
  /** It goes where it cannot be followed: others may do anything to it. */
  readonly escapes: boolean;
}

interface MutableUses {
  calls: { method: string; call: ts.CallExpression }[];
  methodsPassed: Set<string>;
  constructions: ts.Expression[];
  escapes: boolean;
}

type Index = (variable: number) => Uses;
const indexes = new WeakMap<Snapshot, Index>();
const unseen: Uses = { calls: [], methodsPassed: new Set(), constructions: [], escapes: true };

/** By the declaration's id (`place.field.id`). One walk over the program, made when first asked. */
export function usesOf(variable: number | undefined, snapshot: Snapshot): Uses {
  if (variable === undefined) return unseen;
  let index = indexes.get(snapshot);
  if (index === undefined) {
    index = createIndex(snapshot);
    indexes.set(snapshot, index);
  }
  return index(variable);
}

function createIndex(snapshot: Snapshot): Index {
  const uses = new Map<number, MutableUses>();
  /** Where a value goes on to, and where it comes from: `helper(wg)`, `this.wg = wg`, `const wg = this.wg`. */
  const goesTo = new Map<number, Set<number>>();
  const comesFrom = new Map<number, Set<number>>();
  const names = new Set<string>();
  const sources = snapshot.files.flatMap((file) => snapshot.sourceFile(file) ?? []);

  const of = (variable: number): MutableUses => {
    let known = uses.get(variable);
    if (known === undefined) {
      known = { calls: [], methodsPassed: new Set(), constructions: [], escapes: false };
      uses.set(variable, known);
    }
    return known;
  };
  const link = (from: number, to: number | undefined): void => {
    if (to === undefined) {
      of(from).escapes = true;
      return;
    }
    goesTo.set(from, (goesTo.get(from) ?? new Set()).add(to));
    comesFrom.set(to, (comesFrom.get(to) ?? new Set()).add(from));
  };

  function visitAll(): void {
    const texts = sources.map(textOf);
    for (const { declared } of texts) for (const name of declared) names.add(name);
    // Other names for the same, a few steps on: aliases, parameters, fields that take them over.
    for (let round = 0, before = -1; round < 4 && before < names.size; round += 1) {
      before = names.size;
      for (const { aliases } of texts)
        for (const [from, to] of aliases) if (names.has(from)) for (const name of to) names.add(name);
    }
    for (const source of sources) {
      const table = namesIn(source);
      for (const name of names) for (const use of table.get(name) ?? []) note(use);
    }
  }

  function note(name: ts.Identifier | ts.PrivateIdentifier): void {
    if (isInType(name)) return;
    const { parent } = name;
    if (ts.isBindingElement(parent)) return noteBinding(parent, name);
    if ("name" in parent && parent.name === name && !ts.isPropertyAccessExpression(parent)) {
      if (!ts.isShorthandPropertyAssignment(parent)) return noteDeclaration(parent, name);
    }
    if (ts.isImportSpecifier(parent) || ts.isImportClause(parent)) return;
    const variable = snapshot.variableOf(name);
    if (variable === undefined) return;
    if (ts.isExportSpecifier(parent) || ts.isExportAssignment(parent)) {
      of(variable.id).escapes = true;
      return;
    }
    noteValue(accessOf(name), variable.id);
  }

  function noteDeclaration(declaration: ts.Node, name: ts.Identifier | ts.PrivateIdentifier): void {
    const variable = snapshot.variableOf(name);
    if (variable === undefined) return;
    const own = of(variable.id);
    if (isReachedFromOutside(declaration)) own.escapes = true;
    if ("initializer" in declaration && declaration.initializer !== undefined) {
      const made = bare(declaration.initializer as ts.Expression);
      if (isMade(made)) own.constructions.push(made);
      else if (!ts.isIdentifier(made) && !ts.isPropertyAccessExpression(made)) own.escapes = true;
    }
  }

  function noteBinding(element: ts.BindingElement, name: ts.Identifier | ts.PrivateIdentifier): void {
    if (element.name !== name || !ts.isIdentifier(name)) return;
    const variable = snapshot.variableOf(name);
    if (variable === undefined) return;
    if (ts.isObjectBindingPattern(element.parent)) {
      const field = snapshot.boundProperty(element);
      return field === undefined ? undefined : link(field.id, variable.id);
    }
    const owner = element.parent.parent;
    const made = ts.isVariableDeclaration(owner) && owner.initializer && bare(owner.initializer);
    if (made && isMade(made) && element.parent.elements[0] === element)
      of(variable.id).constructions.push(made);
    else of(variable.id).escapes = true;
  }

  function noteValue(access: ts.Expression, variable: number): void {
    const { parent, child } = meaningfulParent(access);
    const own = of(variable);
    if (ts.isPropertyAccessExpression(parent) && parent.expression === child) {
      const method = parent.name.text;
      if (ts.isCallExpression(parent.parent) && parent.parent.expression === parent)
        own.calls.push({ method, call: parent.parent });
      else own.methodsPassed.add(method);
      return;
    }
    if (ts.isVariableDeclaration(parent)) {
      if (!ts.isIdentifier(parent.name)) return;
      return link(variable, snapshot.variableOf(parent.name)?.id);
    }
    if (ts.isBinaryExpression(parent)) return noteOperand(parent, child, variable);
    if (ts.isCallExpression(parent) && parent.expression !== child)
      return notePassed(parent, child, variable);
    if (ts.isNewExpression(parent) && parent.expression !== child) return noteGiven(parent, child, variable);
    if (ts.isExpressionStatement(parent) || ts.isPrefixUnaryExpression(parent)) return;
    if (ts.isPropertyDeclaration(parent) && parent.initializer === child)
      return link(variable, snapshot.variableOf(parent.name as ts.Identifier)?.id);
    own.escapes = true;
  }

  function noteOperand(operation: ts.BinaryExpression, child: ts.Node, variable: number): void {
    const { kind } = operation.operatorToken;
    if (!isAssignment(kind)) {
      if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken)
        of(variable).escapes = true;
      return;
    }
    if (operation.left === child) {
      const made = bare(operation.right);
      if (isMade(made)) {
        of(variable).constructions.push(made);
        if (isPublicInScript(operation.left, snapshot)) of(variable).escapes = true;
      } else if (!ts.isIdentifier(made) && !ts.isPropertyAccessExpression(made)) of(variable).escapes = true;
      return;
    }
    const left = bare(operation.left);
    const name = ts.isPropertyAccessExpression(left) ? left.name : left;
    link(
      variable,
      ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? snapshot.variableOf(name)?.id : undefined,
    );
  }

  function notePassed(call: ts.CallExpression, child: ts.Node, variable: number): void {
    const callee = snapshot.calleeOf(call);
    const index = call.arguments.indexOf(child as ts.Expression);
    const parameter = callee.kind === "body" ? callee.declaration.parameters[index] : undefined;
    if (callee.kind === "builtin" && callee.owner === "Console") return;
    link(variable, parameterId(parameter));
  }

  function noteGiven(made: ts.NewExpression, child: ts.Node, variable: number): void {
    link(variable, constructorParameter(made, child));
  }

  /** `new Worker(wg)`: the constructor's parameter, often a field at the same time. */
  function constructorParameter(made: ts.NewExpression, child: ts.Node): number | undefined {
    const index = made.arguments?.indexOf(child as ts.Expression) ?? -1;
    const name = bare(made.expression);
    const owner = ts.isIdentifier(name) ? snapshot.variableOf(name)?.declaration : undefined;
    const maker =
      owner !== undefined && ts.isClassLike(owner)
        ? owner.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined)
        : undefined;
    return maker && ts.isConstructorDeclaration(maker) ? parameterId(maker.parameters[index]) : undefined;
  }

  function parameterId(parameter: ts.ParameterDeclaration | undefined): number | undefined {
    if (parameter === undefined || parameter.dotDotDotToken || !ts.isIdentifier(parameter.name))
      return undefined;
    // Its own uses are noted under this name as well.
    return names.has(parameter.name.text) ? snapshot.variableOf(parameter.name)?.id : undefined;
  }

  /** `new Plugin(new Cond(mu))`, `run(new WaitGroup())`: made for a parameter. */
  function noteInline(made: ts.NewExpression): void {
    const { parent, child } = meaningfulParent(made);
    if (ts.isCallExpression(parent)) {
      const callee = snapshot.calleeOf(parent);
      const index = parent.arguments.indexOf(child as ts.Expression);
      const id = callee.kind === "body" ? parameterId(callee.declaration.parameters[index]) : undefined;
      if (id !== undefined) of(id).constructions.push(made);
    } else if (ts.isNewExpression(parent)) {
      const id = constructorParameter(parent, child);
      if (id !== undefined) of(id).constructions.push(made);
    }
  }

  visitAll();
  for (const source of sources) for (const made of madeInline(source)) noteInline(made);

  const answers = new Map<number, Uses>();
  return (variable) => {
    if (!uses.has(variable)) return unseen;
    let answer = answers.get(variable);
    if (answer === undefined) {
      const origins = closure([variable], comesFrom);
      const parts = (all: ReadonlySet<number>) => [...all].flatMap((each) => uses.get(each) ?? []);
      const reached = parts(closure(origins, goesTo));
      answer = {
        calls: reached.flatMap((each) => each.calls),
        methodsPassed: new Set(reached.flatMap((each) => [...each.methodsPassed])),
        constructions: parts(origins).flatMap((each) => each.constructions),
        escapes: reached.some((each) => each.escapes),
      };
      answers.set(variable, answer);
    }
    return answer;
  };
}

function closure(
  start: Iterable<number>,
  edges: ReadonlyMap<number, ReadonlySet<number>>,
): ReadonlySet<number> {
  const found = new Set(start);
  for (const each of found) for (const next of edges.get(each) ?? []) found.add(next);
  return found;
}

function isInType(node: ts.Node): boolean {
  const { parent } = node;
  return ts.isTypeNode(parent) || ts.isQualifiedName(parent) || ts.isTypeElement(parent) === true
    ? !ts.isPropertySignature(parent)
    : false;
}

/** `this.wg` of `wg`. */
function accessOf(name: ts.Identifier | ts.PrivateIdentifier): ts.Expression {
  const { parent } = name;
  return ts.isPropertyAccessExpression(parent) && parent.name === name ? parent : (name as ts.Identifier);
}
