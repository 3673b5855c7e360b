import ts from "typescript";
import { isAsync, isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import type { PlainContext } from "../../rules/rule.js";
import type { Body } from "../parts.js";
import { isBorrowed } from "./borrowed.js";
import { call, noteCall } from "./calls.js";
import { forget } from "./decisions.js";
import { evaluate } from "./expressions.js";
import { createFunctions, type Functions, runsAlone } from "./functions.js";
import { calleeName, isInTestBlock, isSpawn, isTestFile, keeperOf, runsMany } from "./names.js";
import { bind } from "./patterns.js";
import { createPlaces } from "./places.js";
import { createRelevance } from "./relevance.js";
import { few } from "./sameness.js";
import { emptyState, epochOf, fork, type State } from "./state.js";
import { result, statements } from "./statements.js";
import { maySuspend } from "./suspended.js";
import { unknown } from "./values.js";
import { OutOfBudget, type Race, type Walker } from "./walker.js";

/** Nodes looked at for one function with what it calls, and for one file. */
const perFunction = 6_000;
const perFile = 100_000;

const known = new WeakMap<PlainContext, readonly Race[]>();

/** The races of a file's plain async code: found once, for the rules that each tell of one kind. */
export function racesOf(context: PlainContext): readonly Race[] {
  let races = known.get(context);
  if (races === undefined) {
    races = isTestFile(context.file.fileName) ? [] : search(context);
    known.set(context, races);
  }
  return races;
}

function search({ file, scopes, isGuarded }: PlainContext): Race[] {
  const functions = createFunctions(scopes);
  const relevance = createRelevance(functions, scopes);
  const found = new Map<ts.Node, Race>();
  const walker = createWalker();
  let left = perFile;
  let isFollowed = (_: Body) => true;

  const suspended = maySuspend(functions, scopes);
  const roots = functions.all.filter((body) => suspended.has(body) && isRoot(body, functions, file));
  // Who is called by others comes last: by then it is known what its callers hold.
  const ordered = [
    ...roots.filter((body) => functions.callsOf(body).length === 0),
    ...roots.filter((body) => functions.callsOf(body).length > 0),
  ];
  const racing = new Set(roots.filter((body) => relevance.of(body) !== undefined && relevance.mayRace(body)));
  for (const body of ordered) {
    if (left <= 0) break;
    if (walker.keptCalls.get(body)) continue;
    // Whoever calls one of them shows what it holds when it does.
    if (!racing.has(body) && !relevance.reaches(body, racing)) continue;
    const names = relevance.of(body);
    if (names === undefined) continue;
    walker.written = names.written;
    isFollowed = (each) => relevance.isFollowed(each, names.late);
    const most = Math.min(perFunction, left);
    walker.budget = most;
    walker.stack.length = 0;
    walker.throws.length = 0;
    try {
      for (const { state } of walker.run(body, [], emptyState())) walker.suspend(state, body);
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error;
    }
    left -= most - walker.budget;
  }
  return firstOfEach([...found.values()]);

  function createWalker(): Walker {
    const own: Walker = {
      scopes,
      functions,
      places: createPlaces(scopes),
      stack: [],
      throws: [],
      keptCalls: new Map(),
      budget: 0,
      written: new Set(),
      isGuarded,
      isFollowed: (body) => isFollowed(body),
      report(race) {
        if (isInTestBlock(race.write)) return;
        if ((race.flag || race.kind === "stale-check") && isBorrowed(race.write)) return;
        const before = found.get(race.write);
        if (before === undefined || rank(race) > rank(before)) found.set(race.write, race);
      },
      evaluate: (expression, state) => evaluate(own, expression, state),
      call: (node, state, awaited) => call(own, node, state, awaited),
      statements: (list, states) => statements(own, list, states),
      run: (body, values, state) => run(own, body, values, state),
      suspend: (state, node) => suspend(own, state, node),
      later(state, pending) {
        if (state.pending.length < 8) state.pending = [...state.pending, pending];
      },
    };
    return own;
  }
}

/** The same write, seen on several paths: what it does is most of all to compute from what is stale. */
function rank(race: Race): number {
  return race.computed ? 2 : race.kind === "lazy-init" ? 1 : 0;
}

/** What one check and one await let happen is one defect, however many writes follow. */
function firstOfEach(races: readonly Race[]): Race[] {
  const seen = new Map<ts.Node, Race>();
  const ordered = [...races].sort((a, b) => a.write.pos - b.write.pos);
  return ordered.filter((race) => {
    if (race.kind === "lost-update" || race.condition === undefined) return true;
    const first = seen.get(race.condition);
    if (first !== undefined && (first.await === race.await || first.place !== race.place)) return false;
    seen.set(race.condition, race);
    return true;
  });
}

function run(
  walker: Walker,
  body: Body,
  values: Parameters<Walker["run"]>[1],
  state: State,
): ReturnType<Walker["run"]> {
  if (walker.stack.includes(body)) return [{ state, value: unknown }];
  walker.stack.push(body);
  for (const [index, parameter] of body.parameters.entries())
    bind(walker, parameter.name, parameter.dotDotDotToken ? unknown : (values[index] ?? unknown), state);
  const inner = body.body;
  const outcomes = ts.isBlock(inner)
    ? ends(walker, inner.statements, state)
    : result(walker, inner as ts.Expression, state);
  walker.stack.pop();
  // What a function decided on its way to one of several ends decides nothing for its caller.
  if (outcomes.length > 1)
    forget(
      outcomes.map((each) => each.state),
      inner,
    );
  for (const { state: end } of outcomes)
    if (end.pending.length === 0 && walker.stack.length > 0) leave(end, body);
  const states = few(outcomes.map((each) => each.state));
  return outcomes.filter((each) => states.includes(each.state));
}

/** The function's own variables are gone. */
function leave(state: State, body: Body): void {
  for (const binding of state.env.keys())
    if (binding.home.pos >= body.pos && binding.home.end <= body.end) state.env.delete(binding);
}

function ends(walker: Walker, list: readonly ts.Statement[], state: State): ReturnType<Walker["run"]> {
  const { next, returns } = walker.statements(list, [state]);
  return [...returns, ...next.map((at) => ({ state: at, value: unknown }))];
}

function suspend(walker: Walker, state: State, node: ts.Node): void {
  const { pending } = state;
  state.pending = [];
  const before = pending.length > 0 ? fork(state) : state;
  state.awaits = { node, count: epochOf(state) + 1, before: state.awaits };
  state.reads.clear();
  walker.throws.at(-1)?.push(fork(state));
  for (const { body, argument, node: from, later } of pending) {
    if (before.generation > 1 || walker.stack.includes(body)) continue;
    const own = fork(before);
    own.generation += 1;
    if (later) own.awaits = { node: from, count: epochOf(own) + 1, before: own.awaits };
    else noteCall(walker, body, own);
    walker.throws.push([]);
    for (const end of walker.run(body, argument, own))
      if (end.state.pending.length > 0) walker.suspend(end.state, from);
    walker.throws.pop();
  }
}

/** Whether a function is looked at by itself, rather than where it is called. */
function isRoot(body: Body, functions: Functions, file: ts.SourceFile): boolean {
  if (runsAlone(body) || isInTestBlock(body) || functions.isPrivate(body)) return false;
  if (
    !/\bawait\b|\.then\b|\basync\b|\bPromise\b|(?:^|\W)this\.#?\w+\(/.test(
      file.text.slice(body.pos, body.end),
    )
  )
    return false;
  return !isRunInPlace(body) && !isKept(body);
}

/** A function literal that runs as a part of the function around it. */
function isRunInPlace(body: Body): boolean {
  if (!isFunctionLiteral(body)) return false;
  const { parent, child } = meaningfulParent(body);
  if (ts.isNewExpression(parent)) return parent.expression.getText() === "Promise";
  if (!ts.isCallExpression(parent)) return false;
  if (parent.expression === child) return true;
  if (/^(?:then|catch|finally)$/.test(calleeName(parent)) || isSpawn(parent)) return true;
  if (runsMany(parent)) return !isAsync(body);
  if (keeperOf(parent) !== undefined) return true;
  const { parent: use, child: whole } = meaningfulParent(parent);
  const waited =
    ts.isAwaitExpression(use) || ts.isReturnStatement(use) || (ts.isArrowFunction(use) && use.body === whole);
  return waited || !isAsync(body);
}

/** Given to something that runs one at a time, or a link of a chain that is extended: `this.tail = this.tail.then(fn)`. */
function isKept(body: ts.Node): boolean {
  for (let at: ts.Node = body; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (isFunctionLiteral(at) && ts.isCallExpression(parent) && parent.expression !== at) {
      if (!runsMany(parent) && keeperOf(parent) !== undefined) return true;
    }
  }
  return false;
}
