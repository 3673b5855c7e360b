import type ts from "typescript";
import { beforeOperation, nodesOf, reachable } from "../../facts/channels/arrival.js";
import { successors } from "../../facts/channels/graphs.js";
import type { Channels } from "../../facts/channels/index.js";
import type { ChannelOperation, Effect, UnitGraph } from "../../facts/channels/program.js";
import type { Facts } from "../../facts/facts.js";
import { identityOf } from "../../facts/identity.js";
import { keepsOut } from "../../facts/permits.js";
import type { Hold } from "../../facts/state.js";
import type { Acquired } from "../../facts/summary.js";
import { runsOnce } from "../../facts/task-starts.js";
import type { CfgNode } from "../../ir/cfg.js";
import type { Unit } from "../../ir/lower.js";
import type { Place } from "../../ir/place.js";
import type { LockMode } from "../../model/index.js";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";

/** Whether somebody has to take a lock before he comes to an operation. */
export interface Needs {
  /** Where the other side wants the lock; undefined where it comes to the operation without it. */
  of(other: ChannelOperation, waiting: ChannelOperation, hold: Hold): ts.Node | undefined;
  /** Whether the operation can be done several times, by one task or by several. */
  isRepeated(operation: ChannelOperation): boolean;
}

interface Located {
  readonly graph: UnitGraph;
  readonly effect: Effect | undefined;
}

export function createNeeds({ program, tasks }: Channels, facts: Facts, snapshot: Snapshot): Needs {
  let located: Map<CfgNode, Located> | undefined;
  const where = (node: CfgNode): Located | undefined => {
    if (located === undefined) {
      located = new Map();
      for (const unit of program.units) {
        const graph = program.graph(unit);
        for (const each of graph?.nodes ?? [])
          if (graph) located.set(each, { graph, effect: graph.effects.get(each) });
      }
    }
    return located.get(node);
  };

  /** The lock call that a node comes to, itself or through what it calls. */
  function wants(node: CfgNode, hold: Hold): ts.Node | undefined {
    const { op } = node;
    if (op?.kind === "acquire") return isIt(op.place, op.mode, hold) ? op.call : undefined;
    const bodies: Unit[] = op?.kind === "call" ? [op.target, ...(op.others ?? [])] : [];
    bodies.push(...(where(node)?.effect?.runs ?? []));
    for (const body of bodies) {
      const found = facts
        .of(body)
        .summary.acquires.find((each: Acquired) => isIt(each.place, each.mode, hold));
      if (found !== undefined) return found.site;
    }
    return undefined;
  }

  function isIt(place: Place, mode: LockMode, hold: Hold): boolean {
    const identity = identityOf(place);
    return (
      identity !== undefined &&
      identity === identityOf(hold.place) &&
      keepsOut(hold.mode, mode, hold.place, snapshot)
    );
  }

  /** What one task passes before it comes to the operation, once the one that waits may have begun. */
  function beforehand(other: ChannelOperation, task: Unit, waiting: ChannelOperation, hold: Hold) {
    const before = beforeOperation(other, task, program, tasks);
    if (before.unknown) return undefined;
    const begun = [...tasks.of(waiting.unit)];
    for (const node of before.nodes) {
      const site = wants(node, hold);
      if (site !== undefined && begun.some((each) => each === task || mayHaveBegun(each, node))) return site;
    }
    return undefined;
  }

  /** Whether a task can run when a node is passed: not when the same function starts it only later. */
  function mayHaveBegun(task: Unit, node: CfgNode): boolean {
    const graph = where(node)?.graph;
    if (graph === undefined) return true;
    const starts = graph.nodes.filter((each) => starts_(graph.effects.get(each), task, new Set()));
    if (starts.length === 0) return true;
    return starts.some((start) => reachable(successors(start), () => false).has(node));
  }

  function starts_(effect: Effect | undefined, task: Unit, seen: Set<Unit>): boolean {
    if (effect === undefined) return false;
    if (effect.starts.includes(task)) return true;
    return effect.runs.some((body) => {
      if (seen.has(body)) return false;
      seen.add(body);
      const graph = program.graph(body);
      return graph !== undefined && [...graph.effects.values()].some((each) => starts_(each, task, seen));
    });
  }

  /** Between two turns of a loop around the operation, or around a call that leads to it. */
  function between(other: ChannelOperation, task: Unit, hold: Hold): ts.Node | undefined {
    const graph = program.graph(other.unit);
    const seen = new Set<Unit>();
    const work: [Unit, ReadonlySet<CfgNode>][] = graph ? [[other.unit, nodesOf(graph, other)]] : [];
    for (let item = work.pop(); item !== undefined; item = work.pop()) {
      const [unit, goals] = item;
      if (seen.has(unit)) continue;
      seen.add(unit);
      const forward = reachable([...goals].flatMap(successors), (node) => goals.has(node));
      if ([...goals].some((goal) => forward.has(goal))) {
        for (const node of forward) {
          if (goals.has(node)) continue;
          const site = wants(node, hold);
          if (site !== undefined && reaches(node, goals)) return site;
        }
      }
      if (unit === task) continue;
      for (const caller of tasks.callers(unit))
        if (caller.node !== undefined && tasks.reach(task).has(caller.unit))
          work.push([caller.unit, new Set([caller.node])]);
    }
    return undefined;
  }

  function reaches(node: CfgNode, goals: ReadonlySet<CfgNode>): boolean {
    const forward = reachable(successors(node), (each) => goals.has(each));
    return [...goals].some((goal) => forward.has(goal));
  }

  /** A `select` may choose another case: then this one is over, and what follows wants the lock. */
  function afterwards(other: ChannelOperation, hold: Hold): ts.Node | undefined {
    const graph = program.graph(other.unit);
    if (other.select === undefined || other.select.arguments.length < 2 || graph === undefined)
      return undefined;
    const goals = nodesOf(graph, other);
    for (const node of reachable([...goals].flatMap(successors), (each) => goals.has(each))) {
      const site = wants(node, hold);
      if (site !== undefined) return site;
    }
    return undefined;
  }

  function isRepeated(operation: ChannelOperation): boolean {
    const graph = program.graph(operation.unit);
    const own = [...tasks.of(operation.unit)];
    if (own.length > 1) return true;
    if (graph === undefined || [...nodesOf(graph, operation)].some((node) => tasks.inLoop(node))) return true;
    return own.some(
      (task) =>
        tasks.isMany(task) ||
        tasks.isRepeated(operation.unit, task) ||
        (tasks.isRoot(task) && !runsOnce(task as FunctionWithBody)),
    );
  }

  return {
    of(other, waiting, hold) {
      let site: ts.Node | undefined;
      for (const task of tasks.of(other.unit)) {
        const repeated = isRepeated(waiting) ? between(other, task, hold) : undefined;
        const found = beforehand(other, task, waiting, hold) ?? repeated ?? afterwards(other, hold);
        if (found === undefined) return undefined;
        site = found;
      }
      return site;
    },
    isRepeated,
  };
}
