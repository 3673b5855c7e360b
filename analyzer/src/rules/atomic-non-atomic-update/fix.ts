import ts from "typescript";
import { statementOf } from "../../fixes/statements.js";
import { bare } from "../../project/syntax.js";
import type { AtomicCall } from "../atomics/calls.js";
import type { FixPlan } from "../rule.js";

const commutative = new Set([
  ts.SyntaxKind.PlusToken,
  ts.SyntaxKind.AmpersandToken,
  ts.SyntaxKind.BarToken,
  ts.SyntaxKind.CaretToken,
]);

/** `x.store(x.load() + 1)` → `x.add(1)`; `Atomics.store(a, 0, Atomics.load(a, 0) - 1)` → `Atomics.sub(a, 0, 1)`. */
export function oneStep(store: AtomicCall, read: AtomicCall): FixPlan | undefined {
  const value = store.value && bare(store.value);
  if (value === undefined || statementOf(store.call) === undefined) return undefined;
  if (value === read.call && read.event === "atomic-update") return rewritten(store, read.call.getText());
  if (!ts.isBinaryExpression(value)) return undefined;
  const { kind } = value.operatorToken;
  const operand =
    bare(value.left) === read.call
      ? value.right
      : bare(value.right) === read.call && commutative.has(kind)
        ? value.left
        : undefined;
  // An operand that waits, or asks the atomic again, means something else in one step.
  if (
    operand === undefined ||
    ts.isAwaitExpression(bare(operand)) ||
    operand.getText().includes(read.call.getText())
  )
    return undefined;
  const isNative = store.on.operands.length > 0;
  const method = isNative ? nativeMethods.get(kind) : methods.get(kind);
  if (method === undefined) return undefined;
  const negated = !isNative && kind === ts.SyntaxKind.MinusToken;
  const argument = negated ? negative(operand) : operand.getText();
  const operands = [...store.on.operands.map((each) => each.getText()), argument];
  return rewritten(store, `${store.on.prefix}.${method}(${operands.join(", ")})`);
}

const methods = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.PlusToken, "add"],
  [ts.SyntaxKind.MinusToken, "add"],
  [ts.SyntaxKind.AmpersandToken, "and"],
  [ts.SyntaxKind.BarToken, "or"],
]);

const nativeMethods = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.PlusToken, "add"],
  [ts.SyntaxKind.MinusToken, "sub"],
  [ts.SyntaxKind.AmpersandToken, "and"],
  [ts.SyntaxKind.BarToken, "or"],
  [ts.SyntaxKind.CaretToken, "xor"],
]);

function negative(operand: ts.Expression): string {
  const simple = ts.isNumericLiteral(operand) || ts.isIdentifier(operand) || ts.isBigIntLiteral(operand);
  return simple ? `-${operand.getText()}` : `-(${operand.getText()})`;
}

function rewritten({ call }: AtomicCall, text: string): FixPlan {
  return {
    title: `Do it in one step: \`${text}\``,
    safety: "safe",
    edits: [{ file: call.getSourceFile(), start: call.getStart(), end: call.getEnd(), text }],
  };
}

/** `cells[0] = Atomics.add(cells, 0, 1)` → `Atomics.add(cells, 0, 1)`. */
export function assignedResult(assignment: ts.BinaryExpression, { call }: AtomicCall): FixPlan | undefined {
  if (!ts.isExpressionStatement(assignment.parent)) return undefined;
  return {
    title: "Drop the assignment",
    safety: "safe",
    edits: [
      {
        file: call.getSourceFile(),
        start: assignment.getStart(),
        end: assignment.getEnd(),
        text: call.getText(),
      },
    ],
  };
}
