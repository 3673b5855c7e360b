import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { bare, enclosingFunction, isFunctionLiteral, meaningfulParent } from "../project/syntax.js";
import { callersOf } from "./callers.js";
import { usesOf } from "./uses.js";
import { addedBy } from "./wg-tasks.js";

/** A number of times, as a sum: of constants (`""`) and of the lengths of lists and other names. */
export type Sum = ReadonlyMap<string, number>;

/** What one function does to a WaitGroup of its own, all in all. */
export interface Balance {
  readonly adds: readonly ts.CallExpression[];
  readonly dones: readonly ts.CallExpression[];
  readonly waits: readonly ts.CallExpression[];
  /** Adds less dones, when all tasks are over. */
  readonly total: Sum;
}

const maxSites = 8;

/**
 * The sum of adds and dones of a WaitGroup that one function makes and that only its own code uses.
 * Undefined where something hangs on a condition, or where a number of rounds has no name.
 */
export function balanceOf(
  declaration: ts.VariableDeclaration & { readonly name: ts.Identifier },
  snapshot: Snapshot,
): Balance | undefined {
  const home = enclosingFunction(declaration);
  const variable = snapshot.variableOf(declaration.name);
  if (variable === undefined || !variable.constant || isInLoop(declaration, home)) return undefined;
  const uses = usesOf(variable, snapshot);
  if (uses.escapes || uses.methodsPassed.size > 0 || uses.constructions.length !== 1) return undefined;
  const total = new Map<string, number>();
  const found = {
    adds: [] as ts.CallExpression[],
    dones: [] as ts.CallExpression[],
    waits: [] as ts.CallExpression[],
  };
  for (const { method, call } of uses.calls) {
    const isOwn = isWithin(call, home) && bare(call.expression).getText().startsWith(`${variable.name}.`);
    if (!isOwn) return undefined;
    if (method === "wait") found.waits.push(call);
    if (method === "add") found.adds.push(call);
    if (method === "done") found.dones.push(call);
    const once =
      method === "add" ? deltaOf(call, snapshot) : method === "done" ? new Map([["", -1]]) : undefined;
    if (once === undefined && method !== "add") continue;
    const times = timesOf(call, home, snapshot, 0);
    if (once === undefined || times === undefined) return undefined;
    for (const [name, factor] of once)
      for (const [other, more] of times) {
        const product = name === "" ? other : other === "" ? name : undefined;
        if (product === undefined) return undefined;
        total.set(product, (total.get(product) ?? 0) + factor * more);
      }
  }
  return { ...found, total: new Map([...total].filter(([, factor]) => factor !== 0)) };
}

function isWithin(inner: ts.Node, outer: ts.Node): boolean {
  return inner.getSourceFile() === outer.getSourceFile() && outer.pos <= inner.pos && inner.end <= outer.end;
}

function isInLoop(node: ts.Node, home: ts.Node): boolean {
  for (let at = node; at.parent !== undefined && at !== home; at = at.parent)
    if (ts.isIterationStatement(at.parent, false)) return true;
  return false;
}

function deltaOf(call: ts.CallExpression, snapshot: Snapshot): Sum | undefined {
  const [delta] = call.arguments;
  const literal = addedBy(call);
  if (literal !== undefined) return new Map([["", literal]]);
  return delta && numberOf(delta, snapshot);
}

/** A constant, or a name for a number that does not change: `urls.length`, `n`. */
function numberOf(expression: ts.Expression, snapshot: Snapshot): Sum | undefined {
  const at = bare(expression);
  if (ts.isNumericLiteral(at)) return new Map([["", Number(at.text)]]);
  if (ts.isPropertyAccessExpression(at) && (at.name.text === "length" || at.name.text === "size"))
    return lengthOf(at.expression, snapshot);
  const variable = ts.isIdentifier(at) ? snapshot.variableOf(at) : undefined;
  if (variable === undefined || !variable.constant) return undefined;
  const { declaration } = variable;
  if (declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer)
    return numberOf(declaration.initializer, snapshot) ?? new Map([[`n#${variable.id}`, 1]]);
  return new Map([[`n#${variable.id}`, 1]]);
}

function lengthOf(list: ts.Expression, snapshot: Snapshot): Sum | undefined {
  const at = bare(list);
  if (ts.isArrayLiteralExpression(at))
    return at.elements.some(ts.isSpreadElement) ? undefined : new Map([["", at.elements.length]]);
  if (ts.isPropertyAccessExpression(at)) return new Map([[`len:${at.getText()}`, 1]]);
  const variable = ts.isIdentifier(at) ? snapshot.variableOf(at) : undefined;
  if (variable === undefined || !variable.constant) return undefined;
  const { declaration } = variable;
  const made =
    declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  if (made !== undefined && ts.isArrayLiteralExpression(bare(made)))
    return isGrown(variable.name, made.getSourceFile()) ? undefined : lengthOf(made, snapshot);
  return new Map([[`len#${variable.id}`, 1]]);
}

function isGrown(name: string, file: ts.SourceFile): boolean {
  return new RegExp(
    `\\b${name.replaceAll("$", "\\$")}\\s*\\.\\s*(?:push|pop|shift|unshift|splice|length\\s*=[^=])`,
  ).test(file.text);
}

/** How often a node is come to when its function runs once; undefined where that hangs on something. */
function timesOf(node: ts.Node, home: ts.Node, snapshot: Snapshot, depth: number): Sum | undefined {
  let times: Sum = new Map([["", 1]]);
  for (let at = node; at !== home; at = at.parent) {
    const { parent } = at;
    if (parent === undefined || hangsOn(parent, at)) return undefined;
    if (ts.isIterationStatement(parent, false) && parent.statement === at) {
      const rounds = roundsOf(parent, snapshot);
      const product = rounds && multiplied(times, rounds);
      if (product === undefined) return undefined;
      times = product;
    }
    if (parent !== home && ts.isFunctionLike(parent)) {
      const runs = runsOf(parent as FunctionWithBody, home, snapshot, depth);
      return runs && multiplied(times, runs);
    }
  }
  return times;
}

function hangsOn(parent: ts.Node, child: ts.Node): boolean {
  if (ts.isIfStatement(parent)) return parent.expression !== child;
  if (ts.isConditionalExpression(parent)) return parent.condition !== child;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    const short =
      kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      kind === ts.SyntaxKind.BarBarToken ||
      kind === ts.SyntaxKind.QuestionQuestionToken;
    return short && parent.right === child;
  }
  return (
    ts.isCaseOrDefaultClause(parent) ||
    ts.isCatchClause(parent) ||
    (ts.isCallExpression(parent) && parent.questionDotToken !== undefined) ||
    ts.isClassLike(parent)
  );
}

function multiplied(one: Sum, other: Sum): Sum | undefined {
  const product = new Map<string, number>();
  for (const [name, factor] of one)
    for (const [otherName, otherFactor] of other) {
      const key = name === "" ? otherName : otherName === "" ? name : undefined;
      if (key === undefined) return undefined;
      product.set(key, (product.get(key) ?? 0) + factor * otherFactor);
    }
  return product;
}

/** How often a loop goes round, when nothing in it leaves early. */
function roundsOf(loop: ts.IterationStatement, snapshot: Snapshot): Sum | undefined {
  if (leavesEarly(loop.statement)) return undefined;
  if (ts.isForOfStatement(loop)) return loop.awaitModifier ? undefined : lengthOf(loop.expression, snapshot);
  if (!ts.isForStatement(loop) || loop.condition === undefined || loop.incrementor === undefined)
    return undefined;
  const { initializer } = loop;
  const counter =
    initializer && ts.isVariableDeclarationList(initializer) ? initializer.declarations[0] : undefined;
  const from = counter?.initializer && bare(counter.initializer);
  if (counter === undefined || from === undefined || !ts.isNumericLiteral(from)) return undefined;
  const name = counter.name.getText();
  const condition = bare(loop.condition);
  const steps = loop.incrementor.getText().replaceAll(" ", "");
  const byOne = [`${name}++`, `++${name}`, `${name}+=1`].includes(steps);
  if (!byOne || !ts.isBinaryExpression(condition) || bare(condition.left).getText() !== name)
    return undefined;
  const until = numberOf(condition.right, snapshot);
  const { kind } = condition.operatorToken;
  const extra =
    kind === ts.SyntaxKind.LessThanToken ? 0 : kind === ts.SyntaxKind.LessThanEqualsToken ? 1 : undefined;
  if (until === undefined || extra === undefined) return undefined;
  const rounds = new Map(until);
  rounds.set("", (rounds.get("") ?? 0) + extra - Number(from.text));
  return new Map([...rounds].filter(([, factor]) => factor !== 0));
}

function leavesEarly(body: ts.Node): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    if (ts.isBreakOrContinueStatement(node) || ts.isReturnStatement(node)) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(body);
}

/** How often a nested function runs: as a task, as a callback for each of a list, at the sites that name it. */
function runsOf(body: FunctionWithBody, home: ts.Node, snapshot: Snapshot, depth: number): Sum | undefined {
  if (depth > 3) return undefined;
  const { parent, child } = meaningfulParent(body);
  if (isFunctionLiteral(body) && ts.isCallExpression(parent)) {
    const rounds = parent.expression === child ? new Map([["", 1]]) : callbackRuns(parent, snapshot);
    const times = rounds && timesOf(parent, home, snapshot, depth + 1);
    return rounds && times && multiplied(times, rounds);
  }
  const { calls, spawns, passed } = callersOf(body, snapshot);
  const sites = [...calls, ...spawns];
  if (passed || sites.length === 0 || sites.length > maxSites) return undefined;
  const total = new Map<string, number>();
  for (const site of sites) {
    if (!isWithin(site, home) || isWithin(site, body)) return undefined;
    const times = timesOf(site, home, snapshot, depth + 1);
    if (times === undefined) return undefined;
    for (const [name, factor] of times) total.set(name, (total.get(name) ?? 0) + factor);
  }
  return total;
}

function callbackRuns(call: ts.CallExpression, snapshot: Snapshot): Sum | undefined {
  const callee = snapshot.calleeOf(call);
  const once = new Map([["", 1]]);
  if (callee.kind === "function" || callee.kind === "method") {
    const { op } = callee.operation;
    return op === "spawn" || op === "wg-go" || op === "defer" ? once : undefined;
  }
  if (callee.kind !== "builtin") return undefined;
  const name = bare(call.expression);
  if (callee.owner === undefined)
    return ["setTimeout", "setImmediate", "queueMicrotask"].includes(callee.name) ? once : undefined;
  if (callee.owner === "Promise") return callee.name === "finally" ? once : undefined;
  if (!["forEach", "map"].includes(callee.name) || !ts.isPropertyAccessExpression(name)) return undefined;
  return lengthOf(name.expression, snapshot);
}
