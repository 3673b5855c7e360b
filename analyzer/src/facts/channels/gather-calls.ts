import ts from "typescript";
import { runsCallbackAtOnce } from "../../ir/harmless.js";
import type { EventKind, Operation } from "../../model/index.js";
import type { Callee, FunctionWithBody } from "../../project/port.js";
import { bare, isAsync, meaningfulParent } from "../../project/syntax.js";
import { type ContextOrigin, createContexts } from "./contexts.js";
import { type Gathering, store } from "./targets.js";
import type { ChannelValue, Slot } from "./values.js";

type Call = ts.CallExpression | ts.NewExpression;

/** What a call runs, and when: as part of the caller's task, or beside it. */
export interface CallSite {
  readonly node: Call;
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

export type Calls = ReturnType<typeof createCalls>;

export interface CallTable {
  readonly operations: readonly WrittenOperation[];
  /** Calls of cancel functions, by the channel that they close. */
  readonly cancels: ReadonlyMap<ChannelValue, ReadonlySet<ts.Node>>;
  /** By the name of a class: where somebody makes an instance. */
  readonly constructions: ReadonlyMap<string, readonly ts.NewExpression[]>;
  readonly contexts: ReadonlyMap<ChannelValue, ContextOrigin>;
  readonly sites: ReadonlyMap<ts.Node, CallSite>;
  /** Functions that code which is not seen may call at any time. */
  readonly exposed: ReadonlySet<FunctionWithBody>;
}

const storing = new Set(["push", "unshift", "add", "set", "splice", "fill", "enqueue"]);

/** Constraints of calls: arguments to parameters, results to the call, callbacks to what runs them. */
export function createCalls(g: Gathering) {
  const sites = new Map<ts.Node, CallSite>();
  const exposed = new Set<FunctionWithBody>();
  /** Calls of something that is not known: settled when everything else is. */
  const open: ts.CallExpression[] = [];
  const operations: WrittenOperation[] = [];
  const constructions = new Map<string, ts.NewExpression[]>();
  const contexts = createContexts(g);
  const { graph, slots, snapshot } = g;

  function site(node: Call): CallSite {
    let known = sites.get(node);
    if (known === undefined) {
      known = { node, runs: new Set(), starts: new Set() };
      sites.set(node, known);
    }
    return known;
  }

  function bindCall(node: Call, body: FunctionWithBody): void {
    const at = site(node);
    if (at.runs.has(body) || at.starts.has(body)) return;
    const waited = ts.isNewExpression(node) || isWaited(node) || !mayTakeTime(node, body);
    (waited ? at.runs : at.starts).add(body);
    const given = node.arguments ?? [];
    const spread = given.findIndex(ts.isSpreadElement);
    body.parameters.forEach((parameter, index) => {
      const from = parameter.dotDotDotToken
        ? given.slice(index)
        : spread >= 0 && index >= spread
          ? given.slice(spread)
          : given.slice(index, index + 1);
      for (const argument of from) g.bind(parameter.name, slots.expression(argument));
    });
    graph.flow(slots.result(body), slots.expression(node));
  }

  function mayTakeTime(node: ts.CallExpression, body: FunctionWithBody): boolean {
    return isAsync(body) || snapshot.isThenable(node);
  }

  /** A function that somebody else calls: with these, now or later. */
  function callback(
    node: Call,
    from: Slot,
    when: "runs" | "starts",
    parameters: readonly (Slot | undefined)[] = [],
    result?: Slot,
    builtin = false,
  ): void {
    graph.hear(from, (value) => {
      if (value.kind === "cancel") contexts.noteCancel(value, node);
      if (value.kind !== "function") return;
      const { body } = value;
      // An async callback of `forEach` or `map` only starts there.
      const beside = when === "starts" || (builtin && isAsync(body));
      site(node)[beside ? "starts" : "runs"].add(body);
      parameters.forEach((slot, index) => {
        const parameter = body.parameters[index];
        if (slot && parameter) g.bind(parameter.name, slot);
      });
      if (result) graph.flow(slots.result(body), result);
    });
  }

  function expose(slot: Slot): void {
    graph.hear(slot, (value) => {
      if (value.kind !== "function" || exposed.has(value.body)) return;
      exposed.add(value.body);
      graph.flow(slots.result(value.body), slots.outside);
    });
  }
  expose(slots.outside);

  function construct(node: ts.NewExpression): void {
    const made = snapshot.constructed(node);
    if (made?.model.kind === "channel") {
      const given = node.arguments?.[0];
      graph.add(slots.expression(node), {
        kind: "channel",
        node,
        made: made.name === "Channel" ? "new" : "library",
        capacity: given === undefined ? 0 : constantNumber(given),
      });
    }
    const name = bare(node.expression);
    if (ts.isIdentifier(name)) constructions.set(name.text, [...(constructions.get(name.text) ?? []), node]);
    if (ts.isIdentifier(name) && name.text === "Promise") {
      const [executor] = node.arguments ?? [];
      if (executor) callback(node, slots.expression(executor), "runs");
      return;
    }
    const container = ts.isIdentifier(name) && /^(Map|Set|WeakMap|WeakSet|Array|WeakRef)$/.test(name.text);
    for (const argument of node.arguments ?? [])
      if (container) graph.flow(slots.expression(argument), slots.expression(node));
    const called = ts.isIdentifier(name) ? constructorOf(name) : undefined;
    if (called === "none" || container || made !== undefined) return;
    if (called !== undefined) bindCall(node, called);
    else for (const argument of node.arguments ?? []) graph.flow(slots.expression(argument), slots.outside);
  }

  function constructorOf(name: ts.Identifier, depth = 0): FunctionWithBody | "none" | undefined {
    const declaration = snapshot.variableOf(name)?.declaration;
    if (declaration === undefined || !ts.isClassLike(declaration) || depth > 8) return undefined;
    const own = declaration.members.find(
      (member) => ts.isConstructorDeclaration(member) && member.body !== undefined,
    );
    if (own !== undefined) return own as ts.ConstructorDeclaration & { body: ts.Block };
    const base = declaration.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)
      ?.types[0]?.expression;
    return base === undefined ? "none" : ts.isIdentifier(base) ? constructorOf(base, depth + 1) : undefined;
  }

  function gather(node: Call): void {
    if (ts.isNewExpression(node)) return construct(node);
    const callee = bare(node.expression);
    if (callee.kind === ts.SyntaxKind.SuperKeyword) return callSuper(node);
    const known = snapshot.calleeOf(node);
    if (known.kind === "method" || known.kind === "function") return modelled(node, known);
    if (contexts.gather(node, known)) return;
    if (isNilChannel(node)) {
      graph.add(slots.expression(node), { kind: "channel", node, made: "nil", capacity: 0 });
      return;
    }
    if (known.kind === "body") return bindCall(node, known.declaration);
    if (known.kind === "builtin") return builtinCall(node, known);
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
    if (name === "bind" || name === "call" || name === "apply") {
      const fn = slots.expression((callee as ts.PropertyAccessExpression).expression);
      if (name === "bind") graph.flow(fn, slots.expression(node));
      else callback(node, fn, isWaited(node) ? "runs" : "starts", [], slots.expression(node));
      return;
    }
    graph.hear(slots.expression(callee), (value) => {
      if (value.kind === "function") bindCall(node, value.body);
      if (value.kind === "cancel") contexts.noteCancel(value, node);
    });
    open.push(node);
  }

  function callSuper(node: ts.CallExpression): void {
    for (let at: ts.Node = node; at !== undefined; at = at.parent) {
      if (!ts.isClassLike(at)) continue;
      const base = at.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword);
      const name = base?.types[0]?.expression;
      const target = name && ts.isIdentifier(name) ? constructorOf(name) : undefined;
      if (target !== undefined && target !== "none") bindCall(node, target);
      return;
    }
  }

  function isNilChannel(node: ts.CallExpression): boolean {
    const callee = bare(node.expression);
    return (
      ts.isPropertyAccessExpression(callee) &&
      callee.name.text === "nil" &&
      node.arguments.length === 0 &&
      snapshot.primitiveOf(node)?.model.kind === "channel"
    );
  }

  function modelled(node: ts.CallExpression, callee: Callee & { kind: "method" | "function" }): void {
    const own = slots.expression(node);
    const receiver = callee.kind === "method" ? callee.receiver : undefined;
    const event = "event" in callee.operation ? callee.operation.event : undefined;
    const [first, second] = node.arguments;
    if (receiver && event?.startsWith("chan-")) {
      operations.push({ node, event, channel: receiver, select: undefined });
      transfer(event, slots.expression(receiver), first && slots.expression(first), own);
      return;
    }
    const handler = (argument: ts.Expression | undefined, parameter?: Slot) => {
      if (argument) callback(node, slots.expression(argument), "runs", [parameter], own);
    };
    if ((event === "select-receive" || event === "select-send") && first)
      operations.push({ node, event, channel: first, select: selectAround(node) });
    if (event === "select-receive" && first) {
      const content = graph.slot();
      transfer("chan-receive", slots.expression(first), undefined, content);
      return handler(second, content);
    }
    if (event === "select-send" && first && second) {
      transfer("chan-send", slots.expression(first), slots.expression(second), own);
      return handler(node.arguments[2]);
    }
    if (event === "select-default") return handler(first);
    if (contexts.gather(node, callee)) return;
    if (callee.kind === "function" && (callee.name === "after" || callee.name === "tick")) {
      graph.add(own, { kind: "channel", node, made: "timer", capacity: 1 });
      return;
    }
    for (const argument of node.arguments) {
      const from = slots.expression(argument);
      callback(node, from, startsCallback(callee.operation) ? "starts" : "runs", [], own);
      graph.flow(from, own);
      if (receiver && (event === "map-store" || event === "pool-put" || event === "atomic-store"))
        store(g, receiver, from);
      // What the library's own tasks do with a channel is not seen.
      if (callee.kind === "function" && event !== "select") escapeChannels(from);
    }
    if (receiver) graph.flow(slots.expression(receiver), own);
    if (callee.kind === "function" && snapshot.primitiveOf(node)?.model.kind === "channel")
      graph.add(own, { kind: "channel", node, made: "library", capacity: undefined });
  }

  function escapeChannels(from: Slot): void {
    graph.hear(from, (value) => {
      if (value.kind === "channel") graph.add(slots.outside, value);
    });
  }

  function transfer(event: EventKind, channel: Slot, sent: Slot | undefined, received: Slot): void {
    graph.hear(channel, (value) => {
      if (value.kind !== "channel") return;
      if (event === "chan-send" || event === "chan-try-send") {
        if (sent) graph.flow(sent, slots.content(value));
      } else if (event !== "chan-close") graph.flow(slots.content(value), received);
    });
  }

  function builtinCall(node: ts.CallExpression, callee: Callee & { kind: "builtin" }): void {
    const own = slots.expression(node);
    const target = bare(node.expression);
    const receiver = ts.isPropertyAccessExpression(target) ? target.expression : undefined;
    const from = receiver && slots.expression(receiver);
    if (callee.owner === "Console") return;
    if (receiver && from) {
      graph.flow(from, own);
      if (storing.has(callee.name))
        for (const argument of node.arguments) store(g, receiver, slots.expression(argument));
    }
    const settles = callee.owner === "Promise";
    const atOnce = runsCallbackAtOnce(callee);
    for (const argument of node.arguments) {
      const given = slots.expression(argument);
      if (!storing.has(callee.name)) graph.flow(given, own);
      callback(
        node,
        given,
        atOnce ? "runs" : "starts",
        atOnce || settles ? [from, from, from] : [],
        own,
        true,
      );
    }
  }

  /** What is still unknown once everything has flowed is not part of the program that is seen. */
  function finish(): void {
    for (const node of open) {
      const at = sites.get(node);
      if (at !== undefined && (at.runs.size > 0 || at.starts.size > 0)) continue;
      if ([...slots.expression(bare(node.expression)).values].some((value) => value.kind === "cancel"))
        continue;
      for (const argument of node.arguments) graph.flow(slots.expression(argument), slots.outside);
    }
  }

  const table: CallTable = {
    sites,
    exposed,
    operations,
    constructions,
    cancels: contexts.cancels,
    contexts: contexts.origins,
  };
  return { gather, finish, note: (operation: WrittenOperation) => void operations.push(operation), table };
}

/** Library functions that are given a function run it in a task of their own, unless they wait for it. */
function startsCallback(operation: Operation): boolean {
  switch (operation.op) {
    case "spawn":
    case "wg-go":
    case "harmless":
    case "block":
      return true;
    default:
      return false;
  }
}

/** The `select` that a case is written in. */
function selectAround(node: ts.CallExpression): ts.CallExpression | undefined {
  const { parent } = meaningfulParent(node);
  return ts.isCallExpression(parent) && parent.expression !== node ? parent : undefined;
}

/** Whether the task that calls goes on only when the call is over. */
export function isWaited(call: ts.Expression): boolean {
  const { parent, child } = meaningfulParent(call);
  return (
    ts.isAwaitExpression(parent) ||
    ts.isReturnStatement(parent) ||
    (ts.isArrowFunction(parent) && parent.body === child) ||
    (ts.isYieldExpression(parent) && parent.asteriskToken !== undefined) ||
    (ts.isConditionalExpression(parent) && parent.condition !== child && isWaited(parent)) ||
    (ts.isBinaryExpression(parent) && parent.right === child && isWaited(parent))
  );
}

export function constantNumber(expression: ts.Expression): number | undefined {
  const at = bare(expression);
  return ts.isNumericLiteral(at) ? Number(at.text) : undefined;
}
