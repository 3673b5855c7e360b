import ts from "typescript";
import { placeOf } from "../ir/place.js";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { enclosingFunction } from "../project/syntax.js";
import type { Facts } from "./facts.js";
import { handedOn } from "./handed-on.js";

/** Who takes and who releases the locks of a declaration, in the whole program. */
export interface ProgramIndex {
  /** By the declaration's id: a field of a class, a variable. */
  acquirers(variable: number): readonly ts.CallExpression[];
  /** Whether somebody releases it whose turn it is not: it was taken for that code. */
  isReleasedForOthers(variable: number): boolean;
  /** Whether it goes somewhere as a value: whoever gets it may release it. */
  isHandedOn(variable: number): boolean;
}

type Calls = ReadonlyMap<number, readonly ts.CallExpression[]>;

/** Made when first asked: one walk over the files that name a primitive. */
export function createProgramIndex(snapshot: Snapshot, facts: Facts): ProgramIndex {
  /** Asked for every leak of a lock, answered by all of its releases. */
  const releasedForOthers = new Map<number, boolean>();
  let index: { releases: Calls; acquires: Calls; handedOn: ReadonlySet<number> } | undefined;

  function build() {
    const releases = new Map<number, ts.CallExpression[]>();
    const acquires = new Map<number, ts.CallExpression[]>();
    const names = new Set<string>();
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
      names.add(field.name);
      const calls = table.get(field.id) ?? [];
      table.set(field.id, calls);
      calls.push(call);
    };
    for (const file of snapshot.files) {
      const source = snapshot.sourceFile(file);
      if (source !== undefined) visit(source);
    }
    return { releases, acquires, handedOn: handedOn(names, snapshot, facts) };
  }

  const built = () => {
    index ??= build();
    return index;
  };

  /** Not by the function that took it, nor by a callback of it; or by one that gives up its caller's turn first. */
  function isForOthers(release: ts.CallExpression, takers: ReadonlySet<ts.Node>): boolean {
    const own = enclosingFunction(release);
    if (takers.has(own)) {
      const place = placeOf((release.expression as ts.PropertyAccessExpression).expression, snapshot);
      const unit = own as FunctionWithBody | ts.SourceFile;
      return place !== undefined && facts.of(unit).observations.releasedUntaken.has(place.key);
    }
    for (let at = own; at.parent !== undefined; at = enclosingFunction(at)) if (takers.has(at)) return false;
    return true;
  }

  return {
    acquirers: (variable) => built().acquires.get(variable) ?? [],
    isReleasedForOthers(variable) {
      const known = releasedForOthers.get(variable);
      if (known !== undefined) return known;
      const { releases, acquires } = built();
      const takers = new Set((acquires.get(variable) ?? []).map(enclosingFunction));
      const found = (releases.get(variable) ?? []).some((call) => isForOthers(call, takers));
      releasedForOthers.set(variable, found);
      return found;
    },
    isHandedOn: (variable) => built().handedOn.has(variable),
  };
}
