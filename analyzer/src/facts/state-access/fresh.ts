import ts from "typescript";
import type { Unit } from "../../ir/lower.js";
import type { Place } from "../../ir/place.js";
import { bare, enclosingFunction } from "../../project/syntax.js";

/** The path starts from an object that the function itself has made: `const store = new Store()`. */
export function isMadeIn({ home, parameter }: Place, unit: Unit): boolean {
  if (home === undefined || parameter !== undefined || ts.isSourceFile(unit)) return false;
  if (!ts.isVariableDeclaration(home) || home.initializer === undefined) return false;
  if (enclosingFunction(home) !== unit) return false;
  const made = bare(home.initializer);
  return (
    ts.isNewExpression(made) || ts.isObjectLiteralExpression(made) || isCreation(made, "Object", "create")
  );
}

function isCreation(made: ts.Expression, owner: string, method: string): boolean {
  return ts.isCallExpression(made) && made.expression.getText() === `${owner}.${method}`;
}

/** A factory: it makes the object, sets it up and returns it. Nobody else has it meanwhile. */
export function isMadeForCaller(place: Place, unit: Unit): boolean {
  const { home } = place;
  if (home === undefined || !isMadeIn(place, unit) || !ts.isVariableDeclaration(home)) return false;
  if (ts.isSourceFile(unit) || !ts.isIdentifier(home.name)) return false;
  const name = home.name.text;
  let returned = false;
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression !== undefined) {
      const value = bare(node.expression);
      if (ts.isIdentifier(value) && value.text === name) returned = true;
    }
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(unit.body, visit);
  return returned;
}
