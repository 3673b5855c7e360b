import type ts from "typescript";
import type { FixPlan } from "../rules/rule.js";

/** `ch.receive()` → `ch.receive({ signal: ctx.signal })`. The wait then rejects when it is given up. */
export function passSignal(call: ts.CallExpression, index: number, signal: string): FixPlan | undefined {
  if (call.arguments.length !== index || call.arguments.hasTrailingComma) return undefined;
  const file = call.getSourceFile();
  const at = call.getEnd() - 1;
  return {
    title: `Wait with ${signal}`,
    safety: "unsafe",
    edits: [{ file, start: at, end: at, text: `${index > 0 ? ", " : ""}{ signal: ${signal} }` }],
  };
}
