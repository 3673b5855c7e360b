import type ts from "typescript";
import type { Callee } from "../../project/port.js";
import type { Gathering } from "./targets.js";
import type { CancelValue, ChannelValue, ContextValue, Slot } from "./values.js";

/** What can end a context besides its cancel function. */
export interface ContextOrigin {
  /** A deadline. */
  readonly timed: boolean;
  /** Undefined for a root context. */
  readonly parent: Slot | undefined;
}

const making = new Set(["withCancel", "withCancelCause", "withDeadline", "withTimeout"]);

/** Contexts as channels: `ctx.done` is closed by the cancel function, by the parent, or by the clock. */
export function createContexts({ graph, slots }: Gathering) {
  /** Where a cancel function is called, or handed to something that calls it. */
  const cancels = new Map<ChannelValue, Set<ts.Node>>();

  const origins = new Map<ChannelValue, ContextOrigin>();

  function make(node: ts.CallExpression, timed: boolean, parent: ts.Expression | undefined): ContextValue {
    const done: ChannelValue = { kind: "channel", node, made: "done", capacity: 0 };
    origins.set(done, { timed, parent: parent && slots.expression(parent) });
    return { kind: "context", node, done };
  }

  return {
    cancels,
    origins,
    noteCancel(value: CancelValue, at: ts.Node): void {
      const known = cancels.get(value.done) ?? new Set();
      cancels.set(value.done, known.add(at));
    },
    gather(node: ts.CallExpression, callee: Callee): boolean {
      const name = callee.kind === "function" ? callee.name : undefined;
      const own = slots.expression(node);
      if (name !== undefined && making.has(name)) {
        const context = make(node, !name.startsWith("withCancel"), node.arguments[0]);
        graph.add(own, context);
        graph.add(own, { kind: "cancel", done: context.done });
        return true;
      }
      if (name === "background" || name === "todo") {
        graph.add(own, make(node, false, undefined));
        return true;
      }
      if (name === "withValue" && node.arguments[0]) {
        graph.flow(slots.expression(node.arguments[0]), own);
        return true;
      }
      return false;
    },
  };
}
