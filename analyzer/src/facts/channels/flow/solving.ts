import type ts from "typescript";
import type { EventKind } from "../../../model/index.js";
import type { FunctionWithBody, Snapshot } from "../../../project/port.js";
import { isAsync } from "../../../project/syntax.js";
import type { Parameter, Part, Taking } from "./part.js";
import { outside, type Ref, resultOf } from "./refs.js";
import { createSlots } from "./slots.js";
import { parametersOf } from "./targets.js";
import type { CancelValue, ChannelValue, Value } from "./values.js";
import { createFlowGraph } from "./values.js";

export type CallNode = ts.CallExpression | ts.NewExpression;

/** A call as written, and what it passes. */
export interface Call {
  readonly node: CallNode;
  readonly given: readonly Ref[];
  /** The first argument that stands for any number of them. */
  readonly spread: number;
  readonly waited: boolean;
  /** Whether it gives a promise: asked for when it matters, once. */
  thenable: boolean | undefined;
}

/** What a call runs, and when: as part of the caller's task, or beside it. */
export interface CallSite {
  readonly node: CallNode;
  readonly runs: Set<FunctionWithBody>;
  readonly starts: Set<FunctionWithBody>;
}

/** One operation on a channel, as written. */
export interface WrittenOperation {
  /** The call, the case of a `select`, or the `for await`. */
  readonly node: ts.CallExpression | ts.ForOfStatement;
  readonly event: EventKind;
  readonly channel: ts.Expression;
  readonly select: ts.CallExpression | undefined;
}

/** What can end a context besides its cancel function. */
export interface ContextOrigin {
  /** A deadline. */
  readonly timed: boolean;
  /** Undefined for a root context. */
  readonly parent: ReadonlySet<Value> | undefined;
}

/** How a function is run that is handed to somebody else. */
export interface Handing {
  readonly when: "runs" | "starts";
  readonly parameters?: readonly (Ref | undefined)[];
  readonly result?: Ref;
  /** By the language's own library: an async callback of `forEach` or `map` only starts there. */
  readonly builtin?: boolean;
}

/** All parts of a program, flowing together. */
export interface Solving {
  add(to: Ref, value: Value): void;
  flow(from: Ref, to: Ref): void;
  hear(from: Ref, listener: (value: Value) => void): void;
  declareMember(name: string, file: string, ref: Ref): void;
  operation(operation: WrittenOperation, channel: Ref): void;
  construction(name: string, node: ts.NewExpression): void;
  context(done: ChannelValue, timed: boolean, parent: Ref | undefined): void;
  cancel(value: CancelValue, at: ts.Node): void;
  call(call: Call, body: FunctionWithBody): void;
  callback(node: CallNode, from: Ref, handing: Handing): void;
  /** Calls something that is not known: settled when everything else is. */
  open(call: Call, callee: Ref): void;
  isCalled(body: FunctionWithBody): boolean;
  isConstructed(name: string): boolean;
  /** Whether some other file has the name. */
  isNamedElsewhere(name: string, file: string): boolean;
  values(ref: Ref): ReadonlySet<Value>;
}

/** Which channels, functions and contexts each expression may stand for, and what the calls come to. */
export interface ValueFlow {
  readonly operations: readonly (WrittenOperation & { readonly values: ReadonlySet<Value> })[];
  /** Calls of cancel functions, by the channel that they close. */
  readonly cancels: ReadonlyMap<ChannelValue, ReadonlySet<ts.Node>>;
  /** By the name of a class: where somebody makes an instance. */
  readonly constructions: ReadonlyMap<string, readonly ts.NewExpression[]>;
  readonly contexts: ReadonlyMap<ChannelValue, ContextOrigin>;
  readonly sites: ReadonlyMap<ts.Node, CallSite>;
  /** Functions that code which is not seen may call at any time. */
  readonly exposed: ReadonlySet<FunctionWithBody>;
  /** What that code gets hold of. */
  readonly outside: ReadonlySet<Value>;
}

export interface Surroundings {
  readonly snapshot: Snapshot;
  /** Names of properties mean the same within one number. */
  componentOf(file: string): number;
  isNamedElsewhere(name: string, file: string): boolean;
}

/** Andersen's analysis, insensitive to context; a container is one with what it holds. */
export function solve(parts: readonly Part[], surroundings: Surroundings): ValueFlow {
  const { snapshot, componentOf, isNamedElsewhere } = surroundings;
  const graph = createFlowGraph();
  const slots = createSlots(graph, componentOf);
  const sites = new Map<ts.Node, CallSite>();
  const exposed = new Set<FunctionWithBody>();
  const unknown: { readonly call: Call; readonly callee: Ref }[] = [];
  const operations: (WrittenOperation & { readonly values: ReadonlySet<Value> })[] = [];
  const constructions = new Map<string, ts.NewExpression[]>();
  const cancels = new Map<ChannelValue, Set<ts.Node>>();
  const contexts = new Map<ChannelValue, ContextOrigin>();
  const parameters = new Map<FunctionWithBody, readonly Parameter[]>();
  let called: ReadonlySet<FunctionWithBody> | undefined;

  const flow = (from: Ref, to: Ref) => graph.flow(slots.of(from), slots.of(to));
  const values = (ref: Ref) => slots.of(ref).values;

  function site(node: CallNode): CallSite {
    let known = sites.get(node);
    if (known === undefined) {
      known = { node, runs: new Set(), starts: new Set() };
      sites.set(node, known);
    }
    return known;
  }

  function givesPromise(call: Call): boolean {
    call.thenable ??= snapshot.isThenable(call.node);
    return call.thenable;
  }

  function take(from: Ref, { into, flows }: Taking): void {
    for (const to of into) flow(from, to);
    for (const [one, other] of flows) flow(one, other);
  }

  /** Of a function in a file that is not gathered, too. */
  function parametersIn(body: FunctionWithBody): readonly Parameter[] {
    let known = parameters.get(body);
    if (known === undefined) {
      known = parametersOf(body, snapshot);
      parameters.set(body, known);
    }
    return known;
  }

  const solving: Solving = {
    add: (to, value) => graph.add(slots.of(to), value),
    flow,
    hear: (from, listener) => graph.hear(slots.of(from), listener),
    declareMember: (name, file, ref) => slots.declareMember(name, file, slots.of(ref)),
    operation: (operation, channel) => void operations.push({ ...operation, values: values(channel) }),
    construction(name, node) {
      const known = constructions.get(name);
      if (known === undefined) constructions.set(name, [node]);
      else known.push(node);
    },
    context: (done, timed, parent) =>
      void contexts.set(done, { timed, parent: parent === undefined ? undefined : values(parent) }),
    cancel(value, at) {
      const known = cancels.get(value.done) ?? new Set();
      cancels.set(value.done, known.add(at));
    },
    call(call, body) {
      const { node, given, spread, waited } = call;
      const at = site(node);
      if (at.runs.has(body) || at.starts.has(body)) return;
      const inPlace = waited || !(isAsync(body) || givesPromise(call));
      (inPlace ? at.runs : at.starts).add(body);
      parametersIn(body).forEach(({ rest, taking }, index) => {
        const from = rest
          ? given.slice(index)
          : spread >= 0 && index >= spread
            ? given.slice(spread)
            : given.slice(index, index + 1);
        for (const argument of from) take(argument, taking);
      });
      flow(resultOf(body), node);
    },
    callback(node, from, { when, parameters: passed = [], result, builtin = false }) {
      solving.hear(from, (value) => {
        if (value.kind === "cancel") solving.cancel(value, node);
        if (value.kind !== "function") return;
        const { body } = value;
        const beside = when === "starts" || (builtin && isAsync(body));
        site(node)[beside ? "starts" : "runs"].add(body);
        if (passed.length > 0) {
          const taken = parametersIn(body);
          passed.forEach((ref, index) => {
            const parameter = taken[index];
            if (ref !== undefined && parameter) take(ref, parameter.taking);
          });
        }
        if (result !== undefined) flow(resultOf(body), result);
      });
    },
    open(call, callee) {
      solving.hear(callee, (value) => {
        if (value.kind === "function") solving.call(call, value.body);
        if (value.kind === "cancel") solving.cancel(value, call.node);
      });
      unknown.push({ call, callee });
    },
    isCalled(body) {
      called ??= new Set([...sites.values()].flatMap(({ runs, starts }) => [...runs, ...starts]));
      return called.has(body);
    },
    isConstructed: (name) => constructions.has(name),
    isNamedElsewhere,
    values,
  };

  solving.hear(outside, (value) => {
    if (value.kind !== "function" || exposed.has(value.body)) return;
    exposed.add(value.body);
    flow(resultOf(value.body), outside);
  });
  for (const part of parts) {
    for (const [body, list] of part.parameters) parameters.set(body, list);
    for (const [from, to] of part.flows) flow(from, to);
  }
  for (const part of parts) for (const step of part.steps) step(solving);
  settleUnknown();
  for (const part of parts) for (const step of part.exposures) step(solving);

  /** What is still unknown once everything has flowed is not part of the program that is seen. */
  function settleUnknown(): void {
    for (const { call, callee } of unknown) {
      const at = sites.get(call.node);
      if (at !== undefined && (at.runs.size > 0 || at.starts.size > 0)) continue;
      if ([...values(callee)].some((value) => value.kind === "cancel")) continue;
      for (const argument of call.given) flow(argument, outside);
    }
  }

  return { operations, cancels, constructions, contexts, sites, exposed, outside: values(outside) };
}
