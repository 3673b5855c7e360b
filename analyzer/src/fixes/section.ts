import ts from "typescript";
import type { Hold } from "../facts/state.js";
import { releaserName } from "../ir/guards.js";
import { placeOf } from "../ir/place.js";
import { enclosingFunction } from "../project/syntax.js";
import type { RuleContext } from "../rules/rule.js";
import { listOf, statementOf } from "./statements.js";

/** The stretch of statements that a lock call protects, as far as a mechanical repair can tell. */
export interface Section {
  /** The statement that takes the lock. */
  readonly taking: ts.Statement;
  /** What runs under the lock: at least one statement. */
  readonly body: readonly ts.Statement[];
  /** Release statements that the repair makes superfluous. */
  readonly releases: readonly ts.ExpressionStatement[];
  /** What follows in the same block. */
  readonly after: readonly ts.Statement[];
  /** The body had to grow: something declared in it is used behind the release. */
  readonly grown: boolean;
}

/** What a repair needs to know of the lock: how it was taken, and every release that was seen to give it back. */
export interface Repair {
  readonly hold: Hold;
  readonly unit: ts.Node;
  readonly releases: ReadonlySet<ts.Node>;
  readonly context: RuleContext;
}

export function sectionOf(
  taking: ts.Statement,
  repair: Repair,
  guard: string | undefined,
): Section | undefined {
  const list = listOf(taking);
  if (list === undefined) return undefined;
  const rest = list.slice(list.indexOf(taking) + 1);
  const releases = rest.flatMap((statement) => releaseStatements(statement, repair, guard));
  const own = rest.findIndex((statement) => releases.includes(statement as ts.ExpressionStatement));
  const end = own < 0 ? rest.length : own;
  // A release that is part of something else, or done by a function called here, cannot simply be taken away.
  if (![...repair.releases].every((node) => releases.some((release) => contains(release, node))))
    return undefined;
  let body = rest.slice(0, end);
  let after = own < 0 ? [] : rest.slice(end + 1);
  const grown = usesNamesOf(body, after);
  if (grown) {
    body = rest.filter((_, index) => index !== own);
    after = [];
  }
  const inside = releases.filter(
    (release) => body.some((statement) => contains(statement, release)) || release === rest[own],
  );
  const superfluous = inside.every((release) => release === rest[own] || leavesAtOnce(release, list));
  const again = body.some((statement) => takesAgain(statement, repair));
  if (body.length === 0 || !superfluous || again) return undefined;
  if (grown && releases.some((release) => !inside.includes(release))) return undefined;
  return { taking, body, releases: inside, after, grown };
}

/** Releases of this very lock in the unit's own code, each a statement of its own. */
function releaseStatements(
  statement: ts.Statement,
  repair: Repair,
  guard: string | undefined,
): ts.ExpressionStatement[] {
  const found: ts.ExpressionStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      enclosingFunction(node) === repair.unit &&
      isReleaseOf(node, repair, guard)
    ) {
      const own = statementOf(node);
      if (own !== undefined) found.push(own);
    }
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

function isReleaseOf(call: ts.CallExpression, { hold, context }: Repair, guard: string | undefined): boolean {
  const { snapshot } = context;
  const callee = snapshot.calleeOf(call);
  if (callee.kind === "unknown") return guard !== undefined && releaserName(call.expression)?.text === guard;
  if (callee.kind !== "method") return false;
  if (callee.operation.op === "guard-release")
    return guard !== undefined && releaserName(callee.receiver)?.text === guard;
  return callee.operation.op === "release" && placeOf(callee.receiver, snapshot)?.key === hold.place.key;
}

function takesAgain(statement: ts.Statement, { hold, context }: Repair): boolean {
  const { snapshot } = context;
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = snapshot.calleeOf(node);
      const takes =
        callee.kind === "method" &&
        (callee.operation.op === "acquire" || callee.operation.op === "try-acquire");
      if (takes && placeOf(callee.receiver, snapshot)?.key === hold.place.key) found = true;
    }
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

/** `mu.unlock(); return;`: right behind the release the section is left, or its block ends. */
function leavesAtOnce(release: ts.Statement, outer: readonly ts.Statement[]): boolean {
  const list = listOf(release);
  if (list === undefined) return false;
  const next = list[list.indexOf(release) + 1];
  if (next !== undefined) {
    return (
      ts.isReturnStatement(next) ||
      ts.isThrowStatement(next) ||
      ts.isBreakStatement(next) ||
      ts.isContinueStatement(next)
    );
  }
  if (list === outer) return true;
  let at: ts.Node = release.parent;
  while (!ts.isStatement(at) || listOf(at) === undefined) {
    if (ts.isIterationStatement(at, false) || ts.isFunctionLike(at) || at.parent === undefined) return false;
    at = at.parent;
  }
  return !ts.isIterationStatement(at, false) && leavesAtOnce(at, outer);
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}

function usesNamesOf(body: readonly ts.Statement[], after: readonly ts.Statement[]): boolean {
  const names = new Set(body.flatMap(declaredNames));
  if (names.size === 0) return false;
  let used = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && names.has(node.text)) used = true;
    ts.forEachChild(node, visit);
  };
  after.forEach(visit);
  return used;
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    return statement.name ? [statement.name.text] : [];
  if (!ts.isVariableStatement(statement)) return [];
  const names: string[] = [];
  const visit = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) visit(element.name);
  };
  for (const declaration of statement.declarationList.declarations) visit(declaration.name);
  return names;
}
