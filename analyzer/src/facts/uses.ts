import ts from "typescript";
import { isAssignment } from "../project/assignments.js";
import type { Snapshot, Variable } from "../project/port.js";
import { bare, meaningfulParent } from "../project/syntax.js";
import { passedTo } from "./arguments.js";
import { occurrencesOf } from "./occurrences.js";
import { isPublicInScript, isReachedFromOutside } from "./reached-from-outside.js";

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

/** The classes whose instances are followed from name to name. */
const followed = /\b(?:Shared)?WaitGroup\b|\bCond\b|\bErrGroup\b|\bSchedGroup\b/;

type Followed = (variable: Variable) => Uses;
const following = new WeakMap<Snapshot, Followed>();
const unseen: Uses = { calls: [], methodsPassed: new Set(), constructions: [], escapes: true };

/** Looks at the places that name the declaration, and at those that what it holds comes from or goes on to. */
export function usesOf(variable: Variable | undefined, snapshot: Snapshot): Uses {
  if (variable === undefined) return unseen;
  let follow = following.get(snapshot);
  if (follow === undefined) {
    follow = createFollowing(snapshot);
    following.set(snapshot, follow);
  }
  return follow(variable);
}

function createFollowing(snapshot: Snapshot): Followed {
  const uses = new Map<number, MutableUses>();
  /** Where a value goes on to, and where it comes from: `helper(wg)`, `this.wg = wg`, `const wg = this.wg`. */
  const goesTo = new Map<number, Set<Variable>>();
  const comesFrom = new Map<number, Set<Variable>>();
  /** One object for each declaration: the sets above are of these. */
  const variables = new Map<number, Variable>();
  const noted = new Set<ts.Node>();
  const explored = new Set<Variable>();

  const of = ({ id }: Variable): MutableUses => {
    let known = uses.get(id);
    if (known === undefined) {
      known = { calls: [], methodsPassed: new Set(), constructions: [], escapes: false };
      uses.set(id, known);
    }
    return known;
  };
  const the = (variable: Variable): Variable => {
    const known = variables.get(variable.id);
    if (known === undefined) variables.set(variable.id, variable);
    return known ?? variable;
  };
  const link = (from: Variable, to: Variable | undefined): void => {
    if (to === undefined) {
      of(from).escapes = true;
      return;
    }
    goesTo.set(from.id, (goesTo.get(from.id) ?? new Set()).add(the(to)));
    comesFrom.set(to.id, (comesFrom.get(to.id) ?? new Set()).add(the(from)));
  };

  function explore(variable: Variable): void {
    if (explored.has(variable)) return;
    explored.add(variable);
    for (const name of occurrencesOf(variable, snapshot)) note(name);
    const { declaration } = variable;
    if (declaration === undefined || !ts.isParameter(declaration)) return;
    for (const value of passedTo(declaration, snapshot)) noteGivenFor(variable, value);
  }

  function noteGivenFor(parameter: Variable, value: ts.Expression): void {
    const made = bare(value);
    // `new Plugin(new Cond(mu))`, `run(new WaitGroup())`: made for a parameter.
    if (ts.isNewExpression(made) && isMade(made)) of(parameter).constructions.push(made);
    else noteSource(made);
  }

  /** What a value comes from, if that has a name. */
  function noteSource(value: ts.Expression): void {
    const at = bare(value);
    if (ts.isIdentifier(at)) note(at);
    else if (ts.isPropertyAccessExpression(at)) note(at.name);
  }

  function note(name: ts.Identifier | ts.PrivateIdentifier): void {
    if (noted.has(name) || isInType(name)) return;
    noted.add(name);
    const { parent } = name;
    if (ts.isBindingElement(parent)) return noteBinding(parent, name);
    if ("name" in parent && parent.name === name && !ts.isPropertyAccessExpression(parent)) {
      if (!ts.isShorthandPropertyAssignment(parent)) return noteDeclaration(parent, name);
    }
    if (ts.isImportSpecifier(parent) || ts.isImportClause(parent)) return;
    const variable = snapshot.variableOf(name);
    if (variable === undefined) return;
    if (ts.isExportSpecifier(parent) || ts.isExportAssignment(parent)) {
      of(variable).escapes = true;
      return;
    }
    noteValue(accessOf(name), variable);
  }

  function noteDeclaration(declaration: ts.Node, name: ts.Identifier | ts.PrivateIdentifier): void {
    const variable = snapshot.variableOf(name);
    if (variable === undefined) return;
    const own = of(variable);
    if (isReachedFromOutside(declaration)) own.escapes = true;
    if ("initializer" in declaration && declaration.initializer !== undefined) {
      const made = bare(declaration.initializer as ts.Expression);
      if (isMade(made)) own.constructions.push(made);
      else if (ts.isIdentifier(made) || ts.isPropertyAccessExpression(made)) noteSource(made);
      else own.escapes = true;
    }
  }

  function noteBinding(element: ts.BindingElement, name: ts.Identifier | ts.PrivateIdentifier): void {
    if (element.propertyName === name && ts.isIdentifier(element.name)) return note(element.name);
    if (element.name !== name || !ts.isIdentifier(name)) return;
    const variable = snapshot.variableOf(name);
    if (variable === undefined) return;
    if (ts.isObjectBindingPattern(element.parent)) {
      const field = snapshot.boundProperty(element);
      return field === undefined ? undefined : link(field, variable);
    }
    const owner = element.parent.parent;
    const made = ts.isVariableDeclaration(owner) && owner.initializer && bare(owner.initializer);
    if (made && isMade(made) && element.parent.elements[0] === element) of(variable).constructions.push(made);
    else of(variable).escapes = true;
  }

  function noteValue(access: ts.Expression, variable: Variable): void {
    const { parent, child } = meaningfulParent(access);
    const own = of(variable);
    if (ts.isPropertyAccessExpression(parent) && parent.expression === child) {
      const method = parent.name.text;
      if (ts.isCallExpression(parent.parent) && parent.parent.expression === parent)
        own.calls.push({ method, call: parent.parent });
      // Another thread makes the same of it, and does there what it likes.
      else if (method === "handle") own.escapes = true;
      else own.methodsPassed.add(method);
      return;
    }
    if (ts.isVariableDeclaration(parent)) {
      if (!ts.isIdentifier(parent.name)) return;
      return link(variable, snapshot.variableOf(parent.name));
    }
    if (ts.isBinaryExpression(parent)) return noteOperand(parent, child, variable);
    if (ts.isCallExpression(parent) && parent.expression !== child)
      return notePassed(parent, child, variable);
    if (ts.isNewExpression(parent) && parent.expression !== child) return noteGiven(parent, child, variable);
    if (ts.isExpressionStatement(parent) || ts.isPrefixUnaryExpression(parent)) return;
    if (ts.isPropertyDeclaration(parent) && parent.initializer === child)
      return link(variable, snapshot.variableOf(parent.name as ts.Identifier));
    own.escapes = true;
  }

  function noteOperand(operation: ts.BinaryExpression, child: ts.Node, variable: Variable): void {
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
      } else if (ts.isIdentifier(made) || ts.isPropertyAccessExpression(made)) noteSource(made);
      else of(variable).escapes = true;
      return;
    }
    const left = bare(operation.left);
    const name = ts.isPropertyAccessExpression(left) ? left.name : left;
    link(
      variable,
      ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? snapshot.variableOf(name) : undefined,
    );
  }

  function notePassed(call: ts.CallExpression, child: ts.Node, variable: Variable): void {
    const callee = snapshot.calleeOf(call);
    const index = call.arguments.indexOf(child as ts.Expression);
    const parameter = callee.kind === "body" ? callee.declaration.parameters[index] : undefined;
    if (callee.kind === "builtin" && callee.owner === "Console") return;
    link(variable, parameterOf(parameter));
  }

  function noteGiven(made: ts.NewExpression, child: ts.Node, variable: Variable): void {
    link(variable, constructorParameter(made, child));
  }

  /** `new Worker(wg)`: the constructor's parameter, often a field at the same time. */
  function constructorParameter(made: ts.NewExpression, child: ts.Node): Variable | undefined {
    const index = made.arguments?.indexOf(child as ts.Expression) ?? -1;
    const name = bare(made.expression);
    const owner = ts.isIdentifier(name) ? snapshot.variableOf(name)?.declaration : undefined;
    const maker =
      owner !== undefined && ts.isClassLike(owner)
        ? owner.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined)
        : undefined;
    return maker && ts.isConstructorDeclaration(maker) ? parameterOf(maker.parameters[index]) : undefined;
  }

  function parameterOf(parameter: ts.ParameterDeclaration | undefined): Variable | undefined {
    if (parameter === undefined || parameter.dotDotDotToken || !ts.isIdentifier(parameter.name))
      return undefined;
    return snapshot.variableOf(parameter.name);
  }

  function closure(start: Iterable<Variable>, edges: ReadonlyMap<number, ReadonlySet<Variable>>) {
    const found = new Set(start);
    for (const each of found) {
      explore(each);
      for (const next of edges.get(each.id) ?? []) found.add(next);
    }
    return found;
  }

  const answers = new Map<number, Uses>();
  return (variable) => {
    let answer = answers.get(variable.id);
    if (answer === undefined) {
      const origins = closure([the(variable)], comesFrom);
      const parts = (all: ReadonlySet<Variable>) => [...all].flatMap((each) => uses.get(each.id) ?? []);
      const reached = parts(closure(origins, goesTo));
      answer = uses.has(variable.id)
        ? {
            calls: reached.flatMap((each) => each.calls),
            methodsPassed: new Set(reached.flatMap((each) => [...each.methodsPassed])),
            constructions: parts(origins).flatMap((each) => each.constructions),
            escapes: reached.some((each) => each.escapes),
          }
        : unseen;
      answers.set(variable.id, answer);
    }
    return answer;
  };
}

/** `new WaitGroup()`, `ErrGroup.withContext(ctx)`. */
function isMade(expression: ts.Expression): boolean {
  const at = bare(expression);
  if (ts.isNewExpression(at)) return followed.test(at.expression.getText());
  return ts.isCallExpression(at) && /\bErrGroup\s*\.\s*withContext$/.test(at.expression.getText());
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
