import ts from "typescript";
import { binder } from "../../facts/call.js";
import { followPaths } from "../../facts/paths.js";
import type { Reached } from "../../facts/summary.js";
import { usesOf } from "../../facts/uses.js";
import { isWaitedFor, type Op, type SpawnOp } from "../../ir/cfg.js";
import type { Unit } from "../../ir/lower.js";
import type { EventKind } from "../../model/index.js";
import { enclosingFunction } from "../../project/syntax.js";
import type { RuleContext } from "../rule.js";

interface Early {
  readonly call: ts.CallExpression;
  readonly add: ts.CallExpression;
}

/** A task that counts down started before anything was counted, and whether it may have got there. */
interface Path {
  readonly made: boolean;
  readonly done: ts.CallExpression | undefined;
  /** The channels that it waits for first; undefined: for nothing but time. */
  readonly gates: ReadonlySet<number> | undefined;
  readonly caused: boolean;
}

const receives = new Set<EventKind>(["chan-receive", "chan-range", "select-receive"]);
const wakes = new Set<EventKind>(["chan-send", "chan-try-send", "chan-close"]);
/** What else a task may wait for: nobody says when that happens. */
const otherWaits = new Set<EventKind>([
  "cond-wait",
  "barrier-wait",
  "task-join",
  "group-wait",
  "select",
  "flight-do",
]);

/**
 * `go(() => source.run(() => wg.done())); await source.add(name); wg.add(1);`: the event is caused, the
 * task has it, and only then it is counted.
 */
export function doneTooEarly(
  group: ts.VariableDeclaration & { readonly name: ts.Identifier },
  { snapshot, facts }: RuleContext,
): Early[] {
  const home = enclosingFunction(group);
  if (isAlwaysCountedFirst(group, home, snapshot)) return [];
  const key = String(snapshot.variableOf(group.name)?.id);
  const found = new Map<ts.Node, Early>();
  const none: Path = { made: false, done: undefined, gates: undefined, caused: false };

  const started = (op: SpawnOp, path: Path): Path => {
    const { waitGroups, reached, taken } = facts.of(op.body).summary;
    const own = waitGroups.filter((use) => use.place.key === key);
    const done = own.find((use) => use.what === "done");
    if (own.some((use) => use.what !== "done")) return none;
    if (done === undefined || path.done !== undefined) return path;
    const waits = taken.length > 0 || reached.some(({ event }) => otherWaits.has(event));
    if (waits) return path;
    const channels = reached.filter(({ event }) => receives.has(event));
    const gates = channels.flatMap(({ place }) => place?.field?.id ?? []);
    if (gates.length < channels.length) return path;
    return {
      ...path,
      done: done.call,
      gates: channels.length === 0 ? undefined : new Set(gates),
      caused: false,
    };
  };
  const causes = (path: Path, event: EventKind, field: number | undefined): boolean =>
    path.gates !== undefined && field !== undefined && wakes.has(event) && path.gates.has(field);
  const wakesBy = (reached: readonly Reached[], path: Path) =>
    reached.some(({ event, place }) => causes(path, event, place?.field?.id));

  const step = (op: Op, path: Path): readonly Path[] => {
    if (op.kind === "fresh" && op.place.key === key) return [{ ...none, made: true }];
    if (!path.made) return [path];
    switch (op.kind) {
      case "wg":
        if (op.place.key !== key || op.what === "wait") return [path];
        if (op.what === "add" && path.done !== undefined && path.caused)
          found.set(path.done, { call: path.done, add: op.call });
        return [none];
      case "spawn":
        return [op.counted?.key === key ? none : started(op, path)];
      case "escape":
        return [op.place.key === key ? none : path];
      case "await":
        return [path.done !== undefined && path.gates === undefined ? { ...path, caused: true } : path];
      case "operation":
        return [
          causes(path, op.event, op.place?.field?.id) && isWaitedFor(op.use)
            ? { ...path, caused: true }
            : path,
        ];
      case "call": {
        const { summary } = facts.of(op.target);
        const bind = binder(op);
        if (summary.waitGroups.some((use) => bind(use.place)?.key === key)) return [none];
        return [isWaitedFor(op.use) && wakesBy(summary.reached, path) ? { ...path, caused: true } : path];
      }
      default:
        return [path];
    }
  };
  const complete = followPaths<Path>(home as Unit, snapshot, {
    start: none,
    key: ({ made, done, caused }) => `${made}:${done?.pos ?? ""}:${caused}`,
    step,
  });
  return complete ? [...found.values()] : [];
}

/** `wg.add(1); go(…)`: every done stands behind an add, in the same block or one around it. */
function isAlwaysCountedFirst(
  group: ts.VariableDeclaration & { readonly name: ts.Identifier },
  home: ts.Node,
  snapshot: RuleContext["snapshot"],
): boolean {
  const { calls, escapes, methodsPassed } = usesOf(snapshot.variableOf(group.name), snapshot);
  if (escapes || methodsPassed.size > 0) return false;
  const adds = new Set<ts.Node>(calls.filter(({ method }) => method === "add").map(({ call }) => call));
  const isAdd = (statement: ts.Statement) =>
    ts.isExpressionStatement(statement) && adds.has(statement.expression);
  return calls.every(({ method, call }) => method !== "done" || followsAny(isAdd, call, home));
}

/** Behind such a statement of the function's own code, by which every path to the node goes. */
function followsAny(wanted: (statement: ts.Statement) => boolean, node: ts.Node, home: ts.Node): boolean {
  let found = false;
  let at = node;
  for (; at !== home && at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    // A declared function can be started above its text.
    if (ts.isFunctionDeclaration(parent) && parent !== home) return false;
    if (ts.isFunctionLike(parent) && parent !== home) found = false;
    if (!ts.isBlock(parent) || !ts.isStatement(at)) continue;
    found ||= parent.statements.slice(0, parent.statements.indexOf(at)).some(wanted);
  }
  return found && at === home;
}
