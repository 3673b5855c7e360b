import ts from "typescript";
import { isUsing } from "../../project/syntax.js";
import type { State } from "./state.js";
import type { Flow, Walker } from "./walker.js";

/** `from`: the first of its statements that is still to run. */
export function block(walker: Walker, node: ts.Block, states: readonly State[], from = 0): Flow {
  const flow = walker.statements(from === 0 ? node.statements : node.statements.slice(from), states);
  const usings = node.statements.filter(
    (each) => ts.isVariableStatement(each) && isUsing(each.declarationList),
  );
  if (usings.length === 0) return flow;
  // What `using` took is given back where its block ends.
  for (const state of flow.next)
    state.sections = state.sections.filter(
      ({ node: at }) => !usings.some((each) => each.pos <= at.pos && at.end <= each.end),
    );
  return flow;
}
