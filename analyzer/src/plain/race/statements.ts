import ts from "typescript";
import { block } from "./blocks.js";
import { test } from "./conditions.js";
import { forget } from "./decisions.js";
import { bind } from "./patterns.js";
import { few } from "./sameness.js";
import { fork, type State } from "./state.js";
import { switched } from "./switches.js";
import { tried } from "./tries.js";
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
