import ts from "typescript";
import { bare } from "./syntax.js";

/** The types that variables and fields are declared with: found out once each, wherever they are used. */
export interface DeclaredTypes {
  /**
   * Whether the value can be a primitive, for all that its declaration says. What a path narrows a type to
   * the checker has to be asked, at the place; for most values it need not be.
   */
  mayBePrimitive(expression: ts.Expression): boolean;
}

export function createDeclaredTypes(
  checker: ts.TypeChecker,
  symbolAt: (node: ts.Node) => ts.Symbol | undefined,
  isPrimitive: (type: ts.Type) => boolean,
  isMemberName: (name: string) => boolean,
): DeclaredTypes {
  const bySymbol = new Map<ts.Symbol, boolean>();
  const byType = new Map<ts.Type, boolean>();

  function ofSymbol(symbol: ts.Symbol): boolean {
    let known = bySymbol.get(symbol);
    if (known === undefined) {
      known = ofType(checker.getTypeOfSymbol(symbol));
      bySymbol.set(symbol, known);
    }
    return known;
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
    return checker.getPropertiesOfType(type).every(({ name }) => isMemberName(name));
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

  return {
    mayBePrimitive(expression) {
      if (bare(expression).kind === ts.SyntaxKind.ThisKeyword) return false;
      const symbol = symbolOf(expression);
      return symbol === undefined || ofSymbol(symbol);
    },
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
