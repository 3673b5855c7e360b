import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import { callersOf, nameOf } from "./callers.js";
import { hasOtherNames, occurrencesOf, sourcesOf } from "./occurrences.js";
import { syntaxOf } from "./syntax-index.js";

/** What the program's calls give for a parameter, as far as it is known whom they call. */
export function passedTo(parameter: ts.ParameterDeclaration, snapshot: Snapshot): ts.Expression[] {
  const { parent: maker } = parameter;
  const index = maker.parameters.indexOf(parameter);
  if (!("body" in maker) || maker.body === undefined) return [];
  const calls = ts.isConstructorDeclaration(maker)
    ? constructionsOf(maker.parent, snapshot)
    : callsOf(maker as FunctionWithBody, snapshot);
  return calls.flatMap((call) => call.arguments?.[index] ?? []);
}

function constructionsOf(owner: ts.ClassLikeDeclaration, snapshot: Snapshot): readonly ts.NewExpression[] {
  const { name } = owner;
  const all =
    name === undefined || hasOtherNames(owner)
      ? sourcesOf(snapshot).flatMap((file) => syntaxOf(file).constructions)
      : occurrencesOf({ name: name.text, declaration: owner }, snapshot).flatMap(({ parent }) =>
          ts.isNewExpression(parent) ? [parent] : [],
        );
  return all.filter(({ expression }) => {
    const called = bare(expression);
    return ts.isIdentifier(called) && snapshot.variableOf(called)?.declaration === owner;
  });
}

function callsOf(body: FunctionWithBody, snapshot: Snapshot): readonly ts.CallExpression[] {
  const name = nameOf(body);
  if (name !== undefined && !hasOtherNames(name.parent)) {
    const { calls, passed } = callersOf(body, snapshot);
    if (!passed) return calls;
  }
  // Whoever keeps the function calls it by a name of his own.
  return everyCall(snapshot).get(body) ?? [];
}

const everywhere = new WeakMap<Snapshot, ReadonlyMap<ts.Node, readonly ts.CallExpression[]>>();

/** The calls that give something, by the function that they run. */
function everyCall(snapshot: Snapshot): ReadonlyMap<ts.Node, readonly ts.CallExpression[]> {
  const known = everywhere.get(snapshot);
  if (known !== undefined) return known;
  const found = new Map<ts.Node, ts.CallExpression[]>();
  for (const file of sourcesOf(snapshot)) {
    for (const call of syntaxOf(file).calls) {
      if (!call.arguments.some(isNamed)) continue;
      const callee = snapshot.calleeOf(call);
      if (callee.kind !== "body") continue;
      const calls = found.get(callee.declaration);
      if (calls === undefined) found.set(callee.declaration, [call]);
      else calls.push(call);
    }
  }
  everywhere.set(snapshot, found);
  return found;
}

/** A name or a new object; a literal is nothing that anybody follows. */
function isNamed(argument: ts.Expression): boolean {
  const at = bare(argument);
  return ts.isIdentifier(at) || ts.isPropertyAccessExpression(at) || ts.isNewExpression(at);
}
