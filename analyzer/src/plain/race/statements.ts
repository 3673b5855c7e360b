import ts from "typescript";
import { isUsing } from "../../project/syntax.js";
import { test } from "./conditions.js";
import { forget } from "./decisions.js";
import { bind } from "./patterns.js";
import { few } from "./sameness.js";
import { fork, type State } from "./state.js";
import { derived, unknown } from "./values.js";
import type { Flow, Jump, Outcome, Walker } from "./walker.js";

const nowhere: Flow = { next: [], breaks: [], continues: [], returns: [] };

/** How often a loop is gone through: what one round leaves behind, the next one may rely on. */
const rounds = 2;

export function statements(walker: Walker, list: readonly ts.Statement[], states: readonly State[]): Flow {
  let flow: Flow = { ...nowhere, next: [...states] };
  for (const each of list) {
    if (flow.next.length === 0) break;
    const part = statement(walker, each, flow.next);
    flow = {
      next: few(part.next),
      breaks: [...flow.breaks, ...part.breaks],
      continues: [...flow.continues, ...part.continues],
      returns: [...flow.returns, ...part.returns].slice(0, 24),
    };
  }
  return flow;
}

function statement(walker: Walker, node: ts.Statement, states: readonly State[]): Flow {
  if (ts.isBlock(node)) return block(walker, node, states);
  if (ts.isExpressionStatement(node)) return plain(walker, node.expression, states);
  if (ts.isVariableStatement(node))
    return { ...nowhere, next: declarations(walker, node.declarationList, states) };
  if (ts.isIfStatement(node)) return conditional(walker, node, states);
  if (ts.isReturnStatement(node)) return returned(walker, node, states);
  if (ts.isThrowStatement(node)) {
    const { next } = plain(walker, node.expression, states);
    for (const state of next) walker.throws.at(-1)?.push(state);
    return nowhere;
  }
  if (ts.isTryStatement(node)) return tried(walker, node, states);
  if (ts.isBreakStatement(node))
    return { ...nowhere, breaks: states.map((state) => ({ label: node.label?.text, state })) };
  if (ts.isContinueStatement(node))
    return { ...nowhere, continues: states.map((state) => ({ label: node.label?.text, state })) };
  if (ts.isLabeledStatement(node)) {
    const flow = statement(walker, node.statement, states);
    const own = ({ label }: Jump) => label === node.label.text;
    return {
      ...flow,
      next: [...flow.next, ...[...flow.breaks, ...flow.continues].filter(own).map(({ state }) => state)],
      breaks: flow.breaks.filter((each) => !own(each)),
      continues: flow.continues.filter((each) => !own(each)),
    };
  }
  if (ts.isIterationStatement(node, false)) return loop(walker, node as Loop, states);
  if (ts.isSwitchStatement(node)) return switched(walker, node, states);
  return { ...nowhere, next: [...states] };
}

function block(walker: Walker, node: ts.Block, states: readonly State[]): Flow {
  const flow = statements(walker, node.statements, states);
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

function plain(walker: Walker, expression: ts.Expression, states: readonly State[]): Flow {
  const next = states.flatMap((state) => walker.evaluate(expression, state).map((each) => each.state));
  forget(next, expression);
  return { ...nowhere, next };
}

function declarations(walker: Walker, list: ts.VariableDeclarationList, states: readonly State[]): State[] {
  let next = [...states];
  for (const each of list.declarations) {
    next = next.flatMap((state) => {
      const ways: Outcome[] = each.initializer
        ? walker.evaluate(each.initializer, state)
        : [{ state, value: unknown }];
      return ways.map(({ state: at, value }) => {
        bind(walker, each.name, value, at);
        return at;
      });
    });
    if (each.initializer) forget(next, each.initializer);
  }
  return next;
}

function conditional(walker: Walker, node: ts.IfStatement, states: readonly State[]): Flow {
  const ways = states.flatMap((state) => test(walker, node.expression, state));
  const taken = (outcome: boolean) =>
    few(ways.filter((each) => each.outcome === outcome).map((each) => each.state));
  const yes = statement(walker, node.thenStatement, taken(true));
  const no = node.elseStatement
    ? statement(walker, node.elseStatement, taken(false))
    : { ...nowhere, next: taken(false) };
  const next = [...yes.next, ...no.next];
  if (yes.next.length > 0 && no.next.length > 0) forget(next, node.expression);
  return {
    next,
    breaks: [...yes.breaks, ...no.breaks],
    continues: [...yes.continues, ...no.continues],
    returns: [...yes.returns, ...no.returns],
  };
}

function returned(walker: Walker, node: ts.ReturnStatement, states: readonly State[]): Flow {
  const { expression } = node;
  if (expression === undefined)
    return { ...nowhere, returns: states.map((state) => ({ state, value: unknown })) };
  return { ...nowhere, returns: states.flatMap((state) => result(walker, expression, state)) };
}

/** What a function gives back: whoever waits for the function waits for a promise that it returns. */
export function result(walker: Walker, expression: ts.Expression, state: State): Outcome[] {
  const at = ts.isParenthesizedExpression(expression) ? expression.expression : expression;
  return ts.isCallExpression(at) ? walker.call(at, state, true) : walker.evaluate(at, state);
}

type Loop = ts.ForStatement | ts.ForOfStatement | ts.ForInStatement | ts.WhileStatement | ts.DoStatement;

function loop(walker: Walker, node: Loop, states: readonly State[]): Flow {
  let entering = states.map(fork);
  if (ts.isForStatement(node) && node.initializer)
    entering = ts.isVariableDeclarationList(node.initializer)
      ? declarations(walker, node.initializer, entering)
      : plain(walker, node.initializer, entering).next;
  const over = ts.isForOfStatement(node) || ts.isForInStatement(node);
  if (over)
    entering = entering.flatMap((state) => walker.evaluate(node.expression, state).map((each) => each.state));
  const condition = over ? undefined : ts.isForStatement(node) ? node.condition : node.expression;
  const out: State[] = [];
  const returns: Outcome[] = [];
  const outer: { breaks: Jump[]; continues: Jump[] } = { breaks: [], continues: [] };
  for (let round = 0; round < rounds && entering.length > 0; round += 1) {
    let inside: State[];
    if (over) {
      out.push(...entering.map(fork));
      inside = entering;
      for (const state of inside) {
        if (ts.isForOfStatement(node) && node.awaitModifier) walker.suspend(state, node);
        if (ts.isVariableDeclarationList(node.initializer))
          for (const { name } of node.initializer.declarations) bind(walker, name, derived([]), state);
      }
    } else {
      const first = ts.isDoStatement(node) && round === 0;
      const ways =
        condition === undefined || first
          ? entering.map((state) => ({ state, outcome: true }))
          : entering.flatMap((state) => test(walker, condition, state, true));
      inside = few(ways.filter((each) => each.outcome).map((each) => each.state));
      out.push(...ways.filter((each) => !each.outcome).map((each) => each.state));
    }
    const flow = statement(walker, node.statement, inside);
    const own = ({ label }: Jump) => label === undefined;
    out.push(...flow.breaks.filter(own).map((each) => each.state));
    outer.breaks.push(...flow.breaks.filter((each) => !own(each)));
    outer.continues.push(...flow.continues.filter((each) => !own(each)));
    returns.push(...flow.returns);
    entering = few([...flow.next, ...flow.continues.filter(own).map((each) => each.state)]);
    forget(entering, node);
    if (ts.isForStatement(node) && node.incrementor)
      entering = plain(walker, node.incrementor, entering).next;
  }
  if (over || ts.isDoStatement(node)) out.push(...entering);
  forget(out, node.statement);
  return { next: few(out), ...outer, returns };
}

function switched(walker: Walker, node: ts.SwitchStatement, states: readonly State[]): Flow {
  const entering = states.flatMap((state) =>
    walker.evaluate(node.expression, state).map((each) => each.state),
  );
  const clauses = node.caseBlock.clauses;
  let falling: State[] = [];
  const flows: Flow[] = [];
  for (const clause of clauses) {
    const flow = statements(walker, clause.statements, [...entering.map(fork), ...falling]);
    falling = flow.next;
    flows.push(flow);
  }
  const all = <T>(of: (flow: Flow) => readonly T[]): T[] => flows.flatMap((flow) => [...of(flow)]);
  const breaks = all((flow) => flow.breaks);
  const skipped = clauses.some(ts.isDefaultClause) ? [] : entering;
  return {
    next: few([
      ...falling,
      ...breaks.filter((each) => each.label === undefined).map((each) => each.state),
      ...skipped,
    ]),
    breaks: breaks.filter((each) => each.label !== undefined),
    continues: all((flow) => flow.continues),
    returns: all((flow) => flow.returns),
  };
}

function tried(walker: Walker, node: ts.TryStatement, states: readonly State[]): Flow {
  const thrown: State[] = states.map(fork);
  walker.throws.push(thrown);
  const body = block(walker, node.tryBlock, states);
  walker.throws.pop();
  const escaping: State[] = [];
  let flow = body;
  if (node.catchClause) {
    walker.throws.push(escaping);
    const { variableDeclaration } = node.catchClause;
    const entering = few(thrown);
    if (variableDeclaration)
      for (const state of entering) bind(walker, variableDeclaration.name, unknown, state);
    const caught = block(walker, node.catchClause.block, entering);
    walker.throws.pop();
    flow = {
      next: [...body.next, ...caught.next],
      breaks: [...body.breaks, ...caught.breaks],
      continues: [...body.continues, ...caught.continues],
      returns: [...body.returns, ...caught.returns],
    };
  } else escaping.push(...thrown);
  const { finallyBlock } = node;
  if (finallyBlock === undefined) {
    walker.throws.at(-1)?.push(...few(escaping));
    return flow;
  }
  const last = (list: readonly State[]) => block(walker, finallyBlock, few(list));
  const ends = last(escaping);
  walker.throws.at(-1)?.push(...ends.next);
  const jump = (jumps: readonly Jump[]) =>
    jumps.flatMap(({ label, state }) => last([state]).next.map((at) => ({ label, state: at })));
  return {
    next: last(flow.next).next,
    breaks: jump(flow.breaks),
    continues: jump(flow.continues),
    returns: [
      ...flow.returns.flatMap(({ state, value }) => last([state]).next.map((at) => ({ state: at, value }))),
      ...ends.returns,
    ],
  };
}
