import ts from "typescript";
import type { Assigned } from "./assignments.js";
import type { MemberIndex } from "./member-index.js";
import type { FunctionWithBody } from "./port.js";
import { bare, isFunctionLiteral } from "./syntax.js";

/** What declarations say of what they declare, the assignments of their file included. */
export interface Declarations {
  /** The one body among the declarations of a symbol. */
  bodyOfAll(declarations: readonly ts.Declaration[]): FunctionWithBody | undefined;
  bodyOf(declaration: ts.Declaration): FunctionWithBody | undefined;
  /** Never assigned but where it is declared. */
  isConstant(declaration: ts.Declaration): boolean;
}

export function createDeclarations(checker: ts.TypeChecker, members: MemberIndex): Declarations {
  const reassigned = new Map<readonly Assigned[], ReadonlySet<ts.Declaration>>();

  function bodyOfAll(declarations: readonly ts.Declaration[]): FunctionWithBody | undefined {
    const bodies = declarations.map(bodyOf).filter((body) => body !== undefined);
    return bodies.length === 1 ? bodies[0] : undefined;
  }

  function bodyOf(declaration: ts.Declaration): FunctionWithBody | undefined {
    if (hasBody(declaration)) return declaration;
    const holdsFunction =
      (ts.isVariableDeclaration(declaration) && isConstant(declaration)) ||
      ts.isPropertyAssignment(declaration) ||
      (ts.isPropertyDeclaration(declaration) && !isReassigned(declaration));
    if (!holdsFunction || declaration.initializer === undefined) return undefined;
    return functionLiteral(declaration.initializer);
  }

  function isReassigned(declaration: ts.Declaration): boolean {
    const name = ts.getNameOfDeclaration(declaration);
    if (name === undefined || !("text" in name) || typeof name.text !== "string") return false;
    return assigned(declaration.getSourceFile(), name.text).has(declaration);
  }

  /** What assignments to that name in a file mean: found once for all that are called so. */
  function assigned(file: ts.SourceFile, name: string): ReadonlySet<ts.Declaration> {
    const targets = members.assignedIn(file, name);
    let found = reassigned.get(targets);
    if (found === undefined) {
      found = new Set(targets.flatMap((target) => symbolOf(target)?.declarations ?? []));
      reassigned.set(targets, found);
    }
    return found;
  }

  function symbolOf(target: Assigned): ts.Symbol | undefined {
    const { parent } = target;
    return ts.isShorthandPropertyAssignment(parent) && parent.name === target
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : checker.getSymbolAtLocation(target);
  }

  function isConstant(declaration: ts.Declaration): boolean {
    if (ts.isVariableDeclaration(declaration) && ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)
      return true;
    if (ts.isBindingElement(declaration) && ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const)
      return true;
    if (ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration)) {
      if (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Readonly) return true;
    }
    if (
      ts.isVariableDeclaration(declaration) ||
      ts.isBindingElement(declaration) ||
      ts.isParameter(declaration) ||
      ts.isPropertyDeclaration(declaration)
    ) {
      return !isReassigned(declaration);
    }
    return ts.isPropertyAssignment(declaration) || ts.isShorthandPropertyAssignment(declaration)
      ? !isReassigned(declaration)
      : false;
  }

  return { bodyOfAll, bodyOf, isConstant };
}

export function hasBody(node: ts.Node): node is FunctionWithBody {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined && !isAbstract(node);
}

function isAbstract(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.AbstractKeyword) ?? false)
  );
}

export function functionLiteral(expression: ts.Expression): FunctionWithBody | undefined {
  const at = bare(expression);
  return isFunctionLiteral(at) ? at : undefined;
}
