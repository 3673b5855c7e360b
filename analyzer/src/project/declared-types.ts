import ts from "typescript";
import { isPlainValue } from "./initial-values.js";
import type { Callee } from "./port.js";
import type { PrimitiveMembers } from "./primitive-members.js";
import { bare } from "./syntax.js";

/** The types that variables and fields are declared with: found out once each, wherever they are used. */
export interface DeclaredTypes {
  /**
   * Whether the value can be a primitive, for all that its declaration says. What a path narrows a type to
   * the checker has to be asked, at the place; for most values it need not be.
   */
  mayBePrimitive(expression: ts.Expression): boolean;
  /** Whether it can be a member of a primitive that is asked for. */
  mayBeOfPrimitive(access: ts.PropertyAccessExpression): boolean;
}

/** What the rest of the snapshot knows. */
export interface Known {
  readonly checker: ts.TypeChecker;
  readonly members: PrimitiveMembers;
  symbolAt(node: ts.Node): ts.Symbol | undefined;
  calleeOf(call: ts.CallExpression): Callee;
  isPrimitive(type: ts.Type): boolean;
  isMethodName(name: string): boolean;
}

export function createDeclaredTypes({
  checker,
  members,
  symbolAt,
  calleeOf,
  isPrimitive,
  isMethodName,
}: Known): DeclaredTypes {
  const bySymbol = new Map<ts.Symbol, boolean>();
  const byType = new Map<ts.Type, boolean>();

  function ofSymbol(symbol: ts.Symbol): boolean {
    let known = bySymbol.get(symbol);
    if (known === undefined) {
      known = !isPlain(symbol.valueDeclaration) && ofType(checker.getTypeOfSymbol(symbol));
      bySymbol.set(symbol, known);
    }
    return known;
  }

  /** The type of its first value is its own. */
  function isPlain(declaration: ts.Declaration | undefined): boolean {
    return (
      declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      declaration.type === undefined &&
      declaration.initializer !== undefined &&
      ts.isIdentifier(declaration.name) &&
      isPlainValue(declaration.initializer, calleeOf)
    );
  }

  function ofType(type: ts.Type): boolean {
    if (type.flags & plain) return false;
    if (type.isUnion()) return type.types.some(ofType);
    if (!(type.flags & ts.TypeFlags.Object)) return true;
    let known = byType.get(type);
    if (known === undefined) {
      known = isPrimitive(type) || mayBeNarrowed(type);
      byType.set(type, known);
    }
    return known;
  }

  /** An interface that a primitive fulfils: `instanceof` may find one behind it. */
  function mayBeNarrowed(type: ts.Type): boolean {
    if (type.getCallSignatures().length > 0) return false;
    return checker.getPropertiesOfType(type).every(({ name }) => isMethodName(name));
  }

  /** The variable or member that an expression names; undefined where only its place tells. */
  function symbolOf(expression: ts.Expression): ts.Symbol | undefined {
    const at = bare(expression);
    if (ts.isIdentifier(at)) return symbolAt(at);
    if (!ts.isPropertyAccessExpression(at)) return undefined;
    const owner = bare(at.expression);
    if (owner.kind === ts.SyntaxKind.ThisKeyword) return ownMember(at);
    const base = symbolOf(owner);
    if (base === undefined || ts.isPrivateIdentifier(at.name)) return undefined;
    return checker.getPropertyOfType(checker.getNonNullableType(checker.getTypeOfSymbol(base)), at.name.text);
  }

  /** `this.name` of a class that declares it. */
  function ownMember({ name, parent }: ts.PropertyAccessExpression): ts.Symbol | undefined {
    let at: ts.Node = parent;
    while (!ts.isClassElement(at) || !ts.isClassLike(at.parent)) {
      if (at.parent === undefined || hasOwnThis(at)) return undefined;
      at = at.parent;
    }
    const isStatic = isStaticMember(at);
    const found = fieldsOf(at.parent).find(
      (each) => isCalled(each.name, name.text) && isStaticMember(each) === isStatic,
    );
    return found && checker.getSymbolAtLocation(found.name);
  }

  function mayBePrimitive(expression: ts.Expression): boolean {
    if (bare(expression).kind === ts.SyntaxKind.ThisKeyword) return false;
    const symbol = symbolOf(expression);
    return symbol === undefined || ofSymbol(symbol);
  }

  return {
    mayBePrimitive,
    mayBeOfPrimitive: ({ name, expression }) => members.has(name.text) && mayBePrimitive(expression),
  };
}

const plain =
  ts.TypeFlags.StringLike |
  ts.TypeFlags.NumberLike |
  ts.TypeFlags.BigIntLike |
  ts.TypeFlags.BooleanLike |
  ts.TypeFlags.ESSymbolLike |
  ts.TypeFlags.VoidLike |
  ts.TypeFlags.Null |
  ts.TypeFlags.Never;

type Field = ts.ClassElement | ts.ParameterDeclaration;

/** Those of the constructor's parameters that are fields are found with the others. */
function fieldsOf(owner: ts.ClassLikeDeclaration): (Field & { readonly name: ts.Node })[] {
  return owner.members
    .flatMap((member): readonly Field[] =>
      ts.isConstructorDeclaration(member)
        ? member.parameters.filter((each) => ts.isParameterPropertyDeclaration(each, member))
        : [member],
    )
    .filter((field): field is Field & { readonly name: ts.Node } => field.name !== undefined);
}

function isCalled(name: ts.Node, text: string): boolean {
  return (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) && name.text === text;
}

function isStaticMember(member: Field): boolean {
  return (
    ts.isClassStaticBlockDeclaration(member) ||
    (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0
  );
}

function hasOwnThis(node: ts.Node): boolean {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node)
  );
}
