import ts from "typescript";
import type { Snapshot } from "../../project/port.js";
import { bare, enclosingFunction } from "../../project/syntax.js";
import { type AtomicCall, atomicCall } from "../atomics/calls.js";
import { cellOf } from "../atomics/cells.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { lineOf } from "../text.js";
import { doc, sources } from "./doc.js";
import { assignedResult, oneStep } from "./fix.js";

export const atomicNonAtomicUpdate: Rule = {
  id: "atomic-non-atomic-update",
  title: "An atomic is read and written in two steps",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const call of context.calls) {
      const atomic = atomicCall(call, context.snapshot);
      if (atomic === undefined) continue;
      if (atomic.event === "atomic-update") {
        const assigned = assignedBack(atomic, context.snapshot);
        if (assigned !== undefined) yield assigned;
      }
      const report = twoSteps(atomic, context);
      if (report !== undefined) yield report;
    }
  },
};

/** `x.store(x.load() + 1)`, or with a variable in between. */
function twoSteps(store: AtomicCall, context: RuleContext): Report | undefined {
  if (store.event !== "atomic-store" && store.method !== "swap" && store.method !== "exchange")
    return undefined;
  if (store.value === undefined) return undefined;
  const read = readIn(store.value, store, context.snapshot);
  if (read === undefined || isLocked(store.call, context)) return undefined;
  const what = read.event === "atomic-load" ? "was read" : "was changed";
  const where = lineOf(read.call) === lineOf(store.call) ? "" : ` at line ${lineOf(read.call)}`;
  return {
    node: store.call,
    message: `The value ${what} in one step${where} and is stored in another: what others do in between is lost`,
    related: where === "" ? [] : [{ node: read.call, message: "It is read here" }],
    fixes: [oneStep(store, read)],
  };
}

/** The operation on the same place whose result the stored value is computed from. */
function readIn(value: ts.Expression, store: AtomicCall, snapshot: Snapshot): AtomicCall | undefined {
  const direct = operationIn(value, store, snapshot);
  // Put back as it was, it is no update; and `x.store(x.add(1))` is one twice.
  if (direct !== undefined)
    return isSame(value, direct) && direct.event === "atomic-load" ? undefined : direct;
  for (const name of namesIn(value)) {
    const variable = snapshot.variableOf(name);
    const declaration = variable?.declaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration)) continue;
    const made = declaration.initializer;
    if (made === undefined || enclosingFunction(declaration) !== enclosingFunction(store.call)) continue;
    if (declaration.pos > store.call.pos) continue;
    const read = operationIn(made, store, snapshot);
    if (read === undefined || read.event !== "atomic-load") continue;
    if (variable?.constant && isSame(value, name) && isSame(made, read.call)) continue;
    return read;
  }
  return undefined;
}

function isSame(value: ts.Expression, other: AtomicCall | ts.Node): boolean {
  const node = "call" in other ? other.call : other;
  const at = bare(value);
  return at === node || (ts.isAwaitExpression(at) && bare(at.expression) === node);
}

function operationIn(value: ts.Expression, store: AtomicCall, snapshot: Snapshot): AtomicCall | undefined {
  let found: AtomicCall | undefined;
  const visit = (node: ts.Node): void => {
    if (found !== undefined || ts.isFunctionLike(node)) return;
    if (ts.isCallExpression(node)) {
      const inner = atomicCall(node, snapshot);
      const reads =
        inner?.event === "atomic-load" || (inner?.event === "atomic-update" && isSame(value, node));
      if (inner !== undefined && reads && inner.key === store.key) {
        found = inner;
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(value);
  return found;
}

function namesIn(value: ts.Expression): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node))
      found.push(node);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(value);
  return found;
}

/** `cells[0] = Atomics.add(cells, 0, 1)`: Go's `x = atomic.AddInt32(&x, 1)`. */
function assignedBack(update: AtomicCall, snapshot: Snapshot): Report | undefined {
  const { parent } = update.call;
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken)
    return undefined;
  const target = bare(parent.left);
  if (parent.right !== update.call || !ts.isElementAccessExpression(target)) return undefined;
  const cell = cellOf(target.expression, target.argumentExpression, snapshot);
  const isSameCell =
    cell !== undefined && cell.array === update.cell?.array && cell.index === update.cell.index;
  if (!isSameCell) return undefined;
  return {
    node: parent,
    message:
      "The result of an atomic operation is assigned to the very place that it has changed: that step is not atomic",
    fixes: [assignedResult(parent, update)],
  };
}

/** Every way to the store holds a lock: others that update it are behind the same one. */
function isLocked(call: ts.CallExpression, { units }: RuleContext): boolean {
  const ways = units.flatMap(({ unit, observations }) => {
    const own = observations.held.get(call);
    const isOwn = unit === enclosingFunction(call) || observations.inlined.has(enclosingFunction(call));
    return own !== undefined && isOwn ? [own] : [];
  });
  return ways.some((own) => own.every((holds) => holds.some((hold) => hold.mode === "write")));
}
