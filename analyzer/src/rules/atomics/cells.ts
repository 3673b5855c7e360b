import ts from "typescript";
import { placeOf } from "../../ir/place.js";
import type { Snapshot, Variable } from "../../project/port.js";
import { bare } from "../../project/syntax.js";

/** One place in memory that several threads may use: an element of a typed array, by array and index. */
export interface Cell {
  /** Two arrays over one buffer are the same. */
  readonly array: string;
  /** Two indexes are surely the same only if their keys are. */
  readonly index: string;
}

const views = /^(?:Big)?(?:Int|Uint)(?:8|16|32|64)Array$/;
const maxDepth = 4;

export function cellOf(array: ts.Expression, index: ts.Expression, snapshot: Snapshot): Cell | undefined {
  const [of, at] = [arrayKey(array, snapshot), indexKey(index, snapshot)];
  return of !== undefined && at !== undefined ? { array: of, index: at } : undefined;
}

/** The declaration of the variable or field that an array is kept in. */
export function arrayVariable(array: ts.Expression, snapshot: Snapshot): Variable | undefined {
  return placeOf(array, snapshot)?.field;
}

/** By the buffer where that has a name, else by the array's own. Undefined: it is not shared. */
function arrayKey(array: ts.Expression, snapshot: Snapshot): string | undefined {
  const place = placeOf(array, snapshot);
  if (place?.field === undefined) return undefined;
  const made = initializerOf(place.field);
  if (made === undefined || !ts.isNewExpression(made)) return `array ${place.field.id}`;
  const type = made.expression.getText();
  const [source, offset] = made.arguments ?? [];
  if (!views.test(type) || source === undefined || !isShared(source, snapshot)) return undefined;
  const buffer = bufferKey(source, snapshot) ?? `array ${place.field.id}`;
  return `${buffer} ${type} ${offset?.getText() ?? "0"}`;
}

/** `counter.handle.buffer` is the memory of the atomic itself. */
function bufferKey(source: ts.Expression, snapshot: Snapshot): string | undefined {
  const field = placeOf(source, snapshot)?.field;
  return field && `buffer ${field.id}`;
}

/** What is surely not a SharedArrayBuffer belongs to this thread alone. */
function isShared(source: ts.Expression, snapshot: Snapshot, depth = 0): boolean {
  const at = bare(source);
  if (ts.isNumericLiteral(at) || ts.isArrayLiteralExpression(at)) return false;
  if (ts.isNewExpression(at)) return at.expression.getText() === "SharedArrayBuffer";
  const field = placeOf(at, snapshot)?.field;
  const made = field && initializerOf(field);
  return made === undefined || depth > maxDepth || isShared(made, snapshot, depth + 1);
}

/** What a variable or field is made with, in its declaration or in the constructor. */
export function initializerOf({ declaration }: Variable): ts.Expression | undefined {
  if (declaration === undefined) return undefined;
  if (ts.isVariableDeclaration(declaration)) return declaration.initializer && bare(declaration.initializer);
  if (ts.isBinaryExpression(declaration)) return assigned(declaration.left);
  if (!ts.isPropertyDeclaration(declaration)) return undefined;
  return declaration.initializer ? bare(declaration.initializer) : setInConstructor(declaration);
}

function setInConstructor(field: ts.PropertyDeclaration): ts.Expression | undefined {
  const maker = field.parent.members.find(ts.isConstructorDeclaration);
  const name = field.name.getText();
  const values = (maker?.body?.statements ?? []).flatMap((statement) => {
    if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) return [];
    const { left } = statement.expression;
    const isField =
      ts.isPropertyAccessExpression(left) &&
      left.expression.kind === ts.SyntaxKind.ThisKeyword &&
      left.name.text === name;
    return isField ? [assigned(left)] : [];
  });
  return values.length === 1 ? values[0] : undefined;
}

function assigned(left: ts.Expression): ts.Expression | undefined {
  const { parent } = left;
  const isTarget =
    ts.isBinaryExpression(parent) &&
    parent.left === left &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isTarget ? bare(parent.right) : undefined;
}

/** A number by its value, a constant by its name: anything else is only itself. */
export function indexKey(index: ts.Expression, snapshot: Snapshot, depth = 0): string | undefined {
  const at = bare(index);
  if (ts.isNumericLiteral(at)) return at.text;
  const name = ts.isPropertyAccessExpression(at) ? at.name : at;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return undefined;
  const variable = snapshot.variableOf(name as ts.Identifier);
  const declaration = variable?.declaration;
  if (variable === undefined || declaration === undefined) return undefined;
  if (ts.isEnumMember(declaration)) return enumKey(declaration) ?? `#${variable.id}`;
  if (!variable.constant) return undefined;
  const made = initializerOf(variable) ?? propertyValue(declaration);
  const value = made !== undefined && depth < maxDepth ? indexKey(made, snapshot, depth + 1) : undefined;
  return value ?? `#${variable.id}`;
}

function propertyValue(declaration: ts.Declaration): ts.Expression | undefined {
  return ts.isPropertyAssignment(declaration) ? bare(declaration.initializer) : undefined;
}

function enumKey(member: ts.EnumMember): string | undefined {
  if (member.initializer !== undefined)
    return ts.isNumericLiteral(member.initializer) ? member.initializer.text : undefined;
  const { members } = member.parent;
  const index = members.indexOf(member);
  return members.slice(0, index).every((other) => other.initializer === undefined)
    ? String(index)
    : undefined;
}
