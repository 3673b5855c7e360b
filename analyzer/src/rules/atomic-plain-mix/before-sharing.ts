import ts from "typescript";
import { isWrite } from "../../plain/scopes.js";
import type { Variable } from "../../project/port.js";
import { enclosingFunction } from "../../project/syntax.js";

const shares = /\bnew\s+Worker\b|\bpostMessage\s*\(|\bworkerData\b|\bgo\s*\(|\bfork\s*\(|\bAtomics\s*\./;

/**
 * The code that makes the array may set it up before anybody else has it, and read it when the others are done:
 * behind an await that comes after they were started.
 */
export function isBeforeSharing(access: ts.ElementAccessExpression, { declaration }: Variable): boolean {
  const home = enclosingFunction(access);
  if (ts.isConstructorDeclaration(home)) return true;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  if (enclosingFunction(declaration) !== home || declaration.end > access.pos) return false;
  const between = access.getSourceFile().text.slice(declaration.end, access.getStart());
  const shared = between.search(shares);
  if (shared < 0) return true;
  return !isWrite(access) && /\bawait\b/.test(between.slice(shared));
}
