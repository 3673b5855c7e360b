import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import { bare } from "../../project/syntax.js";
import type { Slots } from "./slots.js";
import type { FlowGraph, FunctionValue, Slot } from "./values.js";

/** What the constraints are made with. */
export interface Gathering {
  readonly snapshot: Snapshot;
  readonly graph: FlowGraph;
  readonly slots: Slots;
  functionValue(body: FunctionWithBody): FunctionValue;
  /** What a parameter, a declared name or a pattern takes in. */
  bind(name: ts.BindingName, from: Slot): void;
}

/** What a name or a pattern takes in. */
export function bind(g: Gathering, name: ts.BindingName, from: Slot): void {
  if (ts.isIdentifier(name)) {
    const variable = g.snapshot.variableOf(name);
    if (variable) g.graph.flow(from, g.slots.variable(variable.id));
    return;
  }
  for (const element of name.elements) {
    if (!ts.isBindingElement(element)) continue;
    const property = element.propertyName ?? element.name;
    if (ts.isArrayBindingPattern(name) || element.dotDotDotToken || !ts.isIdentifier(property)) {
      g.bind(element.name, from);
      continue;
    }
    g.bind(element.name, g.slots.member(g.snapshot.boundProperty(element), property.text, element));
    if (element.initializer) g.bind(element.name, g.slots.expression(element.initializer));
  }
}

/** What an assignment puts where. */
export function assign(g: Gathering, target: ts.Expression, from: Slot): void {
  const at = bare(target);
  if (ts.isIdentifier(at)) {
    const variable = g.snapshot.variableOf(at);
    if (variable) g.graph.flow(from, g.slots.variable(variable.id));
  } else if (ts.isPropertyAccessExpression(at)) {
    const variable = g.snapshot.variableOf(at.name as ts.Identifier);
    const setter = variable?.declaration;
    if (setter !== undefined && ts.isSetAccessor(setter) && setter.parameters[0])
      g.bind(setter.parameters[0].name, from);
    else g.graph.flow(from, g.slots.member(variable, at.name.text, at));
  } else if (ts.isElementAccessExpression(at)) {
    store(g, at.expression, from);
  } else if (ts.isArrayLiteralExpression(at)) {
    for (const element of at.elements) assign(g, element, from);
  }
}

/** What goes into a container becomes part of whatever the container is known as. */
export function store(g: Gathering, container: ts.Expression, from: Slot): void {
  const at = bare(container);
  g.graph.flow(from, g.slots.expression(at));
  if (ts.isIdentifier(at) || ts.isPropertyAccessExpression(at)) assign(g, at, from);
  else if (ts.isElementAccessExpression(at)) store(g, at.expression, from);
  else if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression))
    store(g, at.expression.expression, from);
}
