import ts from "typescript";
import { type CfgNode, TooComplex } from "../../ir/cfg.js";
import { lower, type Unit } from "../../ir/lower.js";
import { keepAnswers } from "../../project/kept-answers.js";
import type { Snapshot } from "../../project/port.js";
import { enclosingFunction } from "../../project/syntax.js";

/** A function's graph, by the nodes of the text that stand in it. */
export interface Placed {
  readonly entry: CfgNode;
  readonly nodes: readonly CfgNode[];
  /** Of the nodes that stand for these texts, those at which they take effect. */
  effective(...texts: readonly ts.Node[]): readonly CfgNode[];
  /** The function, and the literals that run in place. */
  readonly inlined: ReadonlySet<ts.Node>;
}

const placed = keepAnswers<Placed | undefined>();

/** Undefined where the function cannot be followed. */
export function graphOf(unit: Unit, snapshot: Snapshot): Placed | undefined {
  return snapshot.isBroken(unit) ? undefined : placed(unit, snapshot, () => place(unit, snapshot));
}

function place(unit: Unit, snapshot: Snapshot): Placed | undefined {
  let entry: CfgNode;
  try {
    entry = lower(unit, snapshot).entry;
  } catch (error) {
    if (error instanceof TooComplex || error instanceof RangeError) return undefined;
    throw error;
  }
  const nodes = nodesFrom(entry);
  const places = new Map<ts.Node, CfgNode[]>();
  for (const node of nodes) {
    const at = textOf(node);
    if (at === undefined) continue;
    const known = places.get(at);
    if (known === undefined) places.set(at, [node]);
    else known.push(node);
  }
  const inlined = new Set<ts.Node>([unit]);
  for (const at of places.keys()) inlineAround(at, unit, inlined);
  return {
    entry,
    nodes,
    effective: (...texts) => effective(texts.flatMap((at) => places.get(at) ?? [])),
    inlined,
  };
}

function nodesFrom(entry: CfgNode): CfgNode[] {
  const seen = new Set<CfgNode>();
  const work = [entry];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const next of successors(node)) work.push(next);
  }
  return [...seen];
}

export function successors(node: CfgNode): CfgNode[] {
  return [node.next, node.alt, node.onThrow].filter((each) => each !== undefined);
}

function textOf({ op }: CfgNode): ts.Node | undefined {
  switch (op?.kind) {
    case "operation":
    case "call":
    case "spawn":
    case "acquire":
      return op.call;
    case "closure":
      return op.body;
    case "invoke":
    case "may-throw":
    case "await":
      return op.node;
    default:
      return undefined;
  }
}

function inlineAround(at: ts.Node, unit: Unit, inlined: Set<ts.Node>): void {
  if (ts.isFunctionLike(at)) return;
  for (let owner = enclosingFunction(at); owner !== unit; owner = enclosingFunction(owner)) {
    if (ts.isSourceFile(owner)) return;
    inlined.add(owner);
  }
}

const kinds = ["operation", "call", "invoke", "spawn", "acquire", "may-throw", "await"] as const;

function effective(nodes: readonly CfgNode[]): readonly CfgNode[] {
  for (const kind of kinds) {
    const those = nodes.filter((node) => node.op?.kind === kind);
    if (those.length > 0) return those;
  }
  return [];
}
