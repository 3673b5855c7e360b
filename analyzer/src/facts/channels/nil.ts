import ts from "typescript";
import type { CfgNode } from "../../ir/cfg.js";
import { placeOf } from "../../ir/place.js";
import type { Snapshot } from "../../project/port.js";
import { bare } from "../../project/syntax.js";
import { nodesOf } from "./arrival.js";
import { successors } from "./graphs.js";
import type { ChannelOperation, ChannelProgram, UnitGraph } from "./program.js";

/** Plain operations of a file on a channel that is surely nil. A case of a `select` on one is switched off on purpose. */
export function operationsOnNil(
  file: ts.SourceFile,
  program: ChannelProgram,
  snapshot: Snapshot,
): ChannelOperation[] {
  return program.operationsIn(file).filter((operation) => {
    const { event, channels, channel } = operation;
    const plain =
      event === "chan-send" || event === "chan-receive" || event === "chan-close" || event === "chan-range";
    if (!plain || channel === undefined) return false;
    const made = [...channels].map((each) => each.made);
    if (!made.includes("nil")) return false;
    if (made.every((each) => each === "nil") && !program.escapes([...channels][0] as never)) return true;
    const graph = program.graph(operation.unit);
    return graph !== undefined && isNilThere(operation, channel, graph, snapshot);
  });
}

/** Every path to the operation comes through an assignment of a nil channel, and no other one after it. */
function isNilThere(
  operation: ChannelOperation,
  channel: ts.Expression,
  graph: UnitGraph,
  snapshot: Snapshot,
): boolean {
  const place = placeOf(channel, snapshot);
  const at = bare(channel);
  const name = ts.isPropertyAccessExpression(at) ? at.name : at;
  const variable =
    ts.isIdentifier(name) || ts.isPrivateIdentifier(name)
      ? snapshot.variableOf(name as ts.Identifier)
      : undefined;
  if (place === undefined || variable === undefined) return false;
  const shared = place.path.length > 0 || isCaptured(variable.declaration, operation.node);
  const assigns = (node: CfgNode) =>
    (node.op?.kind === "assign" || node.op?.kind === "rebind") && node.op.variable === variable.id;
  const givesNil = (node: CfgNode) =>
    declaresNil(node, variable.id) ||
    (assigns(node) &&
      node.op?.kind === "assign" &&
      node.op.from !== undefined &&
      isNil(node.op.from) &&
      (node.op.place === undefined || node.op.place.key === place.key));
  // Somebody else may assign what others can name, whenever the task waits or calls.
  const forgets = (node: CfgNode) =>
    (assigns(node) && !givesNil(node)) ||
    (shared && (node.op?.kind === "await" || node.op?.kind === "call" || node.op?.kind === "invoke"));
  const targets = nodesOf(graph, operation);
  const seen = new Set<CfgNode>();
  const work = [graph.entry, ...graph.nodes.filter(forgets).flatMap(successors)];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (seen.has(node) || givesNil(node)) continue;
    if (targets.has(node)) return false;
    seen.add(node);
    work.push(...successors(node));
  }
  return targets.size > 0;
}

/** `let ch = Channel.nil()`. */
function declaresNil({ op }: CfgNode, variable: number): boolean {
  return (
    op?.kind === "rebind" &&
    op.variable === variable &&
    ts.isVariableDeclaration(op.node) &&
    op.node.initializer !== undefined &&
    isNil(op.node.initializer)
  );
}

function isNil(expression: ts.Expression): boolean {
  const at = bare(expression);
  const callee = ts.isCallExpression(at) ? bare(at.expression) : undefined;
  return callee !== undefined && ts.isPropertyAccessExpression(callee) && callee.name.text === "nil";
}

function isCaptured(declaration: ts.Declaration | undefined, use: ts.Node): boolean {
  if (declaration === undefined) return true;
  const home = (node: ts.Node): ts.Node => {
    let at = node.parent;
    while (at !== undefined && !ts.isFunctionLike(at) && !ts.isSourceFile(at)) at = at.parent;
    return at ?? node;
  };
  return home(declaration) !== home(use);
}
