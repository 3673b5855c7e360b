import ts from "typescript";
import type { Callee } from "./port.js";
import { bare } from "./syntax.js";

const plainKinds: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateExpression,
  ts.SyntaxKind.NumericLiteral,
  ts.SyntaxKind.BigIntLiteral,
  ts.SyntaxKind.RegularExpressionLiteral,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.ArrayLiteralExpression,
  ts.SyntaxKind.ObjectLiteralExpression,
  ts.SyntaxKind.ArrowFunction,
  ts.SyntaxKind.FunctionExpression,
  ts.SyntaxKind.TypeOfExpression,
]);

/** What these give back is a string, a number, a date: nothing that holds a value of somebody else's. */
const plainOwners = new Set([
  "String",
  "Number",
  "NumberConstructor",
  "Boolean",
  "Math",
  "Date",
  "DateConstructor",
  "Console",
  "Performance",
]);

const collections = /^(?:Readonly)?(?:Array|Map|Set)$/;
/** Members of a collection that give back something that lies in it. */
const taking = new Set(["get", "at", "find", "findLast", "pop", "shift", "reduce", "reduceRight"]);

/** Whether the value cannot be a primitive by its syntax, or by what is called: no type need be found out. */
export function isPlainValue(value: ts.Expression, calleeOf: (call: ts.CallExpression) => Callee): boolean {
  const at = bare(value);
  if (plainKinds.has(at.kind)) return true;
  const called = ts.isAwaitExpression(at) ? bare(at.expression) : at;
  if (!ts.isCallExpression(called)) return false;
  const callee = calleeOf(called);
  if (callee.kind !== "builtin" || callee.owner === undefined) return false;
  if (plainOwners.has(callee.owner)) return true;
  return collections.test(callee.owner) && !taking.has(callee.name);
}
