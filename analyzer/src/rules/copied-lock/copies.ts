import ts from "typescript";
import { bare } from "../../project/syntax.js";

/** An expression that makes a second object out of `source`. */
export interface Copy {
  /** What the finding points at. */
  readonly node: ts.Node;
  readonly source: ts.Expression;
  /** Start of the message. */
  readonly how: string;
  /** Top-level properties that the copy gets anew. */
  readonly overwritten: readonly string[];
  /** The whole expression that makes the copy. */
  readonly whole: ts.Expression;
  /** The copy refers to the very same lock; otherwise the lock itself is duplicated. */
  readonly shares: boolean;
}

const lodashClones = new Set(["clone", "cloneDeep", "cloneWith", "cloneDeepWith"]);

export function copyOf(node: ts.Node): Copy | undefined {
  if (ts.isSpreadAssignment(node)) {
    const { parent } = node;
    const later = parent.properties.slice(parent.properties.indexOf(node) + 1);
    return {
      node,
      source: node.expression,
      how: "Spreading",
      overwritten: propertyNames(later),
      whole: parent,
      shares: true,
    };
  }
  if (ts.isPropertyAssignment(node) && node.name.getText() === "workerData" && isWorkerOptions(node)) {
    return cloned(node.initializer, node.initializer, node.initializer, "workerData");
  }
  return ts.isCallExpression(node) ? copyingCall(node) : undefined;
}

function copyingCall(call: ts.CallExpression): Copy | undefined {
  const callee = bare(call.expression);
  const [first] = call.arguments;
  if (first === undefined) return undefined;
  if (ts.isIdentifier(callee)) {
    if (callee.text === "structuredClone") return cloned(call, first, call, "structuredClone()");
    return callee.text === "cloneDeep" || callee.text === "postMessage"
      ? cloned(call, first, call, `${callee.text}()`)
      : undefined;
  }
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const method = callee.name.text;
  const owner = callee.expression.getText();
  if (method === "assign" && owner === "Object") return assigned(call);
  if (method === "postMessage") return cloned(call, first, call, "postMessage()");
  if (method === "parse" && owner === "JSON") {
    const inner = bare(first);
    if (!ts.isCallExpression(inner) || inner.expression.getText() !== "JSON.stringify") return undefined;
    const [source, replacer] = inner.arguments;
    // A replacer chooses what the text contains.
    const chosen = replacer !== undefined && replacer.kind !== ts.SyntaxKind.NullKeyword;
    return source === undefined || chosen ? undefined : cloned(call, source, call, "The JSON round trip");
  }
  return lodashClones.has(method) && /^(_|lodash)$/.test(owner)
    ? cloned(call, first, call, `${method}()`)
    : undefined;
}

function cloned(node: ts.Node, source: ts.Expression, whole: ts.Expression, how: string): Copy {
  return { node, source, how, overwritten: [], whole, shares: false };
}

/** `Object.assign(target, ...sources)`: the first source that is not a literal. */
function assigned(call: ts.CallExpression): Copy | undefined {
  const sources = call.arguments.slice(1);
  const index = sources.findIndex(
    (source) => !ts.isObjectLiteralExpression(bare(source)) && !ts.isSpreadElement(source),
  );
  const source = sources[index];
  if (source === undefined) return undefined;
  const literals = sources
    .slice(index + 1)
    .map(bare)
    .filter(ts.isObjectLiteralExpression);
  const overwritten = literals.flatMap((literal) => propertyNames(literal.properties));
  return { node: call, source, how: "Object.assign()", overwritten, whole: call, shares: true };
}

function propertyNames(properties: readonly ts.ObjectLiteralElementLike[]): string[] {
  return properties.flatMap((property) => (property.name === undefined ? [] : [property.name.getText()]));
}

/** `new Worker(file, { workerData })`. */
function isWorkerOptions(property: ts.PropertyAssignment): boolean {
  const call = property.parent.parent;
  return ts.isNewExpression(call) && call.expression.getText().endsWith("Worker");
}
