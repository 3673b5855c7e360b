import ts from "typescript";
import type { BadRelease, Observations } from "../../facts/observations.js";
import { callsByPiece, syntaxOf } from "../../facts/syntax-index.js";
import { removeStatement } from "../../fixes/statements.js";
import { placeOf } from "../../ir/place.js";
import { keepAnswers } from "../../project/kept-answers.js";
import type { Snapshot } from "../../project/port.js";
import { enclosingFunction } from "../../project/syntax.js";
import { refused } from "../deadlock/reports.js";
import { hasModelledName, receiverOf } from "../events.js";
import type { FixPlan, Report, Rule, RuleContext } from "../rule.js";
import { isHandedOut, isInFinally } from "../scope.js";
import { isExpectedToThrow } from "../tests.js";
import { firstPerNode, lineOf, lockName } from "../text.js";
import { doc, sources } from "./doc.js";

export const unlockOfUnlocked: Rule = {
  id: "unlock-of-unlocked",
  title: "The lock is not held here",
  severity: "error",
  doc,
  sources,
  *run(context) {
    for (const { observations } of context.units) {
      if (observations.abandoned) continue;
      const certain = observations.badReleases.filter(
        (bad) => isCertain(bad, observations) && !isExpectedToThrow(bad.node),
      );
      for (const bad of firstPerNode(certain, (each) => each.node)) yield report(bad, observations, context);
    }
    yield* neverLocked(context);
    yield* refused(context, "unlock-of-unlocked");
  },
};

/** On every path, or on every path that passes the earlier release (which may be this one, round a loop). */
function isCertain(bad: BadRelease, observations: Observations): boolean {
  return bad.always || bad.earlier === bad.node || !observations.goodReleases.has(bad.node);
}

function report(bad: BadRelease, observations: Observations, context: RuleContext): Report {
  const name = ts.isCallExpression(bad.node)
    ? lockName(bad.node, bad.place.text, context.snapshot)
    : `lock \`${bad.place.text}\``;
  const { earlier } = bad;
  if (bad.surplus)
    return {
      node: bad.node,
      message: `More permits of ${name} are given back here than were taken`,
      related: [],
      fixes: [],
    };
  return {
    node: bad.node,
    message: earlier
      ? `${name} is not held here: line ${lineOf(earlier)} released it already`
      : `${name} is not held here: nothing has locked it`,
    related: earlier ? [{ node: earlier, message: `\`${bad.place.text}\` is released here` }] : [],
    fixes: [repair(bad, observations)],
  };
}

/** The release that is one too many: where this one is right on other paths, it is the earlier one. */
function repair({ node, earlier }: BadRelease, { goodReleases }: Observations): FixPlan | undefined {
  if (earlier === node) return undefined;
  const surplus = earlier !== undefined && (goodReleases.has(node) || isInFinally(node)) ? earlier : node;
  return removeStatement(surplus, surplus === node ? "Remove this release" : "Remove the earlier release");
}

/** A lock made in this program that no code of it ever takes. */
function* neverLocked(context: RuleContext): Iterable<Report> {
  const seenTaken = releasesOfTaken(context);
  for (const call of releasesIn(context)) {
    if (seenTaken.has(call)) continue;
    const callee = context.snapshot.calleeOf(call);
    const place = callee.kind === "method" ? placeOf(callee.receiver, context.snapshot) : undefined;
    const declaration = place?.field?.declaration;
    if (place?.field === undefined || declaration === undefined) continue;
    if (context.index.acquirers(place.field).length > 0 || isExpectedToThrow(call)) continue;
    if (!isMadeHere(declaration, context)) continue; // Last: it reads all of the lock's scope.
    yield {
      node: call,
      message: `${lockName(call, place.text, context.snapshot)} is not held here: nothing in this program locks it`,
      related: [{ node: declaration, message: `\`${place.text}\` is made here and never locked` }],
      fixes: [removeStatement(call, "Remove this release")],
    };
  }
}

/** The calls of the file that release a lock. */
function releasesIn({ file, snapshot }: RuleContext): ts.CallExpression[] {
  return [...callsByPiece(syntaxOf(file))].flatMap(([piece, calls]) =>
    releasesAmong(piece, snapshot, () => calls.filter((call) => isRelease(call, snapshot))),
  );
}

const releasesAmong = keepAnswers<readonly ts.CallExpression[]>();

function isRelease(call: ts.CallExpression, snapshot: Snapshot): boolean {
  if (!hasModelledName(call, snapshot)) return false;
  const callee = snapshot.calleeOf(call);
  return callee.kind === "method" && callee.operation.op === "release";
}

/** Releases of what the same function takes, by the same name: their locks are taken somewhere. */
function releasesOfTaken({ units }: RuleContext): ReadonlySet<ts.Node> {
  const found = new Set<ts.Node>();
  for (const { observations } of units)
    for (const [taking, releases] of observations.releases)
      for (const release of releases) if (isOfSameLock(taking, release)) found.add(release);
  return found;
}

/** A lock that a comment says is held was taken by no call: its site is the function. */
function isOfSameLock(taking: ts.Node, release: ts.Node): boolean {
  if (!ts.isCallExpression(taking) || !ts.isCallExpression(release)) return false;
  if (enclosingFunction(taking) !== enclosingFunction(release)) return false;
  const [one, other] = [receiverOf(taking), receiverOf(release)];
  return one !== undefined && other !== undefined && one.getText() === other.getText();
}

/** Only a lock made here that no other code can reach: a private field, a variable that is not exported. */
function isMadeHere(declaration: ts.Declaration, context: RuleContext): boolean {
  const scope =
    ts.isPropertyDeclaration(declaration) && isHidden(declaration)
      ? declaration.parent
      : variableScope(declaration);
  const made =
    ts.isPropertyDeclaration(declaration) || ts.isVariableDeclaration(declaration)
      ? declaration.initializer
      : undefined;
  if (scope === undefined || made === undefined || !ts.isNewExpression(made)) return false;
  return context.snapshot.constructed(made) !== undefined && !isHandedOut(declaration, scope);
}

function isHidden(field: ts.PropertyDeclaration): boolean {
  return (
    ts.isPrivateIdentifier(field.name) ||
    (ts.getCombinedModifierFlags(field) & ts.ModifierFlags.Private) !== 0
  );
}

function variableScope(declaration: ts.Declaration): ts.Node | undefined {
  if (!ts.isVariableDeclaration(declaration) || !(ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const))
    return undefined;
  return ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export
    ? undefined
    : declaration.getSourceFile();
}
