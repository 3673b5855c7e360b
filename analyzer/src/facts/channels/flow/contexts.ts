import type ts from "typescript";
import type { Gathering } from "./part.js";
import type { ChannelValue } from "./values.js";

const making = new Set(["withCancel", "withCancelCause", "withDeadline", "withTimeout"]);

/** Contexts as channels: `ctx.done` is closed by the cancel function, by the parent, or by the clock. */
export function gatherContext(g: Gathering, node: ts.CallExpression, name: string): boolean {
  if (making.has(name)) {
    const done = make(g, node, !name.startsWith("withCancel"), node.arguments[0]);
    g.step((s) => s.add(node, { kind: "cancel", done }));
    return true;
  }
  if (name === "background" || name === "todo") {
    make(g, node, false, undefined);
    return true;
  }
  if (name === "withValue" && node.arguments[0]) {
    g.flow(g.ref(node.arguments[0]), node);
    return true;
  }
  return false;
}

function make(
  g: Gathering,
  node: ts.CallExpression,
  timed: boolean,
  parent: ts.Expression | undefined,
): ChannelValue {
  const done: ChannelValue = { kind: "channel", node, made: "done", capacity: 0 };
  const from = parent && g.ref(parent);
  g.step((s) => {
    s.context(done, timed, from);
    s.add(node, { kind: "context", node, done });
  });
  return done;
}
