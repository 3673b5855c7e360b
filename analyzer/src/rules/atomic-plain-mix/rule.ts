import ts from "typescript";
import { isWrite } from "../../plain/scopes.js";
import type { Snapshot } from "../../project/port.js";
import { atomicCall } from "../atomics/calls.js";
import { arrayVariable, type Cell, cellOf } from "../atomics/cells.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { isInTest } from "../tests.js";
import { lineOf } from "../text.js";
import { isBeforeSharing } from "./before-sharing.js";
import { doc, sources } from "./doc.js";
import { byAtomics } from "./fix.js";

export const atomicPlainMix: Rule = {
  id: "atomic-plain-mix",
  title: "One place is used by atomics and plainly",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    const { file, snapshot } = context;
    if (!/\w\s*[\])]?!?\s*\[/.test(file.text)) return;
    const cells = atomicCells(snapshot);
    if (cells.size === 0) return;
    for (const access of elementAccesses(file)) {
      const report = reportOf(access, cells, context);
      if (report !== undefined) yield report;
    }
  },
};

const found = new WeakMap<Snapshot, ReadonlyMap<string, ts.CallExpression>>();

const keyOf = ({ array, index }: Cell) => `${array}[${index}]`;

/** Every element that some code of the program uses by `Atomics`, with the first such use. */
function atomicCells(snapshot: Snapshot): ReadonlyMap<string, ts.CallExpression> {
  const known = found.get(snapshot);
  if (known !== undefined) return known;
  const cells = new Map<string, ts.CallExpression>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const cell = /^Atomics\b/.test(node.expression.getText())
        ? atomicCall(node, snapshot)?.cell
        : undefined;
      if (cell !== undefined && !cells.has(keyOf(cell))) cells.set(keyOf(cell), node);
    }
    ts.forEachChild(node, visit);
  };
  for (const name of snapshot.files) {
    const file = snapshot.sourceFile(name);
    if (file?.text.includes("Atomics")) visit(file);
  }
  found.set(snapshot, cells);
  return cells;
}

function elementAccesses(file: ts.SourceFile): ts.ElementAccessExpression[] {
  const accesses: ts.ElementAccessExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isElementAccessExpression(node)) accesses.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return accesses;
}

function isOwnResult(access: ts.ElementAccessExpression, key: string, snapshot: Snapshot): boolean {
  const { parent } = access;
  if (!ts.isBinaryExpression(parent) || parent.left !== access || !ts.isCallExpression(parent.right))
    return false;
  const cell = atomicCall(parent.right, snapshot)?.cell;
  return cell !== undefined && keyOf(cell) === key;
}

function reportOf(
  access: ts.ElementAccessExpression,
  cells: ReadonlyMap<string, ts.CallExpression>,
  { snapshot }: RuleContext,
): Report | undefined {
  const cell = cellOf(access.expression, access.argumentExpression, snapshot);
  const atomic = cell && cells.get(keyOf(cell));
  const variable = atomic && arrayVariable(access.expression, snapshot);
  if (cell === undefined || atomic === undefined || variable === undefined) return undefined;
  if (isBeforeSharing(access, variable) || isInTest(access, snapshot)) return undefined;
  // The assignment of an atomic operation's own result is `atomic-non-atomic-update`.
  if (isOwnResult(access, keyOf(cell), snapshot)) return undefined;
  const done = isWrite(access) ? "written" : "read";
  return {
    node: access,
    message: `\`${access.getText()}\` is ${done} plainly, and by \`Atomics\` at line ${lineOf(atomic)}: nothing orders the two`,
    related: [{ node: atomic, message: "The same place is used atomically here" }],
    fixes: [byAtomics(access)],
  };
}
