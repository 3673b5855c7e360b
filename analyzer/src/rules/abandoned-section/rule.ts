import ts from "typescript";
import type { Hold } from "../../facts/state.js";
import { placeOf } from "../../ir/place.js";
import { bare, isFunctionLiteral, shortText } from "../../project/syntax.js";
import { writesGuarded } from "../escaping-section/dropped.js";
import { calledName } from "../flawed-lock/wait.js";
import type { Report, RuleContext, TypedRule } from "../rule.js";
import { isInTest } from "../tests.js";
import { lineOf, lockName, takenNote } from "../text.js";
import { doc, sources } from "./doc.js";
import { type TimedOut, timedOut } from "./race.js";

const limiting = /^race$|time|limit|deadline|within/i;

export const abandonedSection: TypedRule = {
  id: "abandoned-section",
  title: "A section is given up while it runs",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const call of context.calls) {
      // By their looks: the compiler is asked about few calls.
      const found = limiting.test(calledName(call)) ? timedOut(call, context.snapshot) : [];
      const reports = found.map((each) => sectionGivenUp(each, context) ?? workGivenUp(each, context));
      for (const report of [limitedByModel(call, context), ...reports])
        if (report !== undefined && !isInTest(call, context.snapshot)) yield report;
    }
  },
};

/** `Promise.race([mu.withLock(work), timeout])` */
function sectionGivenUp({ work, race }: TimedOut, context: RuleContext): Report | undefined {
  if (!ts.isCallExpression(work) || canBeStopped(work)) return undefined;
  const { snapshot } = context;
  const callee = snapshot.calleeOf(work);
  if (callee.kind !== "method" || callee.operation.op !== "acquire" || callee.operation.form !== "section")
    return undefined;
  if (callee.operation.mode === "permit") return undefined;
  const place = placeOf(callee.receiver, snapshot);
  return {
    node: work,
    message: `when the time is up the caller goes on, and this section of ${lockName(work, place?.text ?? callee.receiver.getText(), snapshot)} runs on beside it: nothing stops it`,
    related: [{ node: race, message: "given up here" }],
  };
}

/** `await Promise.race([this.write(), timeout])` between lock and unlock. */
function workGivenUp({ work, race }: TimedOut, context: RuleContext): Report | undefined {
  const { snapshot } = context;
  const hold = heldAt(race, context);
  if (hold === undefined || canBeStopped(work) || !runsOn(work, hold, context)) return undefined;
  return {
    node: isFunctionLiteral(work) ? race : work,
    message: `when the time is up ${lockName(hold.site, hold.place.text, snapshot)}, held since line ${lineOf(hold.site)}, is given back while \`${shortText(isFunctionLiteral(work) ? race : work)}\` runs on`,
    related: [takenNote(hold)],
  };
}

function heldAt(race: ts.CallExpression, { units }: RuleContext): Hold | undefined {
  for (const { observations } of units) {
    if (observations.abandoned || observations.unsure.has(race)) continue;
    const ways = observations.held.get(race);
    const hold = ways?.[0]?.find((each) =>
      ways.every((way) => way.some((other) => other.site === each.site)),
    );
    if (hold !== undefined && hold.mode !== "permit" && !hold.escaped && observations.releases.has(hold.site))
      return hold;
  }
  return undefined;
}

/** An AbortSignal, a context: whoever gives it up can say so. */
function canBeStopped(work: ts.Node): boolean {
  return /\b(?:\w*[sS]ignal|abort\w*|controller|ctx|context|cancel\w*)\b/.test(work.getText());
}

const writing =
  /^_?(?:write|save|put|update|insert|delete|commit|flush|set|store|persist|remove|append|upload|sync|apply|publish|transfer|charge)(?=[A-Z_]|$)/;

/** Work that changes something when the lock is gone. */
function runsOn(work: TimedOut["work"], hold: Hold, context: RuleContext): boolean {
  const { snapshot } = context;
  if (isFunctionLiteral(work))
    return writesGuarded(work, hold, context) !== undefined || awaitsWriting(work.body);
  const callee = snapshot.calleeOf(work);
  if (callee.kind === "body") {
    const { declaration } = callee;
    if (writesGuarded(declaration, hold, context) !== undefined) return true;
    return takesNothing(declaration, context) && awaitsWriting(declaration.body);
  }
  if (callee.kind !== "unknown") return false;
  if (writing.test(calledName(work))) return true;
  const name = bare(work.expression);
  const declaration = ts.isIdentifier(name) ? snapshot.variableOf(name)?.declaration : undefined;
  // The caller's own section: `withLockFor(ms, work)`.
  return declaration !== undefined && ts.isParameter(declaration) && snapshot.isThenable(work);
}

function takesNothing(body: Parameters<typeof writesGuarded>[0], { facts }: RuleContext): boolean {
  return facts.of(body).summary.taken.length === 0;
}

function awaitsWriting(body: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    const call = ts.isAwaitExpression(node) ? bare(node.expression) : undefined;
    if (call !== undefined && ts.isCallExpression(call) && writing.test(calledName(call))) found = true;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

/** Options of a model's section that end the lock, and not the section: async-lock's. */
function limitedByModel(call: ts.CallExpression, { snapshot }: RuleContext): Report | undefined {
  const options = call.arguments.at(-1);
  const at = options && bare(options);
  if (at === undefined || !ts.isObjectLiteralExpression(at)) return undefined;
  const limit = at.properties.find((each) =>
    /^max(?:Execution|Occupation)Time$/.test(each.name?.getText() ?? ""),
  );
  if (limit === undefined) return undefined;
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "method" || callee.operation.op !== "acquire" || callee.operation.form !== "section")
    return undefined;
  return {
    node: call,
    message: `\`${limit.name?.getText()}\` gives the lock to the next one when the time is up: this section runs on beside it`,
    related: [{ node: limit, message: "the limit" }],
  };
}
