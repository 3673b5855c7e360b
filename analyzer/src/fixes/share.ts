import ts from "typescript";
import type { OwnedPrimitive } from "../project/port.js";
import { shortText } from "../project/syntax.js";
import type { Copy } from "../rules/copied-lock/copies.js";
import type { FixPlan } from "../rules/rule.js";

/** The copy gives way to the original: both names mean one object, and one lock. */
export function shareInstead({ whole, source, node }: Copy): FixPlan | undefined {
  if (node === source) return undefined;
  if (ts.isObjectLiteralExpression(whole) && whole.properties.length !== 1) return undefined;
  if (ts.isCallExpression(whole) && /postMessage$/.test(whole.expression.getText())) return undefined;
  if (ts.isCallExpression(whole) && whole.expression.getText() === "Object.assign" && !isFreshCopy(whole))
    return undefined;
  return {
    title: `Share \`${shortText(source)}\` by reference`,
    safety: "unsafe",
    edits: [
      { file: whole.getSourceFile(), start: whole.getStart(), end: whole.getEnd(), text: source.getText() },
    ],
  };
}

/** `Object.assign({}, original)` and nothing else. */
function isFreshCopy(call: ts.CallExpression): boolean {
  const [target] = call.arguments;
  return (
    call.arguments.length === 2 &&
    target !== undefined &&
    ts.isObjectLiteralExpression(target) &&
    target.properties.length === 0
  );
}

/** A copy made by spreading gets locks of its own. */
export function ownLock({ whole }: Copy, owned: readonly OwnedPrimitive[]): FixPlan | undefined {
  if (
    !ts.isObjectLiteralExpression(whole) ||
    owned.some((primitive) => primitive.path.includes(".") || primitive.path === "")
  )
    return undefined;
  const last = whole.properties.at(-1);
  if (last === undefined) return undefined;
  const added = owned.map((primitive) => `, ${primitive.path}: new ${primitive.className}()`).join("");
  return {
    title:
      owned.length === 1 ? `Give the copy a new ${owned[0]?.className}` : "Give the copy locks of its own",
    safety: "unsafe",
    edits: [{ file: whole.getSourceFile(), start: last.getEnd(), end: last.getEnd(), text: added }],
  };
}
