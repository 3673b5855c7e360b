import ts from "typescript";
import type { CfgNode } from "../../ir/cfg.js";
import type { Unit } from "../../ir/lower.js";
import { isExported } from "./exported.js";
import { successors } from "./graphs.js";
import type { ChannelProgram, Effect } from "./program.js";

/** One place at which a function is called or started. */
export interface Caller {
  readonly unit: Unit;
  /** Undefined where the call has no place in the graph. */
  readonly node: CfgNode | undefined;
}

/** Which task each function runs in. A task is known by the function that it starts with. */
export interface Tasks {
  /** Functions that start a task: roots, and what somebody starts. */
  of(unit: Unit): ReadonlySet<Unit>;
  isRoot(unit: Unit): boolean;
  /** Where the function is called as part of the caller's own task. */
  callers(unit: Unit): readonly Caller[];
  /** Where a task that begins with this function is started. */
  starters(unit: Unit): readonly Caller[];
  /** Whether several tasks that begin with this function may run, as far as the text says. */
  isMany(task: Unit): boolean;
  /** Whether the function may run more than once in one task. */
  isRepeated(unit: Unit, task: Unit): boolean;
  /**
   * Whether the text says that the function runs more than once on the same things. One that comes in as a
   * value, a job or a callback, may be another each time.
   */
  isSurelyRepeated(unit: Unit): boolean;
  /** Whether a node lies on a cycle of its graph. */
  inLoop(node: CfgNode): boolean;
  /** Functions that run as part of the task. */
  reach(task: Unit): ReadonlySet<Unit>;
}

export function createTasks(program: ChannelProgram): Tasks {
  const callers = new Map<Unit, Caller[]>();
  const starters = new Map<Unit, Caller[]>();
  const started = new Map<Unit, Unit[]>();
  const runs = new Map<Unit, Set<Unit>>();
  const loops = new Map<CfgNode, boolean>();

  for (const unit of program.units) {
    const graph = program.graph(unit);
    if (graph === undefined) continue;
    const note = (node: CfgNode | undefined, effect: Effect): void => {
      for (const body of effect.runs) {
        append(callers, body, { unit, node });
        runs.set(unit, (runs.get(unit) ?? new Set()).add(body));
      }
      for (const body of effect.starts) {
        append(starters, body, { unit, node });
        append(started, unit, body);
      }
    };
    for (const [node, effect] of graph.effects) note(node, effect);
    note(undefined, graph.unplaced);
  }

  const entries = new Set<Unit>(starters.keys());
  const roots = new Set<Unit>();
  for (const unit of program.units) {
    if (program.flow.exposed.has(unit as never) || (isNeverCalled(unit) && mayBeCalled(unit, program))) {
      roots.add(unit);
      entries.add(unit);
    }
  }

  function isNeverCalled(unit: Unit): boolean {
    return !callers.has(unit) && !starters.has(unit);
  }

  const reached = new Map<Unit, ReadonlySet<Unit>>();
  const owners = new Map<Unit, Set<Unit>>();
  const live = liveTasks();
  for (const task of live) {
    const found = closure(task);
    reached.set(task, found);
    for (const unit of found) owners.set(unit, (owners.get(unit) ?? new Set()).add(task));
  }

  /** What no root comes to, calling or starting, never runs. */
  function liveTasks(): Set<Unit> {
    const found = new Set<Unit>();
    const work = [...roots];
    for (let task = work.pop(); task !== undefined; task = work.pop()) {
      if (found.has(task)) continue;
      found.add(task);
      for (const unit of closure(task)) work.push(...(started.get(unit) ?? []));
    }
    return found;
  }

  function closure(task: Unit): Set<Unit> {
    const found = new Set<Unit>();
    const work = [task];
    for (let unit = work.pop(); unit !== undefined; unit = work.pop()) {
      if (found.has(unit)) continue;
      found.add(unit);
      for (const body of runs.get(unit) ?? []) work.push(body);
    }
    return found;
  }

  function inLoop(node: CfgNode): boolean {
    let answer = loops.get(node);
    if (answer === undefined) {
      answer = comesBack(node, new Set([node]));
      loops.set(node, answer);
    }
    return answer;
  }

  function repeatedAt(places: readonly Caller[], within: ReadonlySet<Unit> | undefined): boolean {
    const texts = places.filter((place) => within === undefined || within.has(place.unit));
    const distinct = new Set(texts.map((place) => textPosition(place)));
    if (distinct.size > 1) return true;
    const nodes = new Set(texts.map((place) => place.node));
    return texts.some(({ node }) => node === undefined || comesBack(node, nodes));
  }

  function isRepeated(unit: Unit, task: Unit, seen = new Set<Unit>()): boolean {
    if (unit === task) return false;
    if (seen.has(unit)) return true;
    seen.add(unit);
    const places = callers.get(unit) ?? [];
    const within = reached.get(task) ?? new Set();
    if (repeatedAt(places, within)) return true;
    return places.some((place) => within.has(place.unit) && isRepeated(place.unit, task, seen));
  }

  function isMany(task: Unit, seen = new Set<Unit>()): boolean {
    if (roots.has(task)) return false;
    if (seen.has(task)) return true;
    seen.add(task);
    const places = starters.get(task) ?? [];
    if (repeatedAt(places, undefined)) return true;
    return places.some((place) =>
      [...(owners.get(place.unit) ?? [])].some(
        (owner, index) => index > 0 || isRepeated(place.unit, owner) || isMany(owner, seen),
      ),
    );
  }

  /** Every call and start on the way names the function itself. */
  function isNamed(unit: Unit, seen = new Set<Unit>()): boolean {
    if (seen.has(unit)) return true;
    seen.add(unit);
    const calls = callers.get(unit) ?? [];
    const starts = starters.get(unit) ?? [];
    return (
      calls.every(({ node }) => node?.op?.kind === "call") &&
      starts.every(({ node }) => node?.op?.kind === "spawn") &&
      [...calls, ...starts].every((place) => isNamed(place.unit, seen))
    );
  }

  return {
    isSurelyRepeated: (unit) =>
      isNamed(unit) && [...(owners.get(unit) ?? [])].some((task) => isMany(task) || isRepeated(unit, task)),
    of: (unit) => owners.get(unit) ?? new Set(),
    isRoot: (unit) => roots.has(unit),
    callers: (unit) => callers.get(unit) ?? [],
    starters: (unit) => starters.get(unit) ?? [],
    isMany: (task) => isMany(task),
    isRepeated: (unit, task) => isRepeated(unit, task),
    inLoop,
    reach: (task) => reached.get(task) ?? new Set(),
  };
}

function append<K, T>(table: Map<K, T[]>, key: K, item: T): void {
  const known = table.get(key);
  if (known === undefined) table.set(key, [item]);
  else known.push(item);
}

/** Copies of a `finally` are one place. */
function textPosition(place: Caller): string {
  const op = place.node?.op;
  const at =
    op !== undefined && "call" in op ? op.call : op !== undefined && "node" in op ? op.node : undefined;
  return `${place.unit.getSourceFile().fileName}:${at?.pos ?? place.unit.pos}`;
}

/** Whether control comes from a node to it again, or to one that stands for the same text: an unrolled loop. */
function comesBack(node: CfgNode, same: ReadonlySet<CfgNode | undefined>): boolean {
  const seen = new Set<CfgNode>();
  const work = successors(node);
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (same.has(at)) return true;
    if (seen.has(at)) continue;
    seen.add(at);
    work.push(...successors(at));
  }
  return false;
}

/** Whether a function that nobody here calls can run at all: what others can name, and what stands alone. */
function mayBeCalled(unit: Unit, program: ChannelProgram): boolean {
  if (ts.isSourceFile(unit) || ts.isClassStaticBlockDeclaration(unit)) return true;
  if (ts.isFunctionDeclaration(unit)) return true;
  if (ts.isArrowFunction(unit) || ts.isFunctionExpression(unit)) {
    const holder = unit.parent;
    return (
      ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder) || ts.isExportAssignment(holder)
    );
  }
  const owner = unit.parent;
  if (!ts.isClassLike(owner)) return true;
  const isPrivate =
    (unit.name !== undefined && ts.isPrivateIdentifier(unit.name)) ||
    (ts.getCombinedModifierFlags(unit) & ts.ModifierFlags.Private) !== 0;
  if (isPrivate) return false;
  return isExported(owner) || !isConstructed(owner, program) || isGivenOut(owner);
}

/** `export const journal = new Journal()`, `return new Journal()`: others have an instance, and its methods. */
function isGivenOut(owner: ts.ClassLikeDeclaration): boolean {
  const name = owner.name?.text ?? "";
  const made = String.raw`[^;\n]*\bnew\s+${name.replaceAll("$", "\\$")}\b`;
  return new RegExp(`\\bexport\\s+(?:const|let|var|default)\\b${made}|\\breturn\\b${made}`).test(
    owner.getSourceFile().text,
  );
}

function isConstructed(owner: ts.ClassLikeDeclaration, program: ChannelProgram): boolean {
  const name = owner.name?.text;
  if (name === undefined) return false;
  return program.flow.constructions.has(name);
}
