import type ts from "typescript";
import type { Compiler } from "./compiler.js";

/** Runs `finalizer` on every way out of `body`: once for each, so that what comes after is kept apart. */
export function protect(c: Compiler, node: ts.Node, body: () => void, finalizer: () => void): void {
  const thrown = c.label();
  const end = c.label();
  const scope = c.scope;
  const emit = () => {
    const inner = c.scope;
    c.scope = scope;
    finalizer();
    c.scope = inner;
  };
  c.within({ kind: "finalizer", emit }, () => c.handler(node, thrown, false, body));
  emit();
  c.jump(node, end);
  c.place(thrown);
  const exception = c.hidden();
  exception.store(node);
  emit();
  exception.load(node);
  c.emit(node, (m, frame) => m.throw(frame.stack.pop()));
  c.place(end);
}
