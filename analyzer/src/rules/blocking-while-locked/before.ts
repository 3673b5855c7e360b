import ts from "typescript";
import { callersOf } from "../../facts/callers.js";
import { enclosing } from "../../facts/enclosing.js";
import { identityOf } from "../../facts/identity.js";
import { keepsOut } from "../../facts/permits.js";
import type { Hold } from "../../facts/state.js";
import { type Cfg, type CfgNode, TooComplex } from "../../ir/cfg.js";
import { lower, type Unit } from "../../ir/lower.js";
import type { FunctionWithBody } from "../../project/port.js";
import type { RuleContext } from "../rule.js";

/** Where a function, or what it calls, takes the lock that is held. */
export function takesIn(body: Unit, hold: Hold, { facts, snapshot }: RuleContext): ts.Node | undefined {
  const identity = identityOf(hold.place);
  if (identity === undefined) return undefined;
  return facts
    .of(body)
    .summary.acquires.find(
      (each) => identityOf(each.place) === identity && keepsOut(hold.mode, each.mode, hold.place, snapshot),
    )?.site;
}

const maxDepth = 4;

/** Where a task takes the lock on its way to a call in one of its functions; by way of its callers too. */
export function takenBefore(
  unit: Unit,
  call: ts.Node,
  hold: Hold,
  context: RuleContext,
  depth = 0,
): ts.Node | undefined {
  const cfg = graphOf(unit, context);
  if (cfg === undefined || depth > maxDepth) return undefined;
  const goals = new Set(nodes(cfg).filter((node) => callOf(node) === call));
  for (const node of nodes(cfg)) {
    const site = wants(node, hold, context);
    if (site !== undefined && reaches(node, goals)) return site;
  }
  if (ts.isSourceFile(unit) || ts.isClassStaticBlockDeclaration(unit)) return undefined;
  const { calls } = callersOf(unit as FunctionWithBody, context.snapshot);
  for (const each of calls) {
    const around = enclosing(each, context.snapshot);
    const site = around && takenBefore(around, each, hold, context, depth + 1);
    if (site !== undefined) return site;
  }
  return undefined;
}

const graphs = new WeakMap<ts.Node, Cfg | undefined>();

function graphOf(unit: Unit, { snapshot }: RuleContext): Cfg | undefined {
  if (graphs.has(unit)) return graphs.get(unit);
  let cfg: Cfg | undefined;
  try {
    cfg = lower(unit, snapshot);
  } catch (error) {
    if (!(error instanceof TooComplex) && !(error instanceof RangeError)) throw error;
  }
  graphs.set(unit, cfg);
  return cfg;
}

function nodes({ entry }: Cfg): CfgNode[] {
  return [...reachable([entry])];
}

function reachable(from: readonly CfgNode[]): Set<CfgNode> {
  const seen = new Set<CfgNode>();
  const work = [...from];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const next of [node.next, node.alt, node.onThrow]) if (next) work.push(next);
  }
  return seen;
}

function reaches(node: CfgNode, goals: ReadonlySet<CfgNode>): boolean {
  const forward = reachable([node.next, node.alt].filter((each) => each !== undefined));
  return [...goals].some((goal) => forward.has(goal));
}

function callOf({ op }: CfgNode): ts.Node | undefined {
  if (op === undefined) return undefined;
  return "call" in op ? op.call : undefined;
}

function wants({ op }: CfgNode, hold: Hold, context: RuleContext): ts.Node | undefined {
  if (op?.kind === "acquire") {
    const identity = identityOf(op.place);
    const isIt = identity !== undefined && identity === identityOf(hold.place);
    return isIt && keepsOut(hold.mode, op.mode, hold.place, context.snapshot) ? op.call : undefined;
  }
  return op?.kind === "call" ? takesIn(op.target, hold, context) : undefined;
}
