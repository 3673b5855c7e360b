import { ts } from "ts-morph";
import { placeOf } from "../ir/place.js";
import type { Snapshot } from "../project/port.js";

/** Who takes and who releases the locks of a declaration, in the whole program. */
export interface ProgramIndex {
  /** By the declaration's id: a field of a class, a variable. */
  releasers(variable: number): readonly ts.CallExpression[];
  acquirers(variable: number): readonly ts.CallExpression[];
  /** Whether some function releases it without ever taking it: it was taken for that function. */
  isReleasedForOthers(variable: number): boolean;
}

/** Made when first asked: one walk over the files that name a primitive. */
export function createProgramIndex(snapshot: Snapshot): ProgramIndex {
  let index:
    | { releases: Map<number, ts.CallExpression[]>; acquires: Map<number, ts.CallExpression[]> }
    | undefined;

  function build() {
    const releases = new Map<number, ts.CallExpression[]>();
    const acquires = new Map<number, ts.CallExpression[]>();
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) note(node);
      ts.forEachChild(node, visit);
    };
    const note = (call: ts.CallExpression): void => {
      const callee = snapshot.calleeOf(call);
      if (callee.kind !== "method") return;
      const { op } = callee.operation;
      const table =
        op === "release" ? releases : op === "acquire" || op === "try-acquire" ? acquires : undefined;
      const field = table && placeOf(callee.receiver, snapshot)?.field;
      if (table === undefined || field === undefined) return;
      const calls = table.get(field.id) ?? [];
      table.set(field.id, calls);
      calls.push(call);
    };
    for (const file of snapshot.files) {
      const source = snapshot.sourceFile(file);
      if (source !== undefined) visit(source);
    }
    return { releases, acquires };
  }

  const built = () => {
    index ??= build();
    return index;
  };
  return {
    releasers: (variable) => built().releases.get(variable) ?? [],
    acquirers: (variable) => built().acquires.get(variable) ?? [],
    isReleasedForOthers(variable) {
      const takers = (built().acquires.get(variable) ?? []).map(outermostFunction);
      return (built().releases.get(variable) ?? []).some((call) => !takers.includes(outermostFunction(call)));
    },
  };
}

/** The method or function that a call belongs to, callbacks inside it included; the file at the top level. */
function outermostFunction(node: ts.Node): ts.Node {
  let found: ts.Node = node.getSourceFile();
  for (let at = node.parent; at !== undefined; at = at.parent) if (ts.isFunctionLike(at)) found = at;
  return found;
}
