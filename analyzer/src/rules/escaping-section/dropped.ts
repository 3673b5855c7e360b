import ts from "typescript";
import type { Hold } from "../../facts/state.js";
import { addAwait } from "../../fixes/await.js";
import type { FunctionWithBody } from "../../project/port.js";
import { bare, enclosingFunction, isAsync, isFunctionLiteral, shortText } from "../../project/syntax.js";
import { calledName } from "../flawed-lock/wait.js";
import type { Report, RuleContext, UnitFacts } from "../rule.js";
import { lockName, takenNote } from "../text.js";
import { usesName, writtenAfterwards } from "./work.js";

/** Work started under a lock that nobody waits for, and that writes what the lock is for when the lock is gone. */
export function* droppedWork({ observations }: UnitFacts, context: RuleContext): Iterable<Report> {
  if (observations.abandoned) return;
  for (const [node, ways] of observations.held) {
    const hold = ways[0]?.find((each) => ways.every((way) => way.some((other) => other.site === each.site)));
    if (hold === undefined || hold.escaped || observations.unsure.has(node)) continue;
    const started = startedAt(node, context);
    if (started === undefined) continue;
    const { call, body } = started;
    const name = writesGuarded(body, hold, context);
    if (name === undefined) continue;
    const { snapshot } = context;
    yield {
      node: call,
      message: `nobody waits for \`${shortText(call)}\`: it writes \`${name}\` when ${lockName(hold.site, hold.place.text, snapshot)} has been given back`,
      related: [takenNote(hold)],
      fixes: body === started.callback ? [] : [addAwait(started.whole)],
    };
  }
}

interface Started {
  readonly call: ts.CallExpression;
  readonly body: FunctionWithBody;
  /** The call with what is chained to it. */
  readonly whole: ts.CallExpression;
  /** The body, where it is a function literal of the call itself. */
  readonly callback: FunctionWithBody | undefined;
}

/** `this.flush();`, `void this.flush().catch(log)`, `items.forEach(async (item) => …)`, `(async () => …)();` */
function startedAt(node: ts.Node, { snapshot }: RuleContext): Started | undefined {
  if (isFunctionLiteral(node)) {
    const call = node.parent;
    const runs = ts.isCallExpression(call) && /^(?:forEach|map)$/.test(calledName(call));
    if (!runs || !isAsync(node) || droppedWhole(call) === undefined) return undefined;
    return { call, body: node, whole: call, callback: node };
  }
  const whole = ts.isCallExpression(node) ? droppedWhole(node) : undefined;
  if (!ts.isCallExpression(node) || whole === undefined) return undefined;
  const literal = bare(node.expression);
  if (isFunctionLiteral(literal))
    return isAsync(literal) ? { call: node, body: literal, whole, callback: literal } : undefined;
  const callee = snapshot.calleeOf(node);
  if (callee.kind !== "body" || !isAsync(callee.declaration)) return undefined;
  return { call: node, body: callee.declaration, whole, callback: undefined };
}

/** The call with what is chained to it, where nobody gets its promise. */
function droppedWhole(call: ts.CallExpression): ts.CallExpression | undefined {
  let at: ts.Node = call;
  let whole = call;
  for (;;) {
    const { parent } = at;
    if (ts.isExpressionStatement(parent)) return whole;
    if (ts.isVoidExpression(parent) || ts.isParenthesizedExpression(parent)) at = parent;
    else if (
      ts.isPropertyAccessExpression(parent) &&
      ts.isCallExpression(parent.parent) &&
      parent.parent.expression === parent &&
      /^(?:catch|then|finally)$/.test(parent.name.text)
    )
      at = whole = parent.parent;
    else return undefined;
  }
}

/** What it writes late that other holders of the lock use as well; nothing when it takes a lock of its own. */
export function writesGuarded(body: FunctionWithBody, hold: Hold, context: RuleContext): string | undefined {
  if (context.facts.of(body).summary.taken.length > 0) return undefined;
  const written = writtenAfterwards(body.body);
  const { field } = hold.place;
  if (written.size === 0 || field === undefined) return undefined;
  const sections = new Set([
    enclosingFunction(hold.site),
    ...context.index.acquirers(field).map((call) => enclosingFunction(call)),
  ]);
  for (const section of sections) {
    if (section === body) continue;
    const name = usesNameOutside(section, body, written);
    if (name !== undefined) return name;
  }
  return undefined;
}

function usesNameOutside(section: ts.Node, body: ts.Node, names: ReadonlySet<string>): string | undefined {
  if (!(section.pos <= body.pos && body.end <= section.end)) return usesName(section, names);
  let found: string | undefined;
  const visit = (node: ts.Node): void => {
    if (node === body || found !== undefined) return;
    if (ts.isIdentifier(node) && names.has(node.text)) found = node.text;
    ts.forEachChild(node, visit);
  };
  visit(section);
  return found;
}
