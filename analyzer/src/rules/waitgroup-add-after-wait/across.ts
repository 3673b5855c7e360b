import ts from "typescript";
import { binder } from "../../facts/call.js";
import { runsAtOnce } from "../../facts/closures.js";
import type { Facts } from "../../facts/facts.js";
import { occurrencesOf } from "../../facts/occurrences.js";
import { followPaths } from "../../facts/paths.js";
import type { WaitGroupUse } from "../../facts/summary.js";
import { callsByPiece, callsWithin, syntaxOf } from "../../facts/syntax-index.js";
import { isImmediate } from "../../facts/task-starts.js";
import { isWaitedFor, type Op } from "../../ir/cfg.js";
import { callbackBody } from "../../ir/harmless.js";
import type { Unit } from "../../ir/lower.js";
import type { Place } from "../../ir/place.js";
import { keepAnswers } from "../../project/kept-answers.js";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import { enclosingFunction, isAsync } from "../../project/syntax.js";
import { calledName, contains, modelled } from "../events.js";

/** An add in one task, a wait in another, and nothing that puts them in order. */
export interface Unordered {
  readonly add: ts.CallExpression;
  readonly place: Place;
  readonly wait: ts.CallExpression;
  readonly adder: ts.Node;
  readonly waiter: ts.Node;
}

/** A task under way that adds to a group, or waits for it. */
interface Running {
  readonly use: WaitGroupUse;
  readonly start: ts.Node;
}

interface Tasks {
  readonly adders: readonly Running[];
  readonly waiters: readonly Running[];
  /** Groups that this function has added to itself: they may be above zero all the while. */
  readonly counted: ReadonlySet<number>;
}

const maxRunning = 4;

/** `go(() => gossip.connect()); go(() => stopper.stop());`: connect adds a worker, stop waits for the workers. */
export function unorderedAdds(unit: Unit, snapshot: Snapshot, facts: Facts): Unordered[] {
  if (!startsAdder(unit, snapshot, facts)) return [];
  const found: Unordered[] = [];

  const meet = (adder: Running, waiter: Running): void => {
    const { use } = adder;
    if (use.place.field === undefined || use.place.field.id !== waiter.use.place.field?.id) return;
    if (adder.start === waiter.start || !isOneGroup(use.place, waiter.use.place, snapshot)) return;
    if (isGuarded(use.call) || isJoinedBetween(adder.start, waiter.start, snapshot)) return;
    const wait = waiter.use.call;
    found.push({ add: use.call, place: use.place, wait, adder: adder.start, waiter: waiter.start });
  };
  const begin = (uses: readonly WaitGroupUse[], start: ts.Node, tasks: Tasks): Tasks => {
    const own = uses.filter(({ place }) => place.field !== undefined && !tasks.counted.has(place.field.id));
    // A task that adds and is done with the same group counts itself: another rule says so.
    const counts = (key: string) => own.some(({ what, place }) => what === "done" && place.key === key);
    const adders = own
      .filter(({ what, place }) => what === "add" && !counts(place.key))
      .map((use) => ({ use, start }));
    const waiters = own.filter(({ what }) => what === "wait").map((use) => ({ use, start }));
    for (const adder of adders) for (const waiter of tasks.waiters) meet(adder, waiter);
    for (const waiter of waiters) for (const adder of tasks.adders) meet(adder, waiter);
    return {
      ...tasks,
      adders: [...tasks.adders, ...adders].slice(-maxRunning),
      waiters: [...tasks.waiters, ...waiters].slice(-maxRunning),
    };
  };
  const here = (uses: readonly WaitGroupUse[], at: ts.CallExpression, tasks: Tasks): Tasks => {
    for (const use of uses) {
      if (use.what === "wait") for (const adder of tasks.adders) meet(adder, { use, start: at });
    }
    const added = uses.flatMap((use) => (use.what === "add" ? (use.place.field?.id ?? []) : []));
    return added.length === 0 ? tasks : { ...tasks, counted: new Set([...tasks.counted, ...added]) };
  };

  const step = (op: Op, tasks: Tasks): readonly Tasks[] => {
    switch (op.kind) {
      case "spawn": {
        const field = op.counted?.field?.id;
        if (field !== undefined) return [{ ...tasks, counted: new Set(tasks.counted).add(field) }];
        const uses = facts.of(op.body).summary.waitGroups;
        return [
          begin(
            uses.filter(({ call }) => !runsAtOnce(call, op)),
            op.call,
            tasks,
          ),
        ];
      }
      case "call": {
        const bind = binder(op);
        const uses = facts.of(op.target).summary.waitGroups.flatMap((use) => {
          const place = bind(use.place);
          return place === undefined ? [] : [{ ...use, place }];
        });
        const beside = isAsync(op.target) && !isWaitedFor(op.use);
        if (beside) return [op.use === "dropped" ? begin(uses, op.call, tasks) : tasks];
        return [here(uses, op.call, tasks)];
      }
      case "wg":
        return [here([op], op.call, tasks)];
      case "operation":
        return [
          op.event === "task-join" || op.event === "group-wait"
            ? { ...tasks, adders: [], waiters: [] }
            : tasks,
        ];
      case "await":
        // What this waits for may be that the adding is over.
        return [isTime(op.node) || isWaitFor(op.node, snapshot, facts) ? tasks : { ...tasks, adders: [] }];
      default:
        return [tasks];
    }
  };
  followPaths<Tasks>(unit, snapshot, {
    start: { adders: [], waiters: [], counted: new Set() },
    key: ({ adders, waiters, counted }) =>
      [adders, waiters].map((all) => all.map(({ start }) => start.pos)).join("|") + [...counted],
    step,
  });
  return found;
}

/** Whether a task may be started here, and something that is called or passed on here adds to a group. */
function startsAdder(unit: Unit, snapshot: Snapshot, facts: Facts): boolean {
  const index = syntaxOf(unit.getSourceFile());
  const calls = callsWithin(index, unit);
  if (!calls.some(startsTask)) return false;
  const parts = ts.isSourceFile(unit) ? callsByPiece(index) : new Map([[unit, calls]]);
  const adds = (body: FunctionWithBody) =>
    facts.of(body).summary.waitGroups.some(({ what }) => what === "add");
  return [...parts].some(([part, own]) =>
    bodiesRunBy(part, snapshot, () => own.flatMap((call) => runBy(call, snapshot))).some(adds),
  );
}

const bodiesRunBy = keepAnswers<readonly FunctionWithBody[]>();

/** What a call runs, as a task or not: what it calls, or a function that it is given. */
function runBy(call: ts.CallExpression, snapshot: Snapshot): readonly FunctionWithBody[] {
  const callee = snapshot.calleeOf(call);
  if (callee.kind === "body") return [callee.declaration];
  if (callee.kind === "bodies") return callee.declarations;
  if (callee.kind === "builtin" && !isImmediate(callee)) return [];
  return [call.expression, ...call.arguments].flatMap((each) => callbackBody(each, snapshot) ?? []);
}

function startsTask(call: ts.CallExpression): boolean {
  return calledName(call) === "go" || ts.isExpressionStatement(call.parent);
}

/** An await of the group itself, or of a call that waits for it: the call stands behind its await. */
function isWaitFor(node: ts.Node, snapshot: Snapshot, facts: Facts): boolean {
  if (!ts.isCallExpression(node)) return false;
  const callee = snapshot.calleeOf(node);
  if (callee.kind === "method") return callee.operation.op === "wg-wait";
  if (callee.kind !== "body") return false;
  return facts.of(callee.declaration).summary.waitGroups.some(({ what }) => what === "wait");
}

function isTime(node: ts.Node): boolean {
  return ts.isCallExpression(node) && ["sleep", "gosched"].includes(calledName(node) ?? "");
}

/** The same place, or a field of a class of which the program makes one instance. */
function isOneGroup(one: Place, other: Place, snapshot: Snapshot): boolean {
  if (one.key === other.key) return true;
  const field = one.field?.declaration;
  const owner = field && (ts.isParameter(field) ? field.parent.parent : field.parent);
  if (owner === undefined || !ts.isClassLike(owner) || owner.name === undefined) return false;
  const [only, ...others] = occurrencesOf({ name: owner.name.text, declaration: owner }, snapshot).flatMap(
    ({ parent }) => (ts.isNewExpression(parent) ? [parent] : []),
  );
  return only !== undefined && others.length === 0 && !isInLoop(only);
}

function isInLoop(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent)
    if (ts.isIterationStatement(at.parent, false)) return true;
  return false;
}

/** Something is asked before the add: whether there may still be one. */
function isGuarded(add: ts.CallExpression): boolean {
  const home = enclosingFunction(add);
  for (let at: ts.Node = add; at !== home && at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isIfStatement(parent) || ts.isConditionalExpression(parent) || ts.isCaseOrDefaultClause(parent))
      return true;
    if (!ts.isBlock(parent) || !ts.isStatement(at)) continue;
    const before = parent.statements.slice(0, parent.statements.indexOf(at));
    if (before.some((each) => contains(each, isWayOut))) return true;
  }
  return false;
}

function isWayOut(node: ts.Node): boolean {
  return ts.isReturnStatement(node) || ts.isThrowStatement(node);
}

/** Between the two something joins tasks, on whatever path. */
function isJoinedBetween(one: ts.Node, other: ts.Node, snapshot: Snapshot): boolean {
  const [from, to] = one.end <= other.pos ? [one, other] : [other, one];
  return contains(enclosingFunction(from), (node) => {
    if (!ts.isCallExpression(node) || node.pos < from.end || node.end > to.pos) return false;
    const name = calledName(node);
    if (name === "all" || name === "allSettled") return true;
    if (name !== "join" && name !== "receive") return false;
    return modelled(node, snapshot) !== undefined;
  });
}
