import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../../../project/port.js";
import { bare } from "../../../project/syntax.js";
import type { Gathering, Parameter, Taking } from "./part.js";
import { expressionRef, memberRef, type Ref } from "./refs.js";

/** What a name or a pattern takes in. */
export function takingOf(name: ts.BindingName, snapshot: Snapshot): Taking {
  const into: Ref[] = [];
  const flows: (readonly [Ref, Ref])[] = [];
  const from = (source: Ref, target: ts.BindingName): void => {
    const inner = takingOf(target, snapshot);
    for (const to of inner.into) flows.push([source, to]);
    flows.push(...inner.flows);
  };
  if (ts.isIdentifier(name)) {
    const variable = snapshot.variableOf(name);
    return { into: variable ? [variable.id] : [], flows };
  }
  for (const element of name.elements) {
    if (!ts.isBindingElement(element)) continue;
    const property = element.propertyName ?? element.name;
    if (ts.isArrayBindingPattern(name) || element.dotDotDotToken || !ts.isIdentifier(property)) {
      const inner = takingOf(element.name, snapshot);
      into.push(...inner.into);
      flows.push(...inner.flows);
      continue;
    }
    from(memberRef(snapshot.boundProperty(element), property.text, element), element.name);
    if (element.initializer) from(expressionRef(element.initializer, snapshot), element.name);
  }
  return { into, flows };
}

export function parametersOf(body: FunctionWithBody, snapshot: Snapshot): readonly Parameter[] {
  return body.parameters.map((parameter) => ({
    rest: parameter.dotDotDotToken !== undefined,
    taking: takingOf(parameter.name, snapshot),
  }));
}

/** What an assignment puts where. */
export function assign(g: Gathering, target: ts.Expression, from: Ref): void {
  const at = bare(target);
  if (ts.isIdentifier(at)) {
    const variable = g.snapshot.variableOf(at);
    if (variable) g.flow(from, variable.id);
  } else if (ts.isPropertyAccessExpression(at)) {
    const variable = g.snapshot.variableOf(at.name as ts.Identifier);
    const setter = variable?.declaration;
    if (setter !== undefined && ts.isSetAccessor(setter) && setter.parameters[0])
      g.take(from, takingOf(setter.parameters[0].name, g.snapshot));
    else g.flow(from, g.member(variable, at.name.text, at));
  } else if (ts.isElementAccessExpression(at)) {
    store(g, at.expression, from);
  } else if (ts.isArrayLiteralExpression(at)) {
    for (const element of at.elements) assign(g, element, from);
  }
}

/** What goes into a container becomes part of whatever the container is known as. */
export function store(g: Gathering, container: ts.Expression, from: Ref): void {
  const at = bare(container);
  g.flow(from, g.ref(at));
  if (ts.isIdentifier(at) || ts.isPropertyAccessExpression(at)) assign(g, at, from);
  else if (ts.isElementAccessExpression(at)) store(g, at.expression, from);
  else if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression))
    store(g, at.expression.expression, from);
}
