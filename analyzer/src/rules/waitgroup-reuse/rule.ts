import ts from "typescript";
import type { Facts } from "../../facts/facts.js";
import { followPaths } from "../../facts/paths.js";
import { callsByPiece, syntaxOf } from "../../facts/syntax-index.js";
import { isAwaited, type Op } from "../../ir/cfg.js";
import type { Unit } from "../../ir/lower.js";
import { keepAnswers } from "../../project/kept-answers.js";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import { calledName, mayBeModelled, modelled } from "../events.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { firstPerNode, lineOf } from "../text.js";
import { doc, sources } from "./doc.js";

export const waitGroupReuse: Rule = {
  id: "waitgroup-reuse",
  title: "A new round before the last one is over",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    if (!startsWaiters(context)) return;
    const found = context.units.flatMap(({ unit }) => reused(unit, context.snapshot, context.facts));
    yield* firstPerNode(found, (report) => report.node);
  },
};

/** A file without a task that waits for a group is not looked at further. */
function startsWaiters({ file, snapshot, facts }: RuleContext): boolean {
  const waits = (body: FunctionWithBody) =>
    facts.of(body).summary.waitGroups.some((use) => use.what === "wait");
  return [...callsByPiece(syntaxOf(file))].some(([piece, calls]) =>
    bodiesStarted(piece, snapshot, () => calls.flatMap((call) => started(call, snapshot) ?? [])).some(waits),
  );
}

const bodiesStarted = keepAnswers<readonly FunctionWithBody[]>();

function started(call: ts.CallExpression, snapshot: Snapshot): FunctionWithBody | undefined {
  if (calledName(call) === undefined || !mayBeModelled(call, snapshot)) return undefined;
  const op = modelled(call, snapshot)?.operation.op;
  if (op !== "spawn" && op !== "wg-go") return undefined;
  return call.arguments[0] && snapshot.bodyOf(call.arguments[0]);
}

/** One group on one path. */
interface Round {
  readonly key: string;
  /** Tasks that wait for it beside this path. */
  readonly waiters: readonly ts.Node[];
  /** This path's own wait, while nothing else has run since. */
  readonly returned: ts.Node | undefined;
}

function reused(unit: Unit, snapshot: Snapshot, facts: Facts): Report[] {
  const found: Report[] = [];
  const keys = waitedBesides(unit, snapshot, facts);
  for (const key of keys) {
    const step = (op: Op, round: Round): readonly Round[] => [next(op, round)];
    const next = (op: Op, round: Round): Round => {
      switch (op.kind) {
        case "spawn": {
          if (op.counted?.key === key && round.returned !== undefined) note(op.call, round);
          const again = addAfterWait(op.body, key, snapshot);
          const waits = facts
            .of(op.body)
            .summary.waitGroups.some((use) => use.what === "wait" && use.place.key === key);
          const [other] = round.waiters;
          if (again !== undefined && other !== undefined) note(again, { ...round, returned: other });
          return waits
            ? { ...round, waiters: [...round.waiters, op.call].slice(-2), returned: undefined }
            : round;
        }
        case "wg":
          if (op.place.key !== key) return round;
          if (op.what === "add" && round.returned !== undefined) note(op.call, round);
          if (op.what !== "wait" || !isAwaited(op.use)) return round;
          return { ...round, returned: round.waiters.length > 0 ? op.call : undefined };
        case "operation":
          return op.event === "task-join" || op.event === "group-wait"
            ? { ...round, waiters: [], returned: undefined }
            : round;
        case "escape":
        case "call":
          return { ...round, returned: undefined };
        case "await":
          // The wait itself suspends before it is over; what comes after it gives the others their turn.
          if (round.returned === undefined || op.node === round.returned) return round;
          return { ...round, waiters: [], returned: undefined };
        default:
          return round;
      }
    };
    const note = (add: ts.Node, { waiters, returned }: Round): void => {
      const [waiter] = waiters;
      if (waiter === undefined || returned === undefined) return;
      found.push({
        node: add,
        message: `a new round begins while the waiter started at line ${lineOf(waiter)} may not have returned from the last one`,
        related: [
          { node: waiter, message: "this task waits for the group as well" },
          { node: returned, message: "the round is over here for one of them" },
        ],
      });
    };
    followPaths<Round>(unit, snapshot, {
      start: { key, waiters: [], returned: undefined },
      key: ({ waiters, returned }) => `${waiters.map((each) => each.pos)}:${returned?.pos ?? ""}`,
      step,
    });
  }
  return found;
}

/** The groups that tasks started in this function wait for. */
function waitedBesides(unit: Unit, snapshot: Snapshot, facts: Facts): ReadonlySet<string> {
  const keys = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const op = modelled(node, snapshot)?.operation.op;
      const body =
        (op === "spawn" || op === "wg-go") && node.arguments[0]
          ? snapshot.bodyOf(node.arguments[0])
          : undefined;
      for (const use of body ? facts.of(body).summary.waitGroups : [])
        if (use.what === "wait") keys.add(use.place.key);
    }
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(unit, visit);
  return keys;
}

/** A task that waits and, at once, adds for the next round. */
function addAfterWait(
  body: FunctionWithBody,
  key: string,
  snapshot: Snapshot,
): ts.CallExpression | undefined {
  let found: ts.CallExpression | undefined;
  followPaths<ts.Node | undefined>(body, snapshot, {
    start: undefined,
    key: (returned) => String(returned?.pos),
    step(op, returned) {
      if (op.kind === "wg" && op.place.key === key) {
        if (op.what === "add" && returned !== undefined) found ??= op.call;
        return [op.what === "wait" && isAwaited(op.use) ? op.call : undefined];
      }
      if (op.kind === "await" && op.node === returned) return [returned];
      return [op.kind === "await" || op.kind === "call" ? undefined : returned];
    },
  });
  return found;
}
