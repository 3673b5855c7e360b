import { ts } from "ts-morph";
import type { BadRelease } from "../../facts/observations.js";
import { removeStatement } from "../../fixes/statements.js";
import { placeOf } from "../../ir/place.js";
import type { Report, Rule, RuleContext } from "../rule.js";
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
        (bad) => bad.always || !observations.goodReleases.has(bad.node),
      );
      for (const bad of firstPerNode(certain, (each) => each.node)) yield report(bad, context);
    }
    yield* neverLocked(context);
  },
};

function report(bad: BadRelease, context: RuleContext): Report {
  const name = ts.isCallExpression(bad.node)
    ? lockName(bad.node, bad.place.text, context.snapshot)
    : `lock \`${bad.place.text}\``;
  const { earlier } = bad;
  return {
    node: bad.node,
    message: earlier
      ? `${name} is not held here: line ${lineOf(earlier)} released it already`
      : `${name} is not held here: nothing has locked it`,
    related: earlier ? [{ node: earlier, message: `\`${bad.place.text}\` is released here` }] : [],
    fixes: [removeStatement(bad.node, "Remove this release")],
  };
}

/** A lock made in this program that no code of it ever takes. */
function* neverLocked(context: RuleContext): Iterable<Report> {
  for (const call of context.calls) {
    const callee = context.snapshot.calleeOf(call);
    if (callee.kind !== "method" || callee.operation.op !== "release") continue;
    const place = placeOf(callee.receiver, context.snapshot);
    const declaration = place?.field?.declaration;
    if (place?.field === undefined || declaration === undefined || !isMadeHere(declaration, context))
      continue;
    if (context.index.acquirers(place.field.id).length > 0) continue;
    yield {
      node: call,
      message: `${lockName(call, place.text, context.snapshot)} is not held here: nothing in this program locks it`,
      related: [{ node: declaration, message: `\`${place.text}\` is made here and never locked` }],
      fixes: [removeStatement(call, "Remove this release")],
    };
  }
}

/** Only a private field that holds a lock of its own is out of reach of code that is not in view. */
function isMadeHere(declaration: ts.Declaration, context: RuleContext): boolean {
  if (!ts.isPropertyDeclaration(declaration) || declaration.initializer === undefined) return false;
  const hidden =
    ts.isPrivateIdentifier(declaration.name) ||
    (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) !== 0;
  const made = declaration.initializer;
  return (
    hidden &&
    ts.isNewExpression(made) &&
    context.snapshot.constructed(made) !== undefined &&
    !isHandedOut(declaration)
  );
}

/** Whether the field is mentioned other than to call a method on it: then somebody else may lock it. */
function isHandedOut(declaration: ts.PropertyDeclaration): boolean {
  const name = declaration.name.getText();
  let handedOut = false;
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertyAccessExpression(node) &&
      node.name.text === name &&
      !ts.isPropertyAccessExpression(node.parent)
    )
      handedOut = true;
    if (ts.isBindingElement(node) && (node.propertyName ?? node.name).getText() === name) handedOut = true;
    ts.forEachChild(node, visit);
  };
  visit(declaration.parent);
  return handedOut;
}
