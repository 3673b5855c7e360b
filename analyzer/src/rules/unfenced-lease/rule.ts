import ts from "typescript";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import { bare, enclosingFunction, meaningfulParent } from "../../project/syntax.js";
import { calledName, contains, isInside, ownNodes } from "../events.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { firstPerNode } from "../text.js";
import { doc, sources } from "./doc.js";

/** Verbs that change what they are called on. */
const writes =
  /^(?:write|put|set|update|upsert|insert|save|store|delete|remove|append|send|post|patch|publish|create|persist|commit|replace|rename|unlink|truncate|charge|pay|transfer|debit|credit|withdraw|deposit|increment|decrement|upload|import|export|drop|mark|apply|book|execute|migrate|process)(?:[A-Z_].*)?$/;
/** Arguments by which the callee can tell that the lease is gone. */
const fences = /fenc|token|lost|signal|abort|lease|session|\bctx\b|context|revision/i;
const maxDepth = 3;

export const unfencedLease: Rule = {
  id: "unfenced-lease",
  title: "The lease may be over by now",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    if (!/distributed/.test(context.file.text) && !usesLease(context)) return;
    const found: Report[] = [];
    for (const { unit, observations } of context.units) {
      if (observations.abandoned) continue;
      for (const [node, ways] of observations.held) {
        if (!ts.isCallExpression(node) || node.getSourceFile() !== context.file) continue;
        const lease = ways.map((holds) => holds.find((hold) => isLease(hold.site, context.snapshot)));
        const [hold] = lease;
        if (hold === undefined || lease.includes(undefined)) continue;
        if (!isWrite(node, context.snapshot, 0) || isFenced(node) || heedsAround(node, unit)) continue;
        found.push({
          node,
          message: `writes under \`${hold.place.text}\`, whose lease may be over by now: neither \`session.lost\` nor a fencing token is heeded`,
          related: [
            { node: hold.site, message: `\`${hold.place.text}\` is locked here, as long as the lease lasts` },
          ],
        });
      }
    }
    yield* firstPerNode(found, (report) => report.node);
  },
};

function usesLease({ units, snapshot }: RuleContext): boolean {
  return units.some(({ observations }) =>
    [...observations.held.values()].some((ways) =>
      ways.some((holds) => holds.some((hold) => isLease(hold.site, snapshot))),
    ),
  );
}

/** A lock of the library that is held by a lease. */
function isLease(site: ts.CallExpression, snapshot: Snapshot): boolean {
  const callee = snapshot.calleeOf(site);
  return callee.kind === "method" && callee.model.kind === "lease";
}

/** A call outside the library that is named for a change, or a function here that makes one. */
function isWrite(call: ts.CallExpression, snapshot: Snapshot, depth: number): boolean {
  const callee = snapshot.calleeOf(call);
  if (callee.kind === "unknown" || isFileSystem(callee)) return writes.test(calledName(call) ?? "");
  if (callee.kind !== "body" || depth >= maxDepth || heeds(callee.declaration)) return false;
  return ownNodes(callee.declaration).some(
    (node) =>
      ts.isCallExpression(node) && isWaited(node) && isWrite(node, snapshot, depth + 1) && !isFenced(node),
  );
}

function isFileSystem(callee: ReturnType<Snapshot["calleeOf"]>): boolean {
  return (
    callee.kind === "builtin" &&
    /^(?:writeFile|appendFile|rename|unlink|rm|mkdir|copyFile)$/.test(callee.name)
  );
}

function isWaited(call: ts.CallExpression): boolean {
  const { parent } = meaningfulParent(call);
  return ts.isAwaitExpression(parent) || ts.isReturnStatement(parent);
}

function isFenced(call: ts.CallExpression): boolean {
  return call.arguments.some((argument) => fences.test(argument.getText()));
}

function heeds(body: ts.Node): boolean {
  return contains(
    body,
    (node) =>
      ts.isIdentifier(node) &&
      (node.text === "lost" || node.text === "fencingToken" || node.text === "throwIfAborted"),
  );
}

/** The function, those around it, its class's constructor, or the top of the file looks at the lease. */
function heedsAround(call: ts.CallExpression, unit: ts.Node): boolean {
  for (let home = enclosingFunction(call); ; home = enclosingFunction(home)) {
    if (ts.isSourceFile(home)) return home.statements.some((each) => !declaresFunctions(each) && heeds(each));
    if (heeds(home)) return true;
    const owner = home.parent;
    if (ts.isClassLike(owner) && owner.members.some((member) => isSetUp(member) && heeds(member)))
      return true;
    if (home === unit && ts.isClassLike(owner) && callersHeed(home as FunctionWithBody, owner)) return true;
  }
}

function declaresFunctions(statement: ts.Statement): boolean {
  return (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isVariableStatement(statement)
  );
}

function isSetUp(member: ts.ClassElement): boolean {
  return ts.isConstructorDeclaration(member) || ts.isPropertyDeclaration(member);
}

/** A method of the class that calls this one looks at the lease itself. */
function callersHeed(home: FunctionWithBody, owner: ts.ClassLikeDeclaration): boolean {
  const name = home.name?.getText();
  if (name === undefined) return false;
  return owner.members.some(
    (member) =>
      !isInside(home, member) &&
      heeds(member) &&
      contains(
        member,
        (node) => ts.isCallExpression(node) && bare(node.expression).getText() === `this.${name}`,
      ),
  );
}
