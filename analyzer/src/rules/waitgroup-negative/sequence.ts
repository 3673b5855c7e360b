import ts from "typescript";
import { followPaths } from "../../facts/paths.js";
import { addedBy } from "../../facts/wg-tasks.js";
import type { Op } from "../../ir/cfg.js";
import type { Unit } from "../../ir/lower.js";
import { enclosingFunction, isFunctionLiteral } from "../../project/syntax.js";
import type { Report, RuleContext } from "../rule.js";

/** Undefined: the group is not made yet, or others count as well. */
type Count = number | undefined;

/** `wg.done()` one time too many in the function that made the group, with nobody else who counts. */
export function* belowZero(
  group: ts.VariableDeclaration & { readonly name: ts.Identifier },
  { snapshot, facts }: RuleContext,
): Iterable<Report> {
  const home = enclosingFunction(group);
  const key = String(snapshot.variableOf(group.name)?.id);
  if (isAddedInLoop(home, group.name.text)) return;
  const found = new Set<ts.CallExpression>();
  const step = (op: Op, count: Count): readonly Count[] => {
    if (op.kind === "fresh" && op.place.key === key) return [0];
    if (count === undefined) return [count];
    if (op.kind === "wg" && op.place.key === key && op.what !== "wait") {
      const delta = op.what === "done" ? -1 : addedBy(op.call);
      if (delta === undefined) return [undefined];
      if (count + delta < 0) {
        found.add(op.call);
        return [];
      }
      return [count + delta];
    }
    return [isCountedBy(op, key) ? undefined : count];
  };
  const isCountedBy = (op: Op, place: string): boolean => {
    switch (op.kind) {
      case "escape":
        return op.place.key === place;
      case "closure":
      case "fork":
      case "spawn":
        if (op.kind === "spawn" && op.counted?.key === place) return true;
        return facts
          .of(op.body)
          .summary.waitGroups.some((use) => use.what === "add" && use.place.key === place);
      case "call":
        return (
          op.arguments.some((argument) => argument?.key === place) ||
          facts.of(op.target).summary.waitGroups.some((use) => use.place.key === place)
        );
      default:
        return false;
    }
  };
  const complete = followPaths<Count>(home as Unit, snapshot, { start: undefined, key: String, step });
  if (!complete) return;
  for (const call of found) {
    yield {
      node: call,
      message: `\`${group.name.text}\` is counted down here more often than it was added to on the way`,
      related: [{ node: group, message: "made here, with a count of zero" }],
    };
  }
}

/** A loop's rounds are not counted: its adds may be many. */
function isAddedInLoop(home: ts.Node, name: string): boolean {
  const visit = (node: ts.Node, inLoop: boolean): boolean => {
    if (inLoop && ts.isCallExpression(node) && node.expression.getText() === `${name}.add`) return true;
    const inner =
      inLoop ||
      ts.isIterationStatement(node, false) ||
      (isFunctionLiteral(node) && ts.isCallExpression(node.parent));
    return ts.forEachChild(node, (child) => visit(child, inner)) ?? false;
  };
  return visit(home, false);
}
