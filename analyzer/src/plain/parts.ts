import ts from "typescript";
import { isAssignment } from "../project/assignments.js";
import { bare } from "../project/syntax.js";

/** A function whose body is there. */
export type Body = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

/** What may change a variable or a field: an assignment, `++`, `--`, `delete`, a call of `set`, `add` or `delete`. */
export type Writing =
  | ts.BinaryExpression
  | ts.PrefixUnaryExpression
  | ts.PostfixUnaryExpression
  | ts.DeleteExpression
  | ts.CallExpression;

/** What a function does itself: functions and classes inside it are left out. */
export interface Unit {
  readonly body: Body;
  readonly awaits: readonly ts.AwaitExpression[];
  /** Where it may be suspended: awaits, `for await`, `yield`. */
  readonly suspensions: readonly ts.Node[];
  readonly writes: readonly Writing[];
}

/** What a file is made of, by kind and in the order of the text: found in one walk, for all who look for it. */
export interface Parts {
  readonly functions: readonly Body[];
  readonly units: readonly Unit[];
  readonly calls: readonly ts.CallExpression[];
  readonly constructions: readonly ts.NewExpression[];
  readonly writes: readonly Writing[];
  readonly tries: readonly ts.TryStatement[];
  /** Every `x.name`, by name. */
  readonly accesses: ReadonlyMap<string, readonly ts.PropertyAccessExpression[]>;
  /** What may suspend a task, or gives something that runs when one is suspended: `new Promise`, `then`. */
  readonly suspensions: readonly ts.Node[];
}

interface OpenUnit {
  readonly awaits: ts.AwaitExpression[];
  readonly suspensions: ts.Node[];
  readonly writes: Writing[];
}

const K = ts.SyntaxKind;
const changing = new Set(["set", "add", "delete"]);
const continuing = new Set(["then", "catch", "finally"]);

/** Takes in the nodes of a file as a walk comes to them. */
export function createParts(): { enter(node: ts.Node): void; leave(node: ts.Node): void; parts: Parts } {
  const functions: Body[] = [];
  const units: Unit[] = [];
  const calls: ts.CallExpression[] = [];
  const constructions: ts.NewExpression[] = [];
  const writes: Writing[] = [];
  const tries: ts.TryStatement[] = [];
  const accesses = new Map<string, ts.PropertyAccessExpression[]>();
  const suspensions: ts.Node[] = [];
  const around: OpenUnit[] = [];
  let unit = emptyUnit();

  function write(node: Writing): void {
    writes.push(node);
    unit.writes.push(node);
  }

  function suspend(node: ts.Node): void {
    suspensions.push(node);
    unit.suspensions.push(node);
  }

  function call(node: ts.CallExpression): void {
    calls.push(node);
    const callee = bare(node.expression);
    if (!ts.isPropertyAccessExpression(callee)) return;
    const name = callee.name.text;
    if (changing.has(name)) write(node);
    else if (continuing.has(name)) suspensions.push(node);
  }

  function access(node: ts.PropertyAccessExpression): void {
    const known = accesses.get(node.name.text);
    if (known === undefined) accesses.set(node.name.text, [node]);
    else known.push(node);
  }

  function enter(node: ts.Node): void {
    switch (node.kind) {
      case K.CallExpression:
        return call(node as ts.CallExpression);
      case K.PropertyAccessExpression:
        return access(node as ts.PropertyAccessExpression);
      case K.NewExpression:
        constructions.push(node as ts.NewExpression);
        if (isPromise((node as ts.NewExpression).expression)) suspensions.push(node);
        return;
      case K.AwaitExpression:
        unit.awaits.push(node as ts.AwaitExpression);
        return suspend(node);
      case K.YieldExpression:
        unit.suspensions.push(node);
        return;
      case K.ForOfStatement:
        if ((node as ts.ForOfStatement).awaitModifier) suspend(node);
        return;
      case K.BinaryExpression:
        if (isAssignment((node as ts.BinaryExpression).operatorToken.kind))
          write(node as ts.BinaryExpression);
        return;
      case K.PrefixUnaryExpression:
      case K.PostfixUnaryExpression: {
        const { operator } = node as ts.PrefixUnaryExpression | ts.PostfixUnaryExpression;
        if (operator === K.PlusPlusToken || operator === K.MinusMinusToken) write(node as Writing);
        return;
      }
      case K.DeleteExpression:
        return write(node as ts.DeleteExpression);
      case K.TryStatement:
        tries.push(node as ts.TryStatement);
        return;
    }
    if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) return;
    around.push(unit);
    unit = emptyUnit();
    if (!isBody(node)) return;
    functions.push(node);
    units.push({ body: node, ...unit });
  }

  function leave(node: ts.Node): void {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) unit = around.pop() ?? unit;
  }

  const parts = { functions, units, calls, constructions, writes, tries, accesses, suspensions };
  return { enter, leave, parts };
}

function emptyUnit(): OpenUnit {
  return { awaits: [], suspensions: [], writes: [] };
}

function isBody(node: ts.Node): node is Body {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

function isPromise(callee: ts.Expression): boolean {
  return ts.isIdentifier(callee) && callee.text === "Promise";
}
