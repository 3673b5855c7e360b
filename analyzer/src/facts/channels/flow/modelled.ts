import ts from "typescript";
import type { EventKind, Operation } from "../../../model/index.js";
import type { Callee } from "../../../project/port.js";
import { meaningfulParent } from "../../../project/syntax.js";
import { gatherContext } from "./contexts.js";
import type { Gathering } from "./part.js";
import { type Local, outside, type Ref } from "./refs.js";
import { store } from "./targets.js";

/** A call of the library itself, or of one like it. */
export function modelledCall(
  g: Gathering,
  node: ts.CallExpression,
  callee: Callee & { kind: "method" | "function" },
): void {
  const receiver = callee.kind === "method" ? callee.receiver : undefined;
  const event = "event" in callee.operation ? callee.operation.event : undefined;
  const [first, second] = node.arguments;
  if (receiver && event?.startsWith("chan-")) {
    noteOperation(g, node, event, receiver);
    transfer(g, event, g.ref(receiver), first && g.ref(first), node);
    return;
  }
  if ((event === "select-receive" || event === "select-send") && first) noteOperation(g, node, event, first);
  if (event === "select-receive" && first) {
    const content: Local = { kind: "local" };
    transfer(g, "chan-receive", g.ref(first), undefined, content);
    return handler(g, node, second, content);
  }
  if (event === "select-send" && first && second) {
    transfer(g, "chan-send", g.ref(first), g.ref(second), node);
    return handler(g, node, node.arguments[2]);
  }
  if (event === "select-default") return handler(g, node, first);
  if (callee.kind === "function" && gatherContext(g, node, callee.name)) return;
  if (callee.kind === "function" && (callee.name === "after" || callee.name === "tick")) {
    const value = { kind: "channel", node, made: "timer", capacity: 1 } as const;
    return g.step((s) => s.add(node, value));
  }
  const when = startsCallback(callee.operation) ? "starts" : "runs";
  for (const argument of node.arguments) {
    const from = g.ref(argument);
    g.step((s) => s.callback(node, from, { when, result: node }));
    g.flow(from, node);
    if (receiver && (event === "map-store" || event === "pool-put" || event === "atomic-store"))
      store(g, receiver, from);
    // What the library's own tasks do with a channel is not seen.
    if (callee.kind === "function" && event !== "select") escapeChannels(g, from);
  }
  if (receiver) g.flow(g.ref(receiver), node);
  if (callee.kind === "function" && givesChannel(g, node, callee.operation)) {
    const value = { kind: "channel", node, made: "library", capacity: undefined } as const;
    g.step((s) => s.add(node, value));
  }
}

/** What starts a task gives the task, what waits a promise: of those the type is not asked. */
function givesChannel({ snapshot }: Gathering, node: ts.CallExpression, { op }: Operation): boolean {
  return op === "harmless" && snapshot.primitiveOf(node)?.model.kind === "channel";
}

function noteOperation(
  g: Gathering,
  node: ts.CallExpression,
  event: EventKind,
  channel: ts.Expression,
): void {
  const operation = {
    node,
    event,
    channel,
    select: event.startsWith("select-") ? selectAround(node) : undefined,
  };
  const of = g.ref(channel);
  g.step((s) => s.operation(operation, of));
}

/** What runs when a case of a `select` is taken. */
function handler(g: Gathering, node: ts.CallExpression, given: ts.Expression | undefined, received?: Ref) {
  if (given === undefined) return;
  const from = g.ref(given);
  const handing = { when: "runs", parameters: [received], result: node } as const;
  g.step((s) => s.callback(node, from, handing));
}

function escapeChannels(g: Gathering, from: Ref): void {
  g.step((s) =>
    s.hear(from, (value) => {
      if (value.kind === "channel") s.add(outside, value);
    }),
  );
}

function transfer(g: Gathering, event: EventKind, channel: Ref, sent: Ref | undefined, received: Ref): void {
  g.step((s) =>
    s.hear(channel, (value) => {
      if (value.kind !== "channel") return;
      if (event === "chan-send" || event === "chan-try-send") {
        if (sent !== undefined) s.flow(sent, value);
      } else if (event !== "chan-close") s.flow(value, received);
    }),
  );
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
