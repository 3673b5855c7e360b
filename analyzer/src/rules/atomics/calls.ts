import type ts from "typescript";
import { placeOf } from "../../ir/place.js";
import type { EventKind } from "../../model/index.js";
import type { Snapshot } from "../../project/port.js";
import { type Cell, cellOf } from "./cells.js";

/** One atomic operation, of the library's numbers or of the language's `Atomics`. */
export interface AtomicCall {
  readonly call: ts.CallExpression;
  readonly event: EventKind;
  readonly method: string;
  /** Two operations with the same key are on the same place. */
  readonly key: string;
  readonly cell: Cell | undefined;
  /** What is stored, added, swapped in. */
  readonly value: ts.Expression | undefined;
  /** As written, to call another method in its place. */
  readonly on: { readonly prefix: string; readonly operands: readonly ts.Expression[] };
}

export function atomicCall(call: ts.CallExpression, snapshot: Snapshot): AtomicCall | undefined {
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "method" || callee.model.kind !== "atomic" || !("event" in callee.operation))
    return undefined;
  const { event } = callee.operation;
  if (event === undefined) return undefined;
  const { method } = callee;
  const prefix = callee.receiver.getText();
  if (callee.owner !== "Atomics") {
    const place = placeOf(callee.receiver, snapshot);
    if (place === undefined) return undefined;
    return {
      call,
      event,
      method,
      key: place.key,
      cell: undefined,
      value: call.arguments[0],
      on: { prefix, operands: [] },
    };
  }
  const [array, index, value] = call.arguments;
  if (array === undefined || index === undefined) return undefined;
  const [of, cell] = [placeOf(array, snapshot), cellOf(array, index, snapshot)];
  if (of === undefined) return undefined;
  // Within one function the same words mean the same element.
  const at = cell?.index ?? `"${index.getText()}"`;
  return {
    call,
    event,
    method,
    key: `${of.key}[${at}]`,
    cell,
    value,
    on: { prefix, operands: [array, index] },
  };
}
