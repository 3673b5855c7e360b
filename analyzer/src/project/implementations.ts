import ts from "typescript";
import type { MemberIndex } from "./member-index.js";
import type { FunctionWithBody } from "./port.js";
import type { Reader, Reading } from "./readings.js";
import { bare, isFunctionLiteral } from "./syntax.js";

/** The bodies that a call may run where its name is declared without one, or declared anew in a subclass. */
export interface Implementations {
  readonly bodies: readonly FunctionWithBody[];
  /** A function that was handed to the object: its `this` and its variables are those of where it was made. */
  readonly handed: boolean;
  /** What it was handed to, as that code names it. */
  readonly owner: ts.Expression | undefined;
}

/** Of more than this nobody can say what they have in common. */
const maxBodies = 8;

export interface Resolver {
  /** Undefined where the declaration itself says it all, or nothing can be said. */
  of(
    declaration: ts.Declaration,
    name: string,
    receiver: ts.Expression | undefined,
  ): Implementations | undefined;
}

export function createResolver(
  checker: ts.TypeChecker,
  members: MemberIndex,
  reader: Reader,
  bodyOf: (declaration: ts.Declaration) => FunctionWithBody | undefined,
): Resolver {
  const known = new Map<
    ts.Declaration,
    { readonly result: Implementations | undefined; readonly reading: Reading }
  >();

  function exactly(receiver: ts.Expression | undefined, name: string): FunctionWithBody | undefined {
    const at = receiver && bare(receiver);
    const symbol =
      at && (ts.isIdentifier(at) || ts.isPropertyAccessExpression(at)) ? symbolOf(at) : undefined;
    const made = symbol?.valueDeclaration && madeIn(symbol.valueDeclaration);
    if (made === undefined) return undefined;
    reader.node(made);
    const member = checker.getPropertyOfType(checker.getTypeAtLocation(made), name);
    return member?.valueDeclaration && bodyOf(member.valueDeclaration);
  }

  function symbolOf(at: ts.Identifier | ts.PropertyAccessExpression): ts.Symbol | undefined {
    return checker.getSymbolAtLocation(ts.isIdentifier(at) ? at : at.name);
  }

  /** Bodies of the members of that name in classes and objects that can stand where `owner` is asked for. */
  function implementationsOf(owner: ts.Node, name: string): readonly FunctionWithBody[] {
    const wanted = checker.getTypeAtLocation(owner);
    const found = members
      .named(name)
      .filter((member) => member.parent !== owner && canStandFor(member, owner, wanted));
    return found.flatMap((member) => bodyOf(member) ?? []);
  }

  function canStandFor(member: ts.Declaration, owner: ts.Node, wanted: ts.Type): boolean {
    const { parent } = member;
    if (ts.isClassLike(owner)) return ts.isClassLike(parent) && extendsClass(parent, owner, 0);
    const type = ts.isObjectLiteralExpression(parent)
      ? (checker.getContextualType(parent) ?? checker.getTypeAtLocation(parent))
      : checker.getTypeAtLocation(parent);
    const present = checker.getNonNullableType(type);
    if (present.getSymbol() === wanted.getSymbol()) return true;
    if (ts.isObjectLiteralExpression(parent)) return false;
    return isDeclaredAs(parent, wanted) || checker.isTypeAssignableTo(present, wanted);
  }

  function isDeclaredAs(node: ts.Node, wanted: ts.Type): boolean {
    if (!ts.isClassLike(node)) return false;
    return (node.heritageClauses ?? []).some((clause) =>
      clause.types.some((each) => checker.getTypeAtLocation(each).getSymbol() === wanted.getSymbol()),
    );
  }

  function extendsClass(
    node: ts.ClassLikeDeclaration,
    wanted: ts.ClassLikeDeclaration,
    depth: number,
  ): boolean {
    const base = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)
      ?.types[0];
    const symbol = base && checker.getTypeAtLocation(base).getSymbol();
    const declaration = symbol?.valueDeclaration;
    if (declaration === undefined || !ts.isClassLike(declaration) || depth > 8) return false;
    return declaration === wanted || extendsClass(declaration, wanted, depth + 1);
  }

  /** Functions kept in a field: passed to the constructor, to a method that keeps them, or assigned. */
  function handedTo(field: ts.Declaration, name: string): Implementations | undefined {
    const bodies: FunctionWithBody[] = [];
    let owner: ts.Expression | undefined;
    const note = (value: ts.Expression | undefined, to: ts.Expression | undefined): boolean => {
      if (value === undefined || isNothing(value)) return true;
      const body = functionOf(value);
      if (body === undefined) return false;
      bodies.push(body);
      owner = to;
      return true;
    };
    const fromParameter = (parameter: ts.ParameterDeclaration): boolean => {
      const position = parameter.parent.parameters.indexOf(parameter);
      const maker = parameter.parent;
      const calls = ts.isConstructorDeclaration(maker)
        ? members.constructions(maker.parent, checker)
        : members.calls(maker, checker);
      return calls.every((call) => {
        const to = ts.isNewExpression(call) ? keptIn(call) : receiverOf(call);
        return note(call.arguments?.[position], to);
      });
    };
    if (ts.isParameter(field)) {
      if (!fromParameter(field)) return undefined;
    } else if ("initializer" in field && field.initializer !== undefined) {
      if (!note(field.initializer as ts.Expression, undefined)) return undefined;
    }
    for (const assignment of members.assignments(name)) {
      const symbol = checker.getSymbolAtLocation((assignment.left as ts.PropertyAccessExpression).name);
      if (symbol?.valueDeclaration !== field) continue;
      const value = bare(assignment.right);
      const passed = ts.isIdentifier(value)
        ? checker.getSymbolAtLocation(value)?.valueDeclaration
        : undefined;
      const isOk =
        passed !== undefined && ts.isParameter(passed)
          ? fromParameter(passed)
          : note(value, (assignment.left as ts.PropertyAccessExpression).expression);
      if (!isOk) return undefined;
    }
    if (bodies.length === 0 || bodies.length > maxBodies) return undefined;
    return { bodies, handed: true, owner: bodies.length === 1 ? owner : undefined };
  }

  function functionOf(value: ts.Expression): FunctionWithBody | undefined {
    const at = bare(value);
    if (isFunctionLiteral(at)) return at;
    if (!ts.isIdentifier(at)) return undefined;
    const symbol = checker.getSymbolAtLocation(at);
    const declaration = symbol?.valueDeclaration;
    return declaration && bodyOf(declaration);
  }

  function compute(declaration: ts.Declaration, name: string): Implementations | undefined {
    const { parent } = declaration;
    if (ts.isMethodDeclaration(declaration) && ts.isClassLike(parent)) {
      const own = bodyOf(declaration);
      if (own !== undefined && !members.isExtended(parent)) return undefined;
      const others = implementationsOf(parent, name);
      if (others.length === 0 || others.length >= maxBodies) return undefined;
      return { bodies: own === undefined ? others : [own, ...others], handed: false, owner: undefined };
    }
    const isSignature = ts.isMethodSignature(declaration) || ts.isPropertySignature(declaration);
    if (isSignature) {
      const bodies = implementationsOf(parent, name);
      if (bodies.length === 0 || bodies.length > maxBodies) return undefined;
      return { bodies, handed: bodies.some(isFunctionLiteral), owner: undefined };
    }
    const isField =
      ts.isPropertyDeclaration(declaration) ||
      (ts.isParameter(declaration) && ts.isParameterPropertyDeclaration(declaration, declaration.parent));
    if (isField) return handedTo(declaration, name);
    const list = listOf(declaration);
    return list && handedInto(list);
  }

  /** Functions kept in a list, a set or a map: `this.#listeners.push(listener)`. */
  function handedInto(list: ts.Identifier | ts.PropertyAccessExpression): Implementations | undefined {
    const kept = symbolOf(list)?.valueDeclaration;
    if (kept === undefined) return undefined;
    const bodies: FunctionWithBody[] = [];
    let owner: ts.Expression | undefined;
    for (const call of ["push", "unshift", "add", "set"].flatMap((name) => members.callsNamed(name))) {
      const to = receiverOf(call);
      const at = to && bare(to);
      if (at === undefined || !(ts.isIdentifier(at) || ts.isPropertyAccessExpression(at))) continue;
      if (symbolOf(at)?.valueDeclaration !== kept) continue;
      const value = call.arguments.at(-1);
      const passed =
        value && ts.isIdentifier(bare(value)) ? symbolOf(bare(value) as ts.Identifier) : undefined;
      const parameter = passed?.valueDeclaration;
      const given =
        parameter !== undefined && ts.isParameter(parameter)
          ? members
              .calls(parameter.parent, checker)
              .map((each) => ({ each, from: each.arguments[parameter.parent.parameters.indexOf(parameter)] }))
          : [{ each: undefined, from: value }];
      for (const { each, from } of given) {
        const body = from && functionOf(from);
        if (body === undefined) return undefined;
        bodies.push(body);
        owner = each && receiverOf(each);
      }
    }
    if (bodies.length === 0 || bodies.length > maxBodies) return undefined;
    return { bodies, handed: true, owner: bodies.length === 1 ? owner : undefined };
  }

  return {
    of(declaration, name, receiver) {
      if (
        declaration.getSourceFile().isDeclarationFile ||
        (name.startsWith("#") === true && bodyOf(declaration))
      )
        return undefined;
      const at = receiver && bare(receiver);
      if (at?.kind === ts.SyntaxKind.SuperKeyword) return undefined;
      let answer = known.get(declaration);
      if (answer === undefined) {
        answer = reader.record(() => compute(declaration, name));
        known.set(declaration, answer);
      }
      reader.again(answer.reading);
      const found = answer.result;
      if (found === undefined || found.handed) return found;
      const exact = exactly(receiver, name);
      return exact ? { bodies: [exact], handed: false, owner: undefined } : found;
    },
  };
}

/** The collection that a loop, or a `forEach`, takes a variable from. */
function listOf(declaration: ts.Declaration): ts.Identifier | ts.PropertyAccessExpression | undefined {
  let from: ts.Expression | undefined;
  if (ts.isVariableDeclaration(declaration)) {
    const loop = declaration.parent.parent;
    from = ts.isForOfStatement(loop) ? loop.expression : undefined;
  } else if (ts.isParameter(declaration)) {
    const call = declaration.parent.parent;
    const callee = ts.isCallExpression(call) ? bare(call.expression) : undefined;
    const walks =
      callee !== undefined && ts.isPropertyAccessExpression(callee) && callee.name.text === "forEach";
    from = walks ? callee.expression : undefined;
  }
  let at = from && bare(from);
  // `[...this.#listeners]`, `this.#listeners.values()`, `Array.from(this.#listeners)`: a copy of the same.
  const [only] = at !== undefined && ts.isArrayLiteralExpression(at) ? at.elements : [];
  if (only !== undefined && ts.isSpreadElement(only)) at = bare(only.expression);
  if (at !== undefined && ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
    const { name, expression } = at.expression;
    const [first] = at.arguments;
    if (name.text === "from" && first !== undefined) at = bare(first);
    else if (name.text === "values" || name.text === "slice") at = bare(expression);
  }
  return at !== undefined && (ts.isIdentifier(at) || ts.isPropertyAccessExpression(at)) ? at : undefined;
}

/** What an object is made in: `const x = new X()`, `readonly x = new X()`. */
function madeIn(declaration: ts.Declaration): ts.NewExpression | undefined {
  const isKept =
    (ts.isVariableDeclaration(declaration) &&
      (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0) ||
    (ts.isPropertyDeclaration(declaration) &&
      (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) !== 0);
  const made = isKept && declaration.initializer ? bare(declaration.initializer) : undefined;
  return made !== undefined && ts.isNewExpression(made) ? made : undefined;
}

/** The variable or field that a `new` goes to, as the code around it names it. */
function keptIn(made: ts.NewExpression): ts.Expression | undefined {
  const { parent } = made;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    return parent.left;
  return undefined;
}

function receiverOf(call: ts.CallExpression | ts.NewExpression): ts.Expression | undefined {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
}

function isNothing(value: ts.Expression): boolean {
  const at = bare(value);
  return at.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(at) && at.text === "undefined");
}
