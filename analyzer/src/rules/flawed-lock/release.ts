import ts from "typescript";
import type { Scopes } from "../../plain/scopes.js";
import { bare, enclosingFunction } from "../../project/syntax.js";
import { cellOf } from "./cell.js";
import { calledName, isWithin, mentions } from "./wait.js";
import { type CellWrite, writeOf } from "./writes.js";

/** Whether a write gives back what the other kind takes. */
export function givesBack(write: CellWrite, taking: CellWrite): boolean {
  switch (taking.kind) {
    case "up":
      return write.kind === "down";
    case "down":
      return write.kind === "up";
    case "clear":
      return false;
    case "take":
      return write.kind === "clear";
  }
}

/** Everywhere in the file where the cell is given back; another key of the same map is the same code's other turn. */
export function releasesOf(taking: CellWrite, writes: readonly CellWrite[]): CellWrite[] {
  const isEntry = taking.cell.owner !== taking.cell.key;
  return writes.filter(
    (write) =>
      givesBack(write, taking) &&
      (write.cell.key === taking.cell.key || (isEntry && write.cell.key.startsWith(`${taking.cell.owner}<`))),
  );
}

/** Every write to a cell within a node. */
export function writesIn(root: ts.Node, scopes: Scopes): CellWrite[] {
  return scopes.parts.writes.flatMap((node) => (isWithin(node, root) ? (writeOf(node, scopes) ?? []) : []));
}

/**
 * Whether somebody who waits in the container is woken on the way of this release: then the cell is free
 * while the woken one is still on its way, and anybody may take it first. Handing the turn over, with the
 * cell left as it is, stands on another branch.
 */
export function wakesOnTheWay(release: CellWrite, container: string, scopes: Scopes): boolean {
  const home = enclosingFunction(release.node);
  const wakes = wakesIn(home, container, scopes, 1);
  if (retakes(home, release, scopes)) return false;
  return wakes.some((wake) => areOnOnePath(release.node, wake));
}

/** The cell is taken for the one that is woken. */
function retakes(home: ts.Node, release: CellWrite, scopes: Scopes): boolean {
  const { key } = release.cell;
  return writesIn(home, scopes).some(
    (write) =>
      write.cell.key === key && write !== release && givesBack(release, write) && write.kind !== "clear",
  );
}

/** Calls that let one who waits go on: of what was taken out of the container, or of a function that does so. */
function wakesIn(home: ts.Node, container: string, scopes: Scopes, depth: number): ts.Node[] {
  const found: ts.Node[] = [];
  const isFrom = (node: ts.Node) => mentions(node, container, scopes);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = bare(node.expression);
      const name = calledName(node);
      const taken =
        ts.isPropertyAccessExpression(callee) && cellOf(callee.expression, scopes)?.key === container;
      if (!taken && isFrom(callee)) found.push(node);
      else if (taken && (name === "forEach" || name === "map" || name === "emit")) found.push(node);
      else if (cellOf(callee, scopes)?.key === container) found.push(node);
      else if (node.arguments.some((each) => ts.isIdentifier(bare(each)) && isFrom(each))) found.push(node);
      else if (depth > 0 && !taken) {
        const body = localBody(callee, scopes);
        if (body !== undefined && wakesIn(body, container, scopes, depth - 1).length > 0) found.push(node);
      }
    } else if (ts.isForOfStatement(node) && isFrom(node.expression)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(home);
  return found;
}

/** `this.next()`, `next()`: the body, where the file has it. */
export function localBody(callee: ts.Expression, scopes: Scopes): ts.Node | undefined {
  const at = bare(callee);
  if (ts.isIdentifier(at)) {
    const declaration = scopes.bindingOf(at)?.declaration;
    if (declaration === undefined) return undefined;
    if (ts.isFunctionDeclaration(declaration)) return declaration.body;
    const value =
      ts.isVariableDeclaration(declaration) && declaration.initializer && bare(declaration.initializer);
    return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value.body : undefined;
  }
  if (!ts.isPropertyAccessExpression(at) || bare(at.expression).kind !== ts.SyntaxKind.ThisKeyword)
    return undefined;
  for (let home: ts.Node = at; home.parent !== undefined; home = home.parent) {
    const members: readonly ts.Node[] | undefined = ts.isClassLike(home)
      ? home.members
      : ts.isObjectLiteralExpression(home)
        ? home.properties
        : undefined;
    const member = members?.find(
      (each) => "name" in each && (each.name as ts.Node | undefined)?.getText() === at.name.text,
    );
    if (member === undefined) continue;
    if (ts.isMethodDeclaration(member)) return member.body;
    const value =
      (ts.isPropertyDeclaration(member) || ts.isPropertyAssignment(member)) &&
      member.initializer &&
      bare(member.initializer);
    return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value.body : undefined;
  }
  return undefined;
}

/** Whether one run of the function can come to both: not where one stands in the other branch, or behind a return. */
function areOnOnePath(one: ts.Node, other: ts.Node): boolean {
  const [first, second] = one.pos <= other.pos ? [one, other] : [other, one];
  for (let at = first; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    const common = isWithin(second, parent);
    if (ts.isIfStatement(parent) && common)
      return !(at === parent.thenStatement && parent.elseStatement && isWithin(second, parent.elseStatement));
    if (ts.isConditionalExpression(parent) && common) return at === parent.condition;
    if (common) return true;
    if (ts.isBlock(parent) && leaves(parent.statements.at(-1))) return false;
    if (ts.isIfStatement(parent) && leaves(at)) return false;
  }
  return true;
}

function leaves(node: ts.Node | undefined): boolean {
  return (
    node !== undefined &&
    (ts.isReturnStatement(node) ||
      ts.isThrowStatement(node) ||
      ts.isBreakOrContinueStatement(node) ||
      (ts.isBlock(node) && leaves(node.statements.at(-1))))
  );
}

/** What lies between taking and giving back in the taker itself: a section, rather than a flag that is set for good. */
export function isSectionOf(taking: CellWrite, releases: readonly CellWrite[], unit: ts.Node): boolean {
  return releases.some(
    ({ node }) =>
      isWithin(node, unit) &&
      node.pos > taking.node.end &&
      !isInCatch(node, unit) &&
      waitsBetween(taking.node, node, unit),
  );
}

function isInCatch(node: ts.Node, unit: ts.Node): boolean {
  for (let at = node; at !== unit && at.parent !== undefined; at = at.parent) {
    if (ts.isCatchClause(at)) return true;
    const call = at.parent;
    if (ts.isCallExpression(call) && call.expression !== at && calledName(call) === "catch") return true;
  }
  return false;
}

function waitsBetween(from: ts.Node, to: ts.Node, unit: ts.Node): boolean {
  if (enclosingFunction(to) !== enclosingFunction(from)) return true;
  let found = false;
  const visit = (node: ts.Node): void => {
    if (node.end <= from.end || node.pos >= to.pos) return;
    if (ts.isAwaitExpression(node) && node.pos > from.end) found = true;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(unit);
  return found;
}
