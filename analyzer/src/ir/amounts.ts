import ts from "typescript";
import { constantOf } from "../facts/permits.js";
import type { Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import type { Amount } from "./cfg.js";

/** How many permits a call is about: undefined for operations that do not count. */
export function amountOf(
  call: ts.CallExpression,
  index: number | undefined,
  snapshot: Snapshot,
): Amount | undefined {
  if (index === undefined) return undefined;
  const argument = call.arguments[index];
  if (argument === undefined) return 1;
  const at = bare(argument);
  if (ts.isIdentifier(at) && at.text === "undefined") return 1;
  const constant = constantOf(at, snapshot);
  if (constant !== undefined) return constant;
  const variable = ts.isIdentifier(at) ? snapshot.variableOf(at) : undefined;
  return variable?.constant ? `#${variable.id}` : `?${at.pos}`;
}
