import ts from "typescript";
import type { ClassModel } from "../model/index.js";
import type { Snapshot } from "./port.js";
import { bare } from "./syntax.js";

type Primitive = { readonly name: string; readonly model: ClassModel };

const made = new WeakMap<ts.SourceFile, ReadonlyMap<string, readonly ts.NewExpression[]>>();

/**
 * `let lock; …; lock = new AsyncLock();` in JavaScript: the compiler knows nothing of a variable that other
 * functions see, but whatever it is given is made in the file, and it is a lock.
 */
export function madeForUntyped(
  name: ts.Identifier,
  declaration: ts.Declaration | undefined,
  snapshot: Snapshot,
): Primitive | undefined {
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.type !== undefined)
    return undefined;
  const file = declaration.getSourceFile();
  if (file !== name.getSourceFile()) return undefined;
  let byName = made.get(file);
  if (byName === undefined) {
    byName = constructions(file);
    made.set(file, byName);
  }
  const found = (byName.get(name.text) ?? []).map((each) => snapshot.constructed(each));
  const first = found[0];
  return first !== undefined && found.every((each) => each?.model === first.model) ? first : undefined;
}

/** By the name of the variable that each is assigned to. */
function constructions(file: ts.SourceFile): Map<string, ts.NewExpression[]> {
  const found = new Map<string, ts.NewExpression[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && assigns.has(node.operatorToken.kind) && ts.isIdentifier(node.left)) {
      const value = bare(node.right);
      if (ts.isNewExpression(value)) {
        const known = found.get(node.left.text);
        if (known === undefined) found.set(node.left.text, [value]);
        else known.push(value);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const assigns: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
]);
