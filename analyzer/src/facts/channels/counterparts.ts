import ts from "typescript";
import type { Unit } from "../../ir/lower.js";
import { bare } from "../../project/syntax.js";
import { beforeOperation } from "./arrival.js";
import type { ChannelValue } from "./flow/values.js";
import { isWaited } from "./flow/written-calls.js";
import type { ChannelOperation, ChannelProgram } from "./program.js";
import type { Tasks } from "./tasks.js";

/** An operation that its task waits in: a send, a receive, a `select`, a `for await`. */
export interface Blocking {
  readonly node: ts.Node;
  /** One for a plain operation; the cases of a `select`. */
  readonly operations: readonly ChannelOperation[];
  readonly unit: Unit;
}

/** Operations that wait with no way out of their own: no signal, no `otherwise`, not raced against anything. */
export function blockingOperations(program: ChannelProgram): Blocking[] {
  const found: Blocking[] = [];
  const selects = new Map<ts.CallExpression, ChannelOperation[]>();
  for (const operation of program.operations) {
    const { node, event, select, unit } = operation;
    if (select !== undefined) selects.set(select, [...(selects.get(select) ?? []), operation]);
    else if (event === "chan-range") found.push({ node, operations: [operation], unit });
    else if ((event === "chan-send" || event === "chan-receive") && ts.isCallExpression(node)) {
      const options = node.arguments.length > (event === "chan-send" ? 1 : 0);
      if (!options && isWaited(node)) found.push({ node, operations: [operation], unit });
    }
  }
  for (const [node, operations] of selects) {
    const [first] = operations;
    const whole = node.arguments.every((argument) =>
      operations.some((operation) => operation.node === bare(argument)),
    );
    if (first !== undefined && whole && isWaited(node)) found.push({ node, operations, unit: first.unit });
  }
  return found;
}

export function isReceiving({ event }: ChannelOperation): boolean {
  return event === "chan-receive" || event === "select-receive" || event === "chan-range";
}

export function isSending({ event }: ChannelOperation): boolean {
  return event === "chan-send" || event === "select-send";
}

/** Whether `other` can set free somebody who waits in `operation`; a send into a closed channel throws instead. */
export function isCounterpart(operation: ChannelOperation, other: ChannelOperation): boolean {
  if (other.event === "chan-close") return true;
  return isReceiving(operation)
    ? isSending(other) || other.event === "chan-try-send"
    : isReceiving(other) || other.event === "chan-try-receive";
}

/** Whether the channel is fired by something that is not in the text. */
export function firesByItself(channel: ChannelValue, program: ChannelProgram): boolean {
  if (channel.made === "timer" || program.escapes(channel)) return true;
  if (channel.made !== "done") return false;
  const origin = program.flow.contexts.get(channel);
  if (origin === undefined || origin.timed) return true;
  if (origin.parent === undefined) return false;
  const parents = [...origin.parent].filter((value) => value.kind === "context");
  return (
    parents.length === 0 ||
    parents.some(({ done }) => done !== channel && (firesByItself(done, program) || isEnded(done, program)))
  );
}

function isEnded(done: ChannelValue, program: ChannelProgram): boolean {
  return program.operationsOn(done).some((operation) => operation.event === "chan-close");
}

export function tasksAlive(unit: Unit, tasks: Tasks): boolean {
  return tasks.of(unit).size > 0;
}

/** What can set free somebody who waits in `operation`, in functions that run at all. */
export function counterparts(
  operation: ChannelOperation,
  channel: ChannelValue,
  program: ChannelProgram,
  tasks: Tasks,
): ChannelOperation[] {
  return program
    .operationsOn(channel)
    .filter(
      (other) =>
        other.node !== operation.node &&
        (other.select === undefined || other.select !== operation.select) &&
        isCounterpart(operation, other) &&
        tasksAlive(other.unit, tasks),
    );
}

/**
 * Whether `other` may happen while a task waits in `operation`, or has happened before in a way that lasts:
 * in another task that runs by then, or earlier in this one.
 */
export function isAvailable(
  operation: ChannelOperation,
  other: ChannelOperation,
  channel: ChannelValue,
  program: ChannelProgram,
  tasks: Tasks,
): boolean {
  for (const waiting of tasks.of(operation.unit)) {
    const before = beforeOperation(operation, waiting, program, tasks);
    if (before.unknown) return true;
    for (const acting of tasks.of(other.unit)) {
      if (acting === waiting) {
        if (tasks.isMany(waiting)) return true;
        const lasts = other.event === "chan-close" || channel.capacity !== 0;
        if (lasts && !isReceiving(other) && before.operations.has(other)) return true;
        if (other.event === "chan-close" && before.operations.has(other)) return true;
      } else if (mayRunBeside(acting, waiting, before.starts, tasks)) return true;
    }
  }
  return false;
}

/** Whether a task may run while another one is at a place, given what that one has started by then. */
function mayRunBeside(
  acting: Unit,
  waiting: Unit,
  started: ReadonlySet<Unit>,
  tasks: Tasks,
  seen = new Set<Unit>(),
): boolean {
  if (tasks.isRoot(acting) || tasks.isMany(waiting) || started.has(acting)) return true;
  if (seen.has(acting)) return false;
  seen.add(acting);
  return tasks.starters(acting).some((place) =>
    [...tasks.of(place.unit)].some((starter) => {
      if (starter === waiting) return place.node === undefined;
      return mayRunBeside(starter, waiting, started, tasks, seen);
    }),
  );
}
