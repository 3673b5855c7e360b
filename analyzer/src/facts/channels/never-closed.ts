import ts from "typescript";
import { firesByItself, isAvailable, tasksAlive } from "./counterparts.js";
import type { ChannelOperation, ChannelProgram } from "./program.js";
import type { Tasks } from "./tasks.js";

/** A loop over a channel that only a close would end, and no close comes. */
export function neverClosed(range: ChannelOperation, program: ChannelProgram, tasks: Tasks): boolean {
  if (range.channels.size === 0 || !tasksAlive(range.unit, tasks) || !ts.isForOfStatement(range.node))
    return false;
  if (leavesByItself(range.node.statement)) return false;
  return [...range.channels].every((channel) => {
    if (channel.made === "nil" || firesByItself(channel, program)) return false;
    return !program
      .operationsOn(channel)
      .some(
        (other) =>
          other.event === "chan-close" &&
          tasksAlive(other.unit, tasks) &&
          isAvailable(range, other, channel, program, tasks),
      );
  });
}

/** Whether the body of a loop can leave it: `return`, `throw`, or a `break` that is its own. */
export function leavesByItself(body: ts.Node, inner = false): boolean {
  if (ts.isFunctionLike(body)) return false;
  if (ts.isReturnStatement(body) || ts.isThrowStatement(body)) return true;
  if (ts.isBreakStatement(body) && (!inner || body.label !== undefined)) return true;
  const nested = inner || ts.isIterationStatement(body, false) || ts.isSwitchStatement(body);
  return ts.forEachChild(body, (child) => leavesByItself(child, nested) || undefined) ?? false;
}

/** The last one out closes: whether it is the last is a count that the loop knows nothing of. */
export function isClosedOnCondition(range: ChannelOperation, program: ChannelProgram): boolean {
  return [...range.channels].some((channel) =>
    program.operationsOn(channel).some((other) => {
      if (other.event !== "chan-close") return false;
      for (let at = other.node; at.parent !== undefined && !ts.isFunctionLike(at.parent); at = at.parent)
        if (ts.isIfStatement(at.parent) || ts.isConditionalExpression(at.parent)) return true;
      return false;
    }),
  );
}
