import ts from "typescript";
import type { Body } from "../../plain/parts.js";
import { isAcquire, keeperOf } from "../../plain/race/names.js";
import type { Scopes } from "../../plain/scopes.js";
import { bare, enclosingFunction } from "../../project/syntax.js";
import type { Note, PlainContext, Report } from "../rule.js";
import { lineOf } from "../text.js";
import { candidates } from "./candidates.js";
import { lookAgain } from "./fix.js";
import { isStillWanted } from "./need.js";
import { type StaleWrite, staleWrites } from "./order.js";
import { isSectionOf, releasesOf, wakesOnTheWay, writesIn } from "./release.js";
import { awaitsIn, mentions, type Wait, waitOf } from "./wait.js";
import type { CellWrite } from "./writes.js";

/** Fields whose name says that they are a lock: then setting one late is a flaw even where another method clears it. */
const lockName = /lock|busy|mutex|taken|occupied|in_?use|held$/i;

/** Locks that do not exclude: taken on the strength of a look that a suspension has made stale. */
export function* staleLocks({ file, scopes, isGuarded }: PlainContext): Iterable<Report> {
  let all: CellWrite[] | undefined;
  for (const unit of scopes.parts.units) {
    for (const key of candidates(unit, scopes)) {
      for (const stale of staleWrites(unit.body.body, key, scopes)) {
        all ??= writesIn(file, scopes);
        if (isGuarded(stale.look, stale.write.node) || isKept(stale.look)) continue;
        const report = reportOf(stale, unit.body, all, scopes);
        if (report !== undefined) yield report;
      }
    }
  }
}

/** In the callback of a lock or a queue of some other kind, or behind an `await lock()`, as far as names say. */
function isKept(look: ts.Node): boolean {
  for (let at = look; at.parent !== undefined && !ts.isClassElement(at); at = at.parent) {
    const { parent } = at;
    if (ts.isFunctionLike(at) && ts.isCallExpression(parent) && parent.expression !== at && keeperOf(parent))
      return true;
  }
  return awaitsIn((enclosingFunction(look) as Body).body).some((node) => {
    const operand = bare(node.expression);
    return node.end <= look.pos && ts.isCallExpression(operand) && isAcquire(operand);
  });
}

function reportOf(
  stale: StaleWrite,
  unit: Body,
  all: readonly CellWrite[],
  scopes: Scopes,
): Report | undefined {
  const { write, look, suspension } = stale;
  const { text, key } = write.cell;
  const releases = releasesOf(write, all);
  const wait = waitOf(suspension, key, scopes);
  const related: Note[] = [
    { node: look, message: "looked at here" },
    { node: suspension, message: "other calls run here" },
  ];
  if (wait !== undefined) {
    if (!isFlawedWait(wait, write, releases, scopes)) return undefined;
    if (wait.how === "promise" && isStillWanted(write, unit, scopes)) return undefined;
    return {
      node: write.node,
      message: `everyone who waits at line ${lineOf(suspension)} takes \`${text}\` here without looking again: several may be in at once`,
      related,
      fixes:
        wait.how === "promise" && releases.length === 0
          ? []
          : [lookAgain(suspension, key, scopes, wait.how === "promise")],
    };
  }
  if (!isDecision(look) || !isFlag(write)) return undefined;
  const waitsForIt = awaitsIn(unit.body).some((node) => waitOf(node, key, scopes) !== undefined);
  const isLock = (waitsForIt || lockName.test(text)) && releases.length > 0;
  if (!isLock && !isSectionOf(write, releases, unit)) return undefined;
  return {
    node: write.node,
    message: `\`${text}\` is set after an await: between the look at line ${lineOf(look)} and here another call passes the same look`,
    related,
  };
}

function isFlawedWait(wait: Wait, write: CellWrite, releases: readonly CellWrite[], scopes: Scopes): boolean {
  switch (wait.how) {
    case "promise":
      return (
        write.kind === "take" && write.value !== undefined && isStarted(write.value, write.cell.key, scopes)
      );
    case "poll":
      return isFlag(write) && releases.length > 0;
    case "woken":
      return isFlag(write) && releases.some((release) => wakesOnTheWay(release, wait.container, scopes));
  }
}

/** A promise of something begun here, not one that follows from the cell's own. */
function isStarted(value: ts.Expression, key: string, scopes: Scopes): boolean {
  let at = bare(value);
  for (let depth = 0; ts.isIdentifier(at) && depth < 3; depth += 1) {
    const declaration = scopes.bindingOf(at)?.declaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
    if (declaration.initializer === undefined) return false;
    at = bare(declaration.initializer);
  }
  if (ts.isAwaitExpression(at)) return false;
  if (mentions(value, key, scopes)) return false;
  if (ts.isNewExpression(at)) return at.expression.getText() === "Promise";
  return ts.isCallExpression(at) && !/^Promise\.(?:resolve|reject)$/.test(at.expression.getText());
}

function isFlag({ kind, value }: CellWrite): boolean {
  if (kind !== "take") return true;
  const at = value && bare(value);
  return at === undefined || at.kind === ts.SyntaxKind.TrueKeyword || ts.isNewExpression(at);
}

/** Whether something is decided by the look: a condition, or a constant that is asked later. */
function isDecision(look: ts.Node): boolean {
  for (let at = look; at.parent !== undefined && !ts.isFunctionLike(at); at = at.parent) {
    const { parent } = at;
    if (
      (ts.isIfStatement(parent) ||
        ts.isWhileStatement(parent) ||
        ts.isDoStatement(parent) ||
        ts.isSwitchStatement(parent)) &&
      parent.expression === at
    )
      return true;
    if (ts.isConditionalExpression(parent) && parent.condition === at) return true;
    if (ts.isVariableDeclaration(parent)) return true;
    if (ts.isStatement(parent) || ts.isCallExpression(parent)) return false;
  }
  return false;
}
