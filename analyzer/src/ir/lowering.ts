import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { bare, isFunctionLiteral } from "../project/syntax.js";
import { type CfgNode, type Op, TooComplex, type Use } from "./cfg.js";
import type { Guardables } from "./guardable.js";

/** Beyond this a graph is given up: nested `finally` blocks are copied once for each way out. */
const maxNodes = 20_000;

/**
 * Where control goes on from a place in the source, each target made only when something goes there.
 * The graph is built backwards: every construct is given the node that follows it.
 */
export interface Flow {
  readonly throwTo: () => CfgNode;
  readonly returnTo: () => CfgNode;
  readonly breakTo: (label: string | undefined) => CfgNode | undefined;
  readonly continueTo: (label: string | undefined) => CfgNode | undefined;
  /** The statement's own label, for the loop that follows. */
  readonly label: string | undefined;
}

/** The parts of the translation, which call each other: each in a module of its own. */
export interface Lowering {
  readonly snapshot: Snapshot;
  /** The file that all of it is in. */
  readonly file: ts.SourceFile;
  readonly guardables: Guardables;
  /** Function literals that run as part of another function: what they do is that function's. */
  readonly inlined: Set<ts.Node>;
  node(op: Op | undefined, next: CfgNode | undefined, more?: { alt?: CfgNode; onThrow?: CfgNode }): CfgNode;
  expression(expression: ts.Expression, next: CfgNode, flow: Flow, use: Use): CfgNode;
  condition(expression: ts.Expression, whenTrue: CfgNode, whenFalse: CfgNode, flow: Flow): CfgNode;
  statements(statements: readonly ts.Statement[], next: CfgNode, flow: Flow): CfgNode;
  /** `result`: the variable that gets it; `outcome`: the fact that its answer is. */
  call(
    call: ts.CallExpression,
    next: CfgNode,
    flow: Flow,
    use: Use,
    result?: number,
    outcome?: string,
  ): CfgNode;
  /** The body of a function literal that runs here and now. */
  inline(body: FunctionWithBody, next: CfgNode, flow: Flow): CfgNode;
  size(): number;
}

export function createNodes(): Pick<Lowering, "node" | "size"> {
  let count = 0;
  return {
    node(op, next, more) {
      count += 1;
      if (count > maxNodes) throw new TooComplex(`more than ${maxNodes} nodes`);
      return { id: count, op, next, alt: more?.alt, onThrow: more?.onThrow };
    },
    size: () => count,
  };
}

/**
 * Runs `finalizer` on every way out of `body`: `finally`, `using`, the release of a section. It is
 * copied for each target, so that what follows a return is kept apart from what follows a throw.
 */
export function protect(
  next: CfgNode,
  flow: Flow,
  finalizer: (next: CfgNode, flow: Flow) => CfgNode,
  body: (next: CfgNode, flow: Flow) => CfgNode,
): CfgNode {
  const copies = new Map<CfgNode, CfgNode>();
  const through = (target: CfgNode): CfgNode => {
    let copy = copies.get(target);
    if (copy === undefined) {
      copy = finalizer(target, flow);
      copies.set(target, copy);
    }
    return copy;
  };
  const throughMaybe = (target: CfgNode | undefined) => target && through(target);
  return body(through(next), {
    throwTo: () => through(flow.throwTo()),
    returnTo: () => through(flow.returnTo()),
    breakTo: (label) => throughMaybe(flow.breakTo(label)),
    continueTo: (label) => throughMaybe(flow.continueTo(label)),
    label: undefined,
  });
}

/** Children that are evaluated where the node is, in order. */
export function evaluatedChildren(node: ts.Node): ts.Expression[] {
  const children: ts.Expression[] = [];
  ts.forEachChild(node, (child) => {
    if (ts.isExpression(child) && !ts.isTypeNode(child)) children.push(child);
    else if (ts.isTemplateSpan(child) || ts.isSpreadElement(child)) children.push(child.expression);
    else if (ts.isSpreadAssignment(child)) children.push(child.expression);
    else if (ts.isPropertyAssignment(child)) children.push(child.initializer);
    else if (ts.isShorthandPropertyAssignment(child)) children.push(child.name);
    else if (ts.isJsxExpression(child) || ts.isJsxAttributes(child))
      children.push(...evaluatedChildren(child));
    else if (ts.isJsxAttribute(child) || ts.isJsxOpeningElement(child))
      children.push(...evaluatedChildren(child));
  });
  return children;
}

/** One after the other. */
export function sequence(
  l: Lowering,
  expressions: readonly ts.Expression[],
  next: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode {
  return expressions.reduceRight((after, expression) => l.expression(expression, after, flow, use), next);
}

/** A callback that the call runs: a literal is part of the function around it, another is called. */
export function runCallback(
  l: Lowering,
  call: ts.CallExpression,
  callback: ts.Expression | undefined,
  body: FunctionWithBody,
  next: CfgNode,
  flow: Flow,
  use: Use,
): CfgNode {
  if (callback !== undefined && isFunctionLiteral(bare(callback))) return l.inline(body, next, flow);
  const called = {
    kind: "call",
    target: body,
    call,
    receiver: undefined,
    arguments: [],
    callbacks: [],
    use,
    result: undefined,
  } as const;
  return l.node(called, next, { onThrow: flow.throwTo() });
}

/** Suspends the task: other tasks run; what was awaited may have rejected. */
export function suspend(l: Lowering, node: ts.Node, next: CfgNode, flow: Flow, mayThrow: boolean): CfgNode {
  const after = mayThrow
    ? l.node({ kind: "may-throw", node, forgets: true }, next, { onThrow: flow.throwTo() })
    : next;
  return l.node({ kind: "await", node }, after);
}
