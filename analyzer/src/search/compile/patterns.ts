import ts from "typescript";
import { orElse } from "./assignments.js";
import type { Compiler } from "./compiler.js";

/** Binds the value on top of the stack, and takes it off. */
export function compileBinding(c: Compiler, name: ts.BindingName): void {
  if (ts.isIdentifier(name)) {
    const found = c.scope.find(name.text) ?? { hops: 0, slot: c.scope.declare(name.text) };
    c.emit(name, (m, frame) => {
      m.state.write(m.environment(frame.env, found.hops)).list[found.slot] = frame.stack.pop();
    });
    return;
  }
  const source = c.hidden();
  source.store(name);
  name.elements.forEach((element, index) => {
    if (!ts.isBindingElement(element)) return;
    source.load(element);
    const rest = element.dotDotDotToken !== undefined;
    if (ts.isArrayBindingPattern(name)) {
      c.emit(element, (m, frame) => {
        const items = m.elements(frame.stack.pop(), index + 1);
        frame.stack.push(rest ? m.array(items.slice(index)) : items[index]);
      });
    } else if (rest) {
      const named = name.elements.flatMap(({ propertyName, name: own }) =>
        propertyName !== undefined && !ts.isComputedPropertyName(propertyName)
          ? [propertyName.text]
          : ts.isIdentifier(own)
            ? [own.text]
            : [],
      );
      compileObjectRest(c, element, named);
    } else {
      const key = element.propertyName;
      if (key === undefined) c.push(element, (element.name as ts.Identifier).text);
      else c.parts.key(c, key);
      c.emit(element, (m, frame) => {
        const at = m.propertyKey(frame.stack.pop());
        m.load(frame.stack.pop(), at);
      });
    }
    if (element.initializer !== undefined) orElse(c, element.initializer);
    compileBinding(c, element.name);
  });
}

/** `...rest` of an object on top of the stack, without the properties that have names of their own. */
export function compileObjectRest(c: Compiler, node: ts.Node, without: readonly string[]): void {
  c.emit(node, (m, frame) => {
    const copy = m.object();
    m.copyProperties(frame.stack.pop(), copy);
    for (const name of without) m.state.write(copy).props?.delete(name);
    frame.stack.push(copy);
  });
}
