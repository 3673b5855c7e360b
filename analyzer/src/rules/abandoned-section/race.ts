import ts from "typescript";
import type { Snapshot } from "../../project/port.js";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import { behind } from "../escaping-section/work.js";
import { calledName } from "../flawed-lock/wait.js";

/** Something that is given up when a timer fires first. */
export interface TimedOut {
  /** What the limit is put on: a call, or the function that the helper calls. */
  readonly work: ts.CallExpression | ts.ArrowFunction | ts.FunctionExpression;
  /** `Promise.race([…])`, `withTimeout(work(), 1000)`. */
  readonly race: ts.CallExpression;
}

const timer = /sleep|delay|time_?out|after|timer|deadline|abort|cancel|expire|limit/i;
const limiting =
  /^(?:p|with|promise|race|run)?_?time_?out$|^timeout(?:promise|after)$|^(?:with)?timelimit$|^(?:with)?deadline$/i;

export function timedOut(call: ts.CallExpression, snapshot: Snapshot): TimedOut[] {
  if (call.expression.getText() === "Promise.race") return raced(call, snapshot);
  const [first] = call.arguments;
  const work = first && behind(first, (name) => snapshot.variableOf(name)?.declaration);
  if (work === undefined || !(ts.isCallExpression(work) || isFunctionLiteral(work))) return [];
  return limits(call, isFunctionLiteral(work), snapshot) ? [{ work, race: call }] : [];
}

function raced(race: ts.CallExpression, snapshot: Snapshot): TimedOut[] {
  const list = race.arguments[0] && bare(race.arguments[0]);
  if (list === undefined || !ts.isArrayLiteralExpression(list)) return [];
  const declarationOf = (name: ts.Identifier) => snapshot.variableOf(name)?.declaration;
  const timers = list.elements.filter((each) => isTimer(each, behind(each, declarationOf)));
  if (timers.length === 0) return [];
  return list.elements.flatMap((each) => {
    const work = behind(each, declarationOf);
    return !timers.includes(each) && ts.isCallExpression(work) ? [{ work: innermost(work), race }] : [];
  });
}

/** `save().then(…)`, `save().catch(…)`: it is `save()` that runs on. */
function innermost(call: ts.CallExpression): ts.CallExpression {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || !/^(?:then|catch|finally)$/.test(callee.name.text))
    return call;
  const source = bare(callee.expression);
  return ts.isCallExpression(source) ? innermost(source) : call;
}

function isTimer(written: ts.Expression, value: ts.Expression): boolean {
  if (ts.isIdentifier(bare(written)) && timer.test(written.getText())) return true;
  if (ts.isCallExpression(value)) return timer.test(calledName(innermost(value)));
  return ts.isNewExpression(value) && /\bsetTimeout\b|\bonabort\b|["']abort["']/.test(value.getText());
}

/** A helper that races its first argument, by its body or, where that cannot be read, by its name. */
function limits(call: ts.CallExpression, isFunction: boolean, snapshot: Snapshot): boolean {
  const callee = snapshot.calleeOf(call);
  if (callee.kind === "unknown") return limiting.test(calledName(call));
  if (callee.kind !== "body") return false;
  const parameter = callee.declaration.parameters[0]?.name.getText();
  const wanted = isFunction ? `${parameter}(` : parameter;
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === "Promise.race") {
      const list = node.arguments[0] && bare(node.arguments[0]);
      const elements = list && ts.isArrayLiteralExpression(list) ? list.elements : [];
      const names = elements.map((each) => each.getText());
      const isRaced = names.some((each) => (isFunction ? each.startsWith(wanted ?? "") : each === wanted));
      found ||=
        parameter !== undefined &&
        isRaced &&
        elements.some((each) => isTimer(each, declared(each, snapshot)));
    }
    if (!found) ts.forEachChild(node, visit);
  };
  visit(callee.declaration.body);
  return found;
}

function declared(expression: ts.Expression, snapshot: Snapshot): ts.Expression {
  return behind(expression, (name) => snapshot.variableOf(name)?.declaration);
}
