import ts from "typescript";
import type { Callee, FunctionWithBody, Snapshot } from "../project/port.js";
import { isAsync, isGenerator } from "../project/syntax.js";
import { isHarmlessBuiltin } from "./harmless.js";

/** Whether the call never returns. The checker is asked where the text leaves that open, once a function. */
export function neverReturns(call: ts.CallExpression, callee: Callee, snapshot: Snapshot): boolean {
  if (callee.kind === "builtin")
    return !isHarmlessBuiltin(callee, call) && callee.owner !== "Promise" && snapshot.neverReturns(call);
  if (callee.kind === "body") return bodyNeverReturns(call, callee.declaration, snapshot);
  if (callee.kind === "bodies" && callee.declarations.every(surelyReturns)) return false;
  return snapshot.neverReturns(call);
}

const answers = new WeakMap<Snapshot, Map<ts.Node, boolean>>();

function bodyNeverReturns(call: ts.CallExpression, body: FunctionWithBody, snapshot: Snapshot): boolean {
  if (surelyReturns(body)) return false;
  if (isGeneric(body)) return snapshot.neverReturns(call);
  let known = answers.get(snapshot);
  if (known === undefined) {
    known = new Map();
    answers.set(snapshot, known);
  }
  let answer = known.get(body);
  if (answer === undefined) {
    answer = snapshot.neverReturns(call);
    known.set(body, answer);
  }
  return answer;
}

/** Its type is not `never`, as far as the text says. */
function surelyReturns(body: FunctionWithBody): boolean {
  if (isAsync(body) || isGenerator(body)) return true;
  if (body.type !== undefined) return isInhabited(body.type);
  return (body.flags & ts.NodeFlags.HasImplicitReturn) !== 0;
}

const inhabited: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.VoidKeyword,
  ts.SyntaxKind.UndefinedKeyword,
  ts.SyntaxKind.BooleanKeyword,
  ts.SyntaxKind.NumberKeyword,
  ts.SyntaxKind.StringKeyword,
  ts.SyntaxKind.BigIntKeyword,
  ts.SyntaxKind.SymbolKeyword,
  ts.SyntaxKind.ObjectKeyword,
  ts.SyntaxKind.UnknownKeyword,
  ts.SyntaxKind.AnyKeyword,
  ts.SyntaxKind.ArrayType,
  ts.SyntaxKind.TupleType,
  ts.SyntaxKind.FunctionType,
  ts.SyntaxKind.LiteralType,
  ts.SyntaxKind.TypeLiteral,
  ts.SyntaxKind.TypePredicate,
]);

function isInhabited(type: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(type)) return type.types.some(isInhabited);
  return inhabited.has(type.kind);
}

/** What it returns may hang on the call. */
function isGeneric(body: FunctionWithBody): boolean {
  for (let at: ts.Node = body; at.parent !== undefined; at = at.parent)
    if ((ts.isFunctionLike(at) || ts.isClassLike(at)) && at.typeParameters !== undefined) return true;
  return false;
}
