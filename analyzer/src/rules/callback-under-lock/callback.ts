import ts from "typescript";
import type { Snapshot } from "../../project/port.js";
import { bare, enclosingFunction, isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import { calledName } from "../flawed-lock/wait.js";

/** Where a function that is called comes from, as a reader would say it. */
export type Origin = "parameter" | "stored" | "option" | "event";

const holders = /^(?:options|opts|config|hooks|callbacks|handlers|listeners|events|params|props|settings)$/i;
const callbackName =
  /^_?(?:on[A-Z]\w*|\w*(?:[Hh]andler|[Ll]istener|[Cc]allback|[Hh]ook|[Oo]bserver|[Ss]ubscriber)s?|cb)$/;

/** Undefined for what is no callback, as far as anybody can tell: a service's method is not one. */
export function originOf(call: ts.CallExpression, snapshot: Snapshot): Origin | undefined {
  const callee = bare(call.expression);
  if (ts.isIdentifier(callee)) return originOfName(callee, snapshot);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  if (/^emit(?:Async|Serial)?$/.test(callee.name.text)) return "event";
  const owner = bare(callee.expression);
  const declaration = snapshot.variableOf(callee.name as ts.Identifier)?.declaration;
  if (owner.kind === ts.SyntaxKind.ThisKeyword) return isHandedField(declaration) ? "stored" : undefined;
  const ownerName = ts.isPropertyAccessExpression(owner)
    ? owner.name.text
    : ts.isIdentifier(owner)
      ? owner.text
      : "";
  const isProperty =
    declaration !== undefined &&
    (ts.isPropertySignature(declaration) ||
      ts.isPropertyDeclaration(declaration) ||
      ts.isMethodSignature(declaration));
  if (!isProperty) return undefined;
  return holders.test(ownerName) || callbackName.test(callee.name.text) ? "option" : undefined;
}

function originOfName(name: ts.Identifier, snapshot: Snapshot): Origin | undefined {
  const declaration = snapshot.variableOf(name)?.declaration;
  if (declaration === undefined) return undefined;
  if (ts.isParameter(declaration)) {
    const owner = declaration.parent;
    // `this.listeners.map((listener) => listener(value))`
    const call = isFunctionLiteral(owner) ? meaningfulParent(owner).parent : undefined;
    if (call !== undefined && ts.isCallExpression(call) && /^(?:map|forEach)$/.test(calledName(call))) {
      const list = bare(call.expression);
      return ts.isPropertyAccessExpression(list) && isField(list.expression) ? "stored" : undefined;
    }
    return "parameter";
  }
  if (!ts.isVariableDeclaration(declaration)) return undefined;
  const loop = declaration.parent.parent;
  if (ts.isForOfStatement(loop)) return isField(loop.expression) ? "stored" : undefined;
  const value = declaration.initializer && bare(declaration.initializer);
  if (value === undefined || !ts.isCallExpression(value)) return undefined;
  const method = bare(value.expression);
  const isLookup = ts.isPropertyAccessExpression(method) && method.name.text === "get";
  return isLookup && isField(method.expression) ? "stored" : undefined;
}

/** `this.listeners`, `[...this.listeners]`, `this.handlers.values()`. */
function isField(expression: ts.Expression): boolean {
  const at = bare(expression);
  if (ts.isArrayLiteralExpression(at))
    return at.elements.some((each) => ts.isSpreadElement(each) && isField(each.expression));
  if (ts.isCallExpression(at)) {
    const callee = bare(at.expression);
    return (
      ts.isPropertyAccessExpression(callee) &&
      /^(?:values|slice)$/.test(callee.name.text) &&
      isField(callee.expression)
    );
  }
  return ts.isPropertyAccessExpression(at) && bare(at.expression).kind === ts.SyntaxKind.ThisKeyword;
}

/** A field that holds a function given from outside: set by the constructor or later, not written where it is declared. */
function isHandedField(declaration: ts.Declaration | undefined): boolean {
  if (declaration === undefined) return false;
  if (ts.isParameter(declaration)) return true;
  return (
    ts.isPropertyDeclaration(declaration) &&
    !(declaration.initializer && isFunctionLiteral(bare(declaration.initializer)))
  );
}

/** Whether the task that calls it waits for it: a promise that is dropped waits for its turn beside us. */
export function isWaited(call: ts.Node, snapshot: Snapshot): boolean {
  const { parent } = meaningfulParent(call);
  if (ts.isAwaitExpression(parent)) return true;
  if (ts.isConditionalExpression(parent) || ts.isBinaryExpression(parent)) return isWaited(parent, snapshot);
  const literal = ts.isReturnStatement(parent) ? enclosingFunction(parent) : parent;
  if (
    ts.isReturnStatement(parent) ||
    (ts.isArrowFunction(literal) && literal.body === meaningfulParent(call).child)
  )
    return isFunctionLiteral(literal) && isWaitedCallback(literal, snapshot);
  if (ts.isArrayLiteralExpression(parent)) return isWaitedArgument(parent, snapshot);
  return false;
}

/** `mu.withLock(() => fn())`, `Promise.all(listeners.map((listener) => listener(value)))`. */
function isWaitedCallback(literal: ts.Node, snapshot: Snapshot): boolean {
  const { parent: call } = meaningfulParent(literal);
  if (!ts.isCallExpression(call)) return false;
  const callee = snapshot.calleeOf(call);
  const { parent } = meaningfulParent(call);
  const isSection =
    callee.kind === "method" && callee.operation.op === "acquire" && callee.operation.form === "section";
  if (isSection)
    return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent) || ts.isArrowFunction(parent);
  return calledName(call) === "map" && isWaitedArgument(call, snapshot);
}

/** An argument of an awaited `Promise.all`. */
function isWaitedArgument(argument: ts.Node, snapshot: Snapshot): boolean {
  const { parent } = meaningfulParent(argument);
  if (!ts.isCallExpression(parent) || parent.expression === argument) return false;
  return /^Promise\.(?:all|allSettled)$/.test(parent.expression.getText()) && isWaited(parent, snapshot);
}
