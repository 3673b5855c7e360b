import ts from "typescript";
import type { Body, Parts } from "../parts.js";
import type { Scopes } from "../scopes.js";
import type { Functions } from "./functions.js";

/** The functions of a file that may be suspended, in themselves or in what they call, as far as names say. */
export function maySuspend(functions: Functions, { parts }: Scopes): ReadonlySet<ts.Node> {
  const found = new Set<ts.Node>();
  const left: ts.Node[] = [...parts.suspensions];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent) {
      if (!ts.isFunctionLike(at) || found.has(at)) continue;
      found.add(at);
      if ("body" in at && at.body !== undefined) left.push(...usesOf(at as Body, functions, parts));
    }
  }
  return found;
}

function usesOf(body: Body, functions: Functions, { accesses }: Parts): readonly ts.Node[] {
  if (ts.isGetAccessor(body)) return accesses.get(body.name.getText()) ?? [];
  return functions.callsOf(body);
}
