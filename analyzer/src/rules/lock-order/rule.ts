import type { Note, Report, Rule, RuleContext } from "../rule.js";
import { heldAs, lineOf, lockName, takenNote } from "../text.js";
import { doc, sources } from "./doc.js";
import { cycleThrough, type Edge, graphOf } from "./graph.js";
import { inArgumentOrder } from "./instances.js";

export const lockOrder: Rule = {
  id: "lock-order",
  title: "Locks are taken in opposite orders",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    // Most files never hold two locks at a time: the program is not asked about those.
    if (context.units.every(({ observations }) => observations.orders.size === 0)) return;
    const graph = graphOf(context);
    const reported = new Set<Edge["order"]["node"]>();
    for (const edge of graph.inFile.get(context.file) ?? []) {
      const { node } = edge.order;
      if (reported.has(node)) continue;
      const others = cycleThrough(edge, graph);
      const found = others !== undefined ? ofCycle(edge, others, context) : ofInstances(edge, context);
      if (found === undefined) continue;
      reported.add(node);
      yield found;
    }
  },
};

function ofCycle(edge: Edge, others: readonly Edge[], { snapshot }: RuleContext): Report {
  const { order } = edge;
  const [first] = others;
  const elsewhere =
    others.length === 1 && first !== undefined
      ? `line ${lineOf(first.order.node)} takes them the other way round`
      : `${others.length} other places close the circle`;
  return {
    node: order.node,
    message: `${lockName(order.site, order.place.text, snapshot)} is waited for while \`${order.held.place.text}\` is ${heldAs(order.held.mode)}, and ${elsewhere}: each task can wait for the other for ever`,
    related: [takenNote(order.held), ...steps(edge), ...others.flatMap(traceOf)],
  };
}

function ofInstances(edge: Edge, context: RuleContext): Report | undefined {
  const { order } = edge;
  if (edge.from !== edge.to || !inArgumentOrder(edge, graphOf(context).tasks, context.snapshot))
    return undefined;
  return {
    node: order.node,
    message: `${lockName(order.site, order.place.text, context.snapshot)} is waited for while \`${order.held.place.text}\` is held, in the order in which the caller names them: with the two the other way round, each task waits for the other for ever`,
    related: [takenNote(order.held), ...steps(edge)],
  };
}

/** What another task does meanwhile: which lock it has, and where it wants the next. */
function traceOf(edge: Edge): Note[] {
  const { order } = edge;
  const { node, held, place, site } = order;
  const wants = `another task waits here for \`${place.text}\``;
  return [
    { node: held.site, message: `another task has \`${held.place.text}\` from here` },
    { node, message: node === site ? wants : `${wants}, locked at line ${lineOf(site)}` },
    ...steps(edge),
  ];
}

function steps({ order: { chain, site, node, place } }: Edge): Note[] {
  if (node === site) return [];
  return [
    ...chain.filter((call) => call !== node).map((call) => ({ node: call, message: "which calls this" })),
    { node: site, message: `\`${place.text}\` is locked here` },
  ];
}
