import ts from "typescript";
import { branch, forget } from "./decisions.js";
import { few } from "./sameness.js";
import { fork, type State } from "./state.js";
import type { Flow, Walker } from "./walker.js";

/** A switch some of whose clauses leave has decided for those who come out of it, as an `if` does. */
export function switched(walker: Walker, node: ts.SwitchStatement, states: readonly State[]): Flow {
  const entering = states.flatMap((state) =>
    walker
      .evaluate(node.expression, state)
      .flatMap(
        ({ state: at, value }) =>
          branch(
            walker,
            at,
            { ...value, whenTrue: "other", truth: undefined, variable: undefined },
            true,
            node.expression,
          ) ?? [],
      ),
  );
  const clauses = node.caseBlock.clauses;
  let falling: State[] = [];
  const flows: Flow[] = [];
  for (const clause of clauses) {
    const flow = walker.statements(clause.statements, [...entering.map(fork), ...falling]);
    falling = flow.next;
    flows.push(flow);
  }
  const all = <T>(of: (flow: Flow) => readonly T[]): T[] => flows.flatMap((flow) => [...of(flow)]);
  const breaks = all((flow) => flow.breaks);
  const skipped = clauses.some(ts.isDefaultClause) ? [] : entering;
  const next = few([
    ...falling,
    ...breaks.filter((each) => each.label === undefined).map((each) => each.state),
    ...skipped,
  ]);
  if (!flows.some(({ next: on, breaks: out }) => on.length + out.length === 0)) forget(next, node.expression);
  return {
    next,
    breaks: breaks.filter((each) => each.label !== undefined),
    continues: all((flow) => flow.continues),
    returns: all((flow) => flow.returns),
  };
}
