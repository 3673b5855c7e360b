import ts from "typescript";
import { bare } from "../../project/syntax.js";
import type { Body } from "../parts.js";
import { epochOf, fork, type State } from "./state.js";
import { unknown } from "./values.js";
import type { Outcome, Walker } from "./walker.js";

/** `mu.withLock(fn)`: the function runs with the lock, once the task has got it. */
export function section(
  walker: Walker,
  node: ts.CallExpression,
  body: Body,
  state: State,
  awaited: boolean,
): Outcome[] {
  const own = awaited ? state : fork(state);
  walker.suspend(own, node);
  own.sections = [...own.sections, { node, from: epochOf(own), place: undefined }];
  const outcomes = walker.run(body, [], own).map(({ state: at, value }) => {
    at.sections = at.sections.filter((each) => each.node !== node);
    return { state: at, value };
  });
  return awaited ? outcomes : [{ state, value: { ...unknown, truth: true } }];
}

/** The task has the lock from here on. */
export function acquired(state: State, node: ts.CallExpression): void {
  state.sections = [
    ...state.sections,
    { node, from: epochOf(state), place: `lock ${lockedBy(node.expression)}` },
  ];
}

export function release(state: State, callee: ts.Expression): void {
  const locks = state.sections.filter((each) => each.place?.startsWith("lock "));
  const own = locks.find((each) => each.place === `lock ${lockedBy(callee)}`) ?? locks.at(-1);
  state.sections = state.sections.filter((each) => each !== own);
}

function lockedBy(callee: ts.Expression): string {
  const at = bare(callee);
  return ts.isPropertyAccessExpression(at) ? at.expression.getText() : "";
}
