import ts from "typescript";
import { bare } from "../project/syntax.js";
import type { CfgNode } from "./cfg.js";
import { lowerReceiver } from "./expressions.js";
import { type Flow, type Lowering, sequence } from "./lowering.js";

/** Arguments and receiver, evaluated before the call itself. */
export function evaluate(l: Lowering, call: ts.CallExpression, next: CfgNode, flow: Flow): CfgNode {
  return lowerReceiver(l, call.expression, sequence(l, call.arguments, next, flow, "value"), flow);
}

/** A WaitOptions argument: an object that names a signal, or anything that is not a literal. */
export function hasSignal(call: ts.CallExpression, index: number): boolean {
  const argument = call.arguments[index];
  if (argument === undefined) return false;
  const at = bare(argument);
  if (ts.isObjectLiteralExpression(at)) {
    return at.properties.some(
      (property) => property.name === undefined || property.name.getText() === "signal",
    );
  }
  return ts.isIdentifier(at) && index >= 0 && /signal|options|opts/i.test(at.text);
}
