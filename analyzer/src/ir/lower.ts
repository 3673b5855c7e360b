import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import { lowerCondition } from "./branches.js";
import { lowerCall } from "./calls.js";
import type { Cfg, CfgNode } from "./cfg.js";
import { lowerExpression } from "./expressions.js";
import { guardablesOf } from "./guardable.js";
import { type KeptGraphs, keepGraphs } from "./kept.js";
import { createNodes, type Flow, type Lowering } from "./lowering.js";
import { lowerReturned } from "./outcomes.js";
import { lowerStatements } from "./statements.js";

/** A piece of code with a control flow of its own: a function, or the top level of a file. */
export type Unit = FunctionWithBody | ts.SourceFile | ts.ClassStaticBlockDeclaration;

const graphs = new WeakMap<Snapshot, KeptGraphs<Unit>>();

/** The control-flow graph of concurrency operations. Throws TooComplex when it gets out of hand. */
export function lower(unit: Unit, snapshot: Snapshot): Cfg {
  let kept = graphs.get(snapshot);
  if (kept === undefined) {
    kept = keepGraphs(snapshot.lasting.reader);
    graphs.set(snapshot, kept);
  }
  return kept.of(unit, () => translate(unit, snapshot));
}

function translate(unit: Unit, snapshot: Snapshot): Cfg {
  const l: Lowering = {
    ...createNodes(),
    snapshot,
    file: unit.getSourceFile(),
    guardables: guardablesOf(snapshot),
    inlined: new Set(),
    expression: (expression, next, flow, use) => lowerExpression(l, expression, next, flow, use),
    condition: (expression, whenTrue, whenFalse, flow) =>
      lowerCondition(l, expression, whenTrue, whenFalse, flow),
    statements: (statements, next, flow) => lowerStatements(l, statements, next, flow),
    call: (call, next, flow, use, result, outcome) => lowerCall(l, call, next, flow, use, result, outcome),
    inline: (body, next, flow) => {
      l.inlined.add(body);
      return lowerBody(l, body, next, { ...flow, returnTo: () => next, ...noJumps });
    },
  };
  const normal = l.node({ kind: "exit", how: "normal" }, undefined);
  const thrown = l.node({ kind: "exit", how: "throw" }, undefined);
  const flow: Flow = { throwTo: () => thrown, returnTo: () => normal, ...noJumps };
  const fall = l.node({ kind: "leave", how: "fall", node: unit }, normal);
  const entry = isUnitWithStatements(unit)
    ? l.statements(ts.isSourceFile(unit) ? unit.statements : unit.body.statements, fall, flow)
    : lowerBody(l, unit, fall, flow);
  return { entry, size: l.size(), inlined: l.inlined };
}

const noJumps = { breakTo: () => undefined, continueTo: () => undefined, label: undefined };

function isUnitWithStatements(unit: Unit): unit is ts.SourceFile | ts.ClassStaticBlockDeclaration {
  return ts.isSourceFile(unit) || ts.isClassStaticBlockDeclaration(unit);
}

function lowerBody(l: Lowering, body: FunctionWithBody, next: CfgNode, flow: Flow): CfgNode {
  if (ts.isBlock(body.body)) return l.statements(body.body.statements, next, flow);
  const expression = body.body as ts.Expression;
  return lowerReturned(l, bare(expression), expression, flow);
}
