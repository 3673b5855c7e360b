import type { CfgNode } from "../../ir/cfg.js";
import type { Unit } from "../../ir/lower.js";
import { successors } from "./graphs.js";
import type { ChannelOperation, ChannelProgram, Effect, UnitGraph } from "./program.js";
import type { Tasks } from "./tasks.js";

/** What may have happened in a task before it comes to a place for the first time. */
export interface Before {
  readonly operations: ReadonlySet<ChannelOperation>;
  /** Tasks started by then. */
  readonly starts: ReadonlySet<Unit>;
  /** Nodes passed by then, in the functions that the place is reached through. */
  readonly nodes: ReadonlySet<CfgNode>;
  /** Some call has no place in its graph: anything may have happened. */
  readonly unknown: boolean;
}

export function nodesAt(graph: UnitGraph, wanted: (effect: Effect) => boolean): Set<CfgNode> {
  const found = new Set<CfgNode>();
  for (const [node, effect] of graph.effects) if (wanted(effect)) found.add(node);
  return found;
}

/** The nodes at which an operation takes effect. */
export function nodesOf(graph: UnitGraph, operation: ChannelOperation): Set<CfgNode> {
  return nodesAt(graph, (effect) => effect.operations.includes(operation));
}

export function beforeOperation(
  operation: ChannelOperation,
  task: Unit,
  program: ChannelProgram,
  tasks: Tasks,
): Before {
  const graph = program.graph(operation.unit);
  const targets = graph ? nodesOf(graph, operation) : new Set<CfgNode>();
  return beforeNodes(operation.unit, targets, task, program, tasks);
}

export function beforeNodes(
  unit: Unit,
  targets: ReadonlySet<CfgNode>,
  task: Unit,
  program: ChannelProgram,
  tasks: Tasks,
): Before {
  const operations = new Set<ChannelOperation>();
  const starts = new Set<Unit>();
  const passed = new Set<CfgNode>();
  const seen = new Set<Unit>();
  const expanded = new Set<Unit>();
  let unknown = false;

  function take(effect: Effect): void {
    for (const operation of effect.operations) operations.add(operation);
    for (const body of effect.starts) starts.add(body);
    for (const body of effect.runs) expand(body);
  }

  function expand(body: Unit): void {
    if (expanded.has(body)) return;
    expanded.add(body);
    const graph = program.graph(body);
    if (graph === undefined) {
      unknown = true;
      return;
    }
    take(graph.unplaced);
    for (const effect of graph.effects.values()) take(effect);
  }

  function walk(at: Unit, goals: ReadonlySet<CfgNode>): void {
    if (seen.has(at)) return;
    seen.add(at);
    const graph = program.graph(at);
    if (graph === undefined || goals.size === 0) {
      unknown = true;
      return;
    }
    take(graph.unplaced);
    for (const node of between(graph, goals)) {
      passed.add(node);
      const effect = graph.effects.get(node);
      if (effect) take(effect);
    }
    if (at === task) return;
    const places = tasks.callers(at).filter((caller) => tasks.reach(task).has(caller.unit));
    const byUnit = new Map<Unit, Set<CfgNode>>();
    for (const { unit: caller, node } of places) {
      if (node === undefined) unknown = true;
      else byUnit.set(caller, (byUnit.get(caller) ?? new Set()).add(node));
    }
    for (const [caller, nodes] of byUnit) walk(caller, nodes);
  }

  walk(unit, targets);
  return { operations, starts, nodes: passed, unknown };
}

/** A close throws when the channel was closed before: what the handler then does is not after this close. */
function stepsFrom(node: CfgNode): CfgNode[] {
  const { op } = node;
  const closing = op?.kind === "may-throw" && /\.close\(\)$/.test(op.node.getText());
  return closing ? [node.next].filter((next) => next !== undefined) : successors(node);
}

/** Nodes on paths from the entry to a goal that pass no other goal. */
function between(graph: UnitGraph, goals: ReadonlySet<CfgNode>): Set<CfgNode> {
  const forward = reachable([graph.entry], (node) => goals.has(node));
  const into = new Map<CfgNode, CfgNode[]>();
  for (const node of forward) {
    if (goals.has(node)) continue;
    for (const next of stepsFrom(node)) {
      const known = into.get(next);
      if (known === undefined) into.set(next, [node]);
      else known.push(node);
    }
  }
  const found = new Set<CfgNode>();
  const work = [...goals].flatMap((goal) => into.get(goal) ?? []);
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    work.push(...(into.get(node) ?? []));
  }
  return found;
}

/** Everything that can be reached; nodes at which `ends` holds are reached and not passed. */
export function reachable(from: readonly CfgNode[], ends: (node: CfgNode) => boolean): Set<CfgNode> {
  const seen = new Set<CfgNode>();
  const work = [...from];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!ends(node)) work.push(...successors(node));
  }
  return seen;
}
