import type { TaskState } from "./state.js";
import { edgesFrom, type WaitEdge, type WaitNode } from "./wait-graph.js";

/** Steps of the search before it settles for the cycles found so far. */
const MAX_STEPS = 200_000;

/**
 * The elementary cycles of the graph, shortest first, `limit` at most. Each is found once, from its task with
 * the smallest position; the search stays within one strongly connected component.
 */
export function elementaryCycles(
  graph: ReadonlyMap<TaskState, WaitNode>,
  limit: number,
): { cycles: WaitEdge[][]; truncated: boolean } {
  const cycles: WaitEdge[][] = [];
  let steps = 0;
  let truncated = false;
  const edges = (task: TaskState) => distinctEdges(graph.get(task)!).values();
  for (const component of components(graph)) {
    const position = new Map(component.map((task, index) => [task, index]));
    for (const [index, start] of component.entries()) {
      const path: WaitEdge[] = [];
      const onPath = new Set<TaskState>();
      // An explicit stack of iterators: a chain of a hundred thousand tasks must not overflow the call stack.
      const stack: Iterator<WaitEdge>[] = [edges(start)];
      onPath.add(start);
      while (stack.length > 0) {
        if (cycles.length > limit || ++steps > MAX_STEPS) {
          truncated = true;
          break;
        }
        const next = stack[stack.length - 1]!.next();
        if (next.done) {
          stack.pop();
          const edge = path.pop();
          if (edge !== undefined) onPath.delete(edge.to);
        } else if (next.value.to === start) {
          cycles.push([...path, next.value]);
        } else if ((position.get(next.value.to) ?? -1) > index && !onPath.has(next.value.to)) {
          path.push(next.value);
          onPath.add(next.value.to);
          stack.push(edges(next.value.to));
        }
      }
      if (truncated) break;
    }
    if (truncated) break;
  }
  cycles.sort((a, b) => a.length - b.length);
  return { cycles: cycles.slice(0, limit), truncated };
}

/**
 * A task that waits for the very one that has stopped its thread makes one cycle of it, not two: by what it waits for,
 * unless another of its calls may be the one that waits.
 */
function distinctEdges(node: WaitNode): WaitEdge[] {
  const edges = edgesFrom(node);
  const stopped = edges.find((edge) => edge.stopped);
  if (stopped === undefined) return edges;
  const isOther = (edge: WaitEdge) => edge.to !== stopped.to;
  if (node.task.forked) return edges.filter((edge) => edge === stopped || isOther(edge));
  return edges.every((edge) => edge === stopped || isOther(edge))
    ? edges
    : edges.filter((edge) => edge !== stopped);
}

/** Tarjan's strongly connected components that hold a cycle (a single task only if it waits for itself). */
export function components(graph: ReadonlyMap<TaskState, WaitNode>): TaskState[][] {
  const index = new Map<TaskState, number>();
  const low = new Map<TaskState, number>();
  const open: TaskState[] = [];
  const isOpen = new Set<TaskState>();
  const found: TaskState[][] = [];

  const visit = (root: TaskState): void => {
    const stack = [enter(root)];
    while (stack.length > 0) {
      const { task, edges } = stack[stack.length - 1]!;
      const next = edges.next();
      if (!next.done) {
        const { to } = next.value;
        if (!graph.has(to)) continue;
        if (!index.has(to)) stack.push(enter(to));
        else if (isOpen.has(to)) low.set(task, Math.min(low.get(task)!, index.get(to)!));
        continue;
      }
      stack.pop();
      const parent = stack[stack.length - 1]?.task;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(task)!));
      if (low.get(task) === index.get(task)) close(task);
    }
  };
  const enter = (task: TaskState) => {
    index.set(task, index.size);
    low.set(task, index.get(task)!);
    open.push(task);
    isOpen.add(task);
    return { task, edges: edgesFrom(graph.get(task)!).values() };
  };
  const close = (task: TaskState): void => {
    const component = open.splice(open.indexOf(task));
    for (const member of component) isOpen.delete(member);
    const first = component[0]!;
    const cyclic = component.length > 1 || edgesFrom(graph.get(first)!).some((edge) => edge.to === first);
    if (cyclic) found.push(component);
  };

  for (const task of graph.keys()) if (!index.has(task)) visit(task);
  return found;
}
