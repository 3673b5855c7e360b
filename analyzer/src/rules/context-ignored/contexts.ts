import ts from "typescript";
import type { Snapshot } from "../../project/port.js";

/** A context that a function was given, as the function names it. */
export interface OwnContext {
  /** `ctx`, `this.#ctx`. */
  readonly text: string;
}

/** Parameters and fields typed as a Context, found by their types' names before the compiler is asked. */
export function ownContexts(unit: ts.Node, snapshot: Snapshot): OwnContext[] {
  if (!ts.isFunctionLike(unit)) return [];
  const parameters = unit.parameters.flatMap((parameter): OwnContext[] =>
    ts.isIdentifier(parameter.name) && isContext(parameter, snapshot) ? [{ text: parameter.name.text }] : [],
  );
  return [...parameters, ...fieldContexts(unit, snapshot)];
}

function fieldContexts(unit: ts.SignatureDeclaration, snapshot: Snapshot): OwnContext[] {
  if (!ts.isMethodDeclaration(unit) && !ts.isGetAccessor(unit)) return [];
  const owner = unit.parent;
  const isStatic = (ts.getCombinedModifierFlags(unit) & ts.ModifierFlags.Static) !== 0;
  if (!ts.isClassLike(owner) || isStatic) return [];
  return owner.members.flatMap((member): OwnContext[] => {
    if (ts.isPropertyDeclaration(member) && isContext(member, snapshot))
      return [{ text: `this.${member.name.getText()}` }];
    if (!ts.isConstructorDeclaration(member)) return [];
    return member.parameters.flatMap((parameter): OwnContext[] =>
      ts.isParameterPropertyDeclaration(parameter, member) && isContext(parameter, snapshot)
        ? [{ text: `this.${parameter.name.getText()}` }]
        : [],
    );
  });
}

function isContext(
  declaration: ts.ParameterDeclaration | ts.PropertyDeclaration,
  snapshot: Snapshot,
): boolean {
  if (ts.isParameter(declaration) && declaration.dotDotDotToken !== undefined) return false;
  return snapshot.primitiveOf(declaration.name)?.model.kind === "context";
}
