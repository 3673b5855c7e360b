import type ts from "typescript";
import type { AcquireForm, EventKind, LockMode } from "../model/index.js";
import type { FunctionWithBody } from "../project/port.js";
import type { Place } from "./place.js";

/** A parameter, or a property taken from it by a pattern: `flush(locked)`, `flush({ locked })`. */
export interface ParameterPath {
  readonly index: number;
  readonly property: string | undefined;
  /** What counts when nothing is passed. */
  readonly fallback: boolean;
}

/** A condition on which two branches part. Conditions with the same key have the same answer. */
export interface Condition {
  readonly key: string;
  /** The variables it reads: an assignment to one of them makes the answer stale. */
  readonly reads: readonly number[];
  /** Whether other code may change the answer: forgotten at every await and unknown call. */
  readonly volatile: boolean;
  /** `x !== y` is the condition `x === y`, negated. */
  readonly negated: boolean;
  /** The parameter that it asks for, as it was passed. */
  readonly parameter: ParameterPath | undefined;
}

/**
 * What becomes of a call's promise. `awaited`: and its result is bound to a variable, or of no interest;
 * `kept`: awaited, and its result goes on to something else.
 */
export type Use = "awaited" | "kept" | "returned" | "dropped" | "value";

/** Whether this path waits for the call. */
export function isAwaited(use: Use): boolean {
  return use === "awaited" || use === "kept";
}

/** Whether the caller, or the caller's caller, waits for the call. */
export function isWaitedFor(use: Use): boolean {
  return isAwaited(use) || use === "returned";
}

/** How many permits: a number, or what the variable is called that says so. */
export type Amount = number | string;

export interface AcquireOp {
  readonly kind: "acquire";
  readonly place: Place;
  readonly mode: LockMode;
  readonly form: AcquireForm;
  readonly call: ts.CallExpression;
  readonly use: Use;
  /** The variable that holds the guard. */
  readonly guard: number | undefined;
  readonly amount?: Amount | undefined;
  /** Rejects where it would have to wait. */
  readonly impatient?: boolean;
}

export type WaitGroupOp = {
  readonly kind: "wg";
  readonly what: "add" | "done" | "wait";
  readonly place: Place;
  readonly call: ts.CallExpression;
  readonly use: Use;
};

/** Any other operation that a model knows: rules look for the events that concern them. */
export interface OperationOp {
  readonly kind: "operation";
  readonly event: EventKind;
  /** What it is done to; undefined where that has no name. */
  readonly place: Place | undefined;
  /** The call, or the `for await` over a channel. */
  readonly call: ts.CallExpression | ts.ForOfStatement;
  readonly use: Use;
}

/** A field or variable that a lock may guard is read or written. */
export interface AccessOp {
  readonly kind: "access";
  readonly place: Place;
  readonly write: boolean;
  readonly node: ts.Node;
  /** It is done to something that was taken out of the container at `place`. */
  readonly element?: boolean;
}

export interface CallOp {
  readonly kind: "call";
  readonly target: FunctionWithBody;
  /** Bodies that may run instead: then only what all of them do is known. */
  readonly others?: readonly FunctionWithBody[];
  /** The function was handed to the object that is called: what it is made known to as, where it was made. */
  readonly handed?: { readonly owner: Place | undefined };
  readonly call: ts.CallExpression;
  readonly receiver: Place | undefined;
  readonly arguments: readonly (Place | undefined)[];
  /** The functions passed, where their bodies are known. */
  readonly callbacks: readonly (FunctionWithBody | undefined)[];
  readonly use: Use;
  /** An element of a `Promise.all` that is awaited in this place. */
  readonly joined?: boolean;
  /** The fact that the call's answer is, where a condition asks for it. */
  readonly outcome?: string | undefined;
  /** The variable that the result goes to, when it may be a guard. */
  readonly result: number | undefined;
}

/** A task of its own: `go(fn)`, `wg.go(fn)`, an async callback that nobody awaits. */
export interface SpawnOp {
  readonly kind: "spawn";
  readonly body: FunctionWithBody;
  readonly call: ts.Node;
  /** The WaitGroup that counts it (`wg.go`). */
  readonly counted: Place | undefined;
}

/** One concurrency operation, or what the control flow needs to keep its paths apart. */
export type Op =
  | AcquireOp
  | {
      readonly kind: "try";
      readonly place: Place;
      readonly mode: LockMode;
      readonly call: ts.CallExpression;
      readonly result: number | undefined;
      readonly amount?: Amount | undefined;
    }
  | {
      readonly kind: "release";
      readonly place: Place;
      readonly mode: LockMode;
      readonly call: ts.CallExpression;
      readonly amount?: Amount | undefined;
    }
  | {
      readonly kind: "guard-release";
      readonly guard: number;
      readonly node: ts.Node;
      readonly implicit: boolean;
      /** A second release does nothing. */
      readonly idempotent?: boolean;
    }
  | { readonly kind: "section-end"; readonly place: Place; readonly mode: LockMode; readonly node: ts.Node }
  /** From here on somebody else may release it. */
  | { readonly kind: "escape"; readonly place: Place }
  /** The guard goes to somebody who may release it; `returned`: to the caller, who holds it then. */
  | { readonly kind: "guard-escape"; readonly guard: number; readonly returned?: boolean }
  | { readonly kind: "fresh"; readonly place: Place; readonly node: ts.Node }
  | {
      readonly kind: "assign";
      readonly variable: number;
      readonly value: boolean | undefined;
      readonly place: Place | undefined;
      /** What is assigned, where that is known. */
      readonly from?: ts.Expression;
    }
  | { readonly kind: "rebind"; readonly variable: number; readonly node: ts.Node }
  | WaitGroupOp
  | OperationOp
  | AccessOp
  | CallOp
  | SpawnOp
  /** The function that the caller passed as a parameter is called here. */
  | {
      readonly kind: "invoke";
      readonly parameter: number;
      readonly use: Use;
      readonly node: ts.CallExpression;
    }
  /** A section that this path does not wait for: it runs at `alt`, with nothing held but its own lock. */
  | { readonly kind: "fork"; readonly body: FunctionWithBody; readonly node: ts.Node }
  /** A function literal that somebody may call later. */
  | { readonly kind: "closure"; readonly body: FunctionWithBody; readonly returned?: boolean }
  /** The task may be suspended here; other tasks run. */
  | { readonly kind: "await"; readonly node: ts.Node }
  /** What may throw: continues at `next`, or at `onThrow`. */
  | { readonly kind: "may-throw"; readonly node: ts.Node; readonly forgets: boolean }
  | { readonly kind: "branch"; readonly condition: Condition | undefined; readonly node: ts.Node }
  | { readonly kind: "loop"; readonly node: ts.Node }
  | { readonly kind: "throw"; readonly node: ts.Node }
  | { readonly kind: "caught" }
  /** `value`: whether what is returned counts as true; `answer`: the fact that says so. */
  | {
      readonly kind: "leave";
      readonly how: "return" | "fall";
      readonly node: ts.Node;
      readonly value?: boolean | undefined;
      readonly answer?: string | undefined;
    }
  | { readonly kind: "exit"; readonly how: "normal" | "throw" };

/** A node of the control-flow graph. `alt`: the false branch. `onThrow`: where an exception goes. */
export interface CfgNode {
  readonly id: number;
  readonly op: Op | undefined;
  next: CfgNode | undefined;
  readonly alt: CfgNode | undefined;
  readonly onThrow: CfgNode | undefined;
}

export interface Cfg {
  readonly entry: CfgNode;
  readonly size: number;
  /** Function literals whose bodies are part of this graph. */
  readonly inlined: ReadonlySet<ts.Node>;
}

/** A function that is not worth following: its paths got out of hand. Rules that need paths say nothing about it. */
export class TooComplex extends Error {}
