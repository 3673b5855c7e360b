import ts from "typescript";
import type { Hold } from "../../facts/state.js";
import { thisRoot } from "../../ir/place.js";
import { bare, enclosingFunction, isFunctionLiteral } from "../../project/syntax.js";
import { usesName } from "../escaping-section/work.js";
import { calledName } from "../flawed-lock/wait.js";
import type { RuleContext } from "../rule.js";

/** A function that anybody who has the object or the module can call, and that takes the lock. */
export function publicTaker(hold: Hold, context: RuleContext): ts.Node | undefined {
  const { field, root, path } = hold.place;
  if (field === undefined || (root !== thisRoot && path.length > 0)) return undefined;
  return context.index
    .acquirers(field)
    .map((call) => outermostFunction(call))
    .find((taker) => taker !== undefined && isPublic(taker, root === thisRoot));
}

/** The method or top-level function that a node is part of. */
export function outermostFunction(node: ts.Node): ts.Node | undefined {
  let found: ts.Node | undefined;
  for (let at = enclosingFunction(node); !ts.isSourceFile(at); at = enclosingFunction(at)) {
    found = at;
    if (ts.isClassElement(at)) break;
  }
  return found;
}

export function isPublic(unit: ts.Node, isMember: boolean): boolean {
  if (ts.isClassElement(unit)) {
    const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
    if (ts.getCombinedModifierFlags(unit as ts.Declaration) & hidden) return false;
    const name = unit.name?.getText() ?? "";
    return !name.startsWith("#") && !name.startsWith("_");
  }
  if (isMember && isFunctionLiteral(unit)) return ts.isPropertyDeclaration(unit.parent);
  const declaration = isFunctionLiteral(unit) ? unit.parent.parent?.parent : unit;
  return (
    declaration !== undefined &&
    ts.canHaveModifiers(declaration) &&
    (ts.getModifiers(declaration)?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

/** Whether code outside this file can hand in functions: the class or the function is exported. */
export function isOpen(unit: ts.Node): boolean {
  const owner = ts.isClassElement(unit) ? unit.parent : unit;
  if (ts.canHaveModifiers(owner) && ts.getModifiers(owner)?.some(isExport)) return true;
  const file = unit.getSourceFile();
  const name = "name" in owner ? (owner.name as ts.Node | undefined)?.getText() : undefined;
  if (isFunctionLiteral(owner) || ts.isClassExpression(owner)) return isPublic(owner, false);
  if (name === undefined) return false;
  return file.statements.some(
    (each) =>
      ((ts.isExportDeclaration(each) || ts.isExportAssignment(each)) &&
        usesName(each, new Set([name])) !== undefined) ||
      (ts.isExpressionStatement(each) && /^(?:module\.)?exports\b/.test(each.getText())),
  );
}

function isExport(modifier: ts.ModifierLike): boolean {
  return modifier.kind === ts.SyntaxKind.ExportKeyword;
}

/** One of the functions that this file hands to the object takes the lock again. */
export function comesBack(unit: ts.Node, hold: Hold, { facts, snapshot }: RuleContext): boolean {
  const owner = ts.isClassElement(unit) ? unit.parent : unit;
  const field = hold.place.field?.id;
  let found = false;
  const visit = (node: ts.Node): void => {
    if (found || node === owner) return;
    if (isFunctionLiteral(node) && ts.isCallExpression(node.parent) && node.parent.expression !== node) {
      const callee = snapshot.calleeOf(node.parent);
      const isHanded =
        callee.kind === "body" && (callee.declaration.parent === owner || callee.declaration === owner);
      const { taken } = facts.of(node).summary;
      found = isHanded && taken.some(({ place }) => place.field?.id === field);
    }
    ts.forEachChild(node, visit);
  };
  visit(unit.getSourceFile());
  return found;
}

const wrapper =
  /^(?:run|exec|perform|schedule|enqueue|use|with)(?=[A-Z_]|$)|transaction|exclusive|synchron|critical|atomic|serial|with_?\w*(?:lock|mutex)|(?:under|in)Lock|locked/i;

/** A function that is there to run the caller's own under the lock: `withLock(fn)` by another name. */
export function isWrapper(call: ts.CallExpression, hold: Hold): boolean {
  const unit = outermostFunction(call);
  if (unit === undefined) return false;
  if (wrapper.test(nameOf(unit))) return true;
  const body = "body" in unit ? (unit.body as ts.Node | undefined) : undefined;
  let others = false;
  const visit = (node: ts.Node): void => {
    if (node === call) return;
    if (ts.isCallExpression(node) && node.pos > hold.site.pos && !isGivingBack(node)) others = true;
    if (ts.isBinaryExpression(node) && isWriteToState(node)) others = true;
    ts.forEachChild(node, visit);
  };
  if (body !== undefined) visit(body);
  return !others;
}

function nameOf(unit: ts.Node): string {
  const named = isFunctionLiteral(unit) ? unit.parent : unit;
  return "name" in named ? ((named.name as ts.Node | undefined)?.getText() ?? "") : "";
}

function isGivingBack(call: ts.CallExpression): boolean {
  return /^(?:un_?lock|rUnlock|release|defer|log|debug|info|warn|error)$/i.test(calledName(call));
}

function isWriteToState(node: ts.BinaryExpression): boolean {
  const { kind } = node.operatorToken;
  if (kind < ts.SyntaxKind.FirstAssignment || kind > ts.SyntaxKind.LastAssignment) return false;
  return ts.isPropertyAccessExpression(bare(node.left)) || ts.isElementAccessExpression(bare(node.left));
}

/** Some caller in the program passes a function that can be read: whether that one comes back is seen there. */
export function isKnownAtCallers(call: ts.CallExpression, context: RuleContext): boolean {
  const { snapshot } = context;
  const name = ts.isIdentifier(bare(call.expression)) ? (bare(call.expression) as ts.Identifier) : undefined;
  const parameter = name && snapshot.variableOf(name)?.declaration;
  if (parameter === undefined || !ts.isParameter(parameter)) return false;
  const unit = parameter.parent;
  const index = unit.parameters.indexOf(parameter);
  const called = nameOf(unit);
  if (called === "" || ts.isConstructorDeclaration(unit)) return false;
  let known = false;
  const visit = (node: ts.Node): void => {
    if (known) return;
    if (ts.isCallExpression(node) && calledName(node) === called) {
      const callee = snapshot.calleeOf(node);
      const argument = node.arguments[index];
      if (callee.kind === "body" && callee.declaration === unit && argument !== undefined)
        known = snapshot.bodyOf(argument) !== undefined;
    }
    ts.forEachChild(node, visit);
  };
  for (const file of snapshot.files) {
    const source = snapshot.sourceFile(file);
    if (source?.text.includes(called)) visit(source);
  }
  return known;
}
