import ts from "typescript";
import type { Snapshot, Variable } from "../project/port.js";
import { bare } from "../project/syntax.js";
import type { Place, PlaceOf } from "./access-path.js";

/**
 * What a field of an object is, where the object was made by a `new` that can be seen: with
 * `const api = new Api(this)` and `constructor(readonly client: Client)`, `api.client` is `this`.
 */
export function madeWith(
  variable: Variable | undefined,
  { lasting }: Snapshot,
  depth: number,
  placeOf: PlaceOf,
): ((name: string) => Place | undefined) | undefined {
  const made = variable?.constant ? constructionOf(variable.declaration) : undefined;
  if (made === undefined || (made.arguments?.length ?? 0) === 0) return undefined;
  // A place outlives the snapshot that it was found in.
  return (name) => {
    const { expression } = made;
    const snapshot = lasting.snapshot();
    const [first] = made.arguments ?? [];
    // `cond.l` is the lock that the condition was made with.
    if (name === "l" && first !== undefined && snapshot.constructed(made)?.model.kind === "cond")
      return placeOf(first, snapshot, depth + 1);
    const owner = ts.isIdentifier(expression) ? snapshot.variableOf(expression)?.declaration : undefined;
    if (owner === undefined || !ts.isClassLike(owner)) return undefined;
    const index = parameterFor(owner, name, snapshot);
    const argument = index === undefined ? undefined : made.arguments?.[index];
    return argument && placeOf(argument, snapshot, depth + 1);
  };
}

function constructionOf(declaration: ts.Declaration | undefined): ts.NewExpression | undefined {
  const holds =
    declaration !== undefined &&
    (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration));
  const made = holds && declaration.initializer ? bare(declaration.initializer) : undefined;
  return made !== undefined && ts.isNewExpression(made) ? made : undefined;
}

/** The parameter of the constructor that a field keeps, and never gives up. */
export function parameterFor(
  owner: ts.ClassLikeDeclaration,
  name: string,
  snapshot: Snapshot,
): number | undefined {
  const maker = owner.members.find(
    (member): member is ts.ConstructorDeclaration =>
      ts.isConstructorDeclaration(member) && member.body !== undefined,
  );
  if (maker === undefined) return undefined;
  const own = maker.parameters.findIndex(
    (parameter) => ts.isParameterPropertyDeclaration(parameter, maker) && parameter.name.getText() === name,
  );
  const kept = own >= 0 ? own : assignedParameter(maker, name);
  if (kept < 0) return undefined;
  const declaration = own >= 0 ? maker.parameters[own] : memberOf(owner, name);
  const at = declaration && ts.getNameOfDeclaration(declaration);
  const variable =
    at !== undefined && (ts.isIdentifier(at) || ts.isPrivateIdentifier(at))
      ? snapshot.variableOf(at)
      : undefined;
  return variable?.constant ? kept : undefined;
}

function memberOf(owner: ts.ClassLikeDeclaration, name: string): ts.ClassElement | undefined {
  return owner.members.find((member) => ts.isPropertyDeclaration(member) && member.name.getText() === name);
}

/** `this.client = client;` */
function assignedParameter(maker: ts.ConstructorDeclaration, name: string): number {
  for (const statement of maker.body?.statements ?? []) {
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) continue;
    const { left, right, operatorToken } = statement.expression;
    if (operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isPropertyAccessExpression(left)) continue;
    if (left.expression.kind !== ts.SyntaxKind.ThisKeyword || left.name.text !== name) continue;
    const value = bare(right);
    if (!ts.isIdentifier(value)) return -1;
    return maker.parameters.findIndex((parameter) => parameter.name.getText() === value.text);
  }
  return -1;
}
