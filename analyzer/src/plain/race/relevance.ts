import ts from "typescript";
import { isAssignment } from "../../project/assignments.js";
import { bare, enclosingFunction, isFunctionLiteral } from "../../project/syntax.js";
import type { Body } from "../parts.js";
import type { Scopes } from "../scopes.js";
import type { Functions } from "./functions.js";
import { calleeName } from "./names.js";
import { fileAccess } from "./stores.js";
import type { Place } from "./values.js";

/** What a function does itself, told from its text: nested functions count as parts of it. */
interface Outline {
  /** The last names of what it writes, and where. */
  readonly writes: readonly { readonly name: string; readonly end: number }[];
  readonly reads: ReadonlySet<string>;
  /** Where it may first be suspended; beyond the end when it never is. */
  readonly suspension: number;
  readonly calls: readonly { readonly target: Body; readonly end: number }[];
}

/** The names of what a function and those that it calls may write. */
export type Written = ReadonlySet<string>;

export interface Relevance {
  /** Undefined where nothing that was read before can be written after a suspension. */
  of(body: Body): { readonly written: Written; readonly late: Written } | undefined;
  /** Whether a function has to be followed where it is called: it, or what it calls, writes one of these. */
  isFollowed(body: Body, late: Written): boolean;
}

const changes = /^(?:set|add|push|unshift|pop|shift|delete|clear|splice)$/;
const most = 60;

/** A function of so few characters is followed whatever it does: it may look at something, or make a claim. */
const small = 160;

export function createRelevance(functions: Functions, scopes: Scopes): Relevance {
  const outlines = new Map<Body, Outline>();

  function outlineOf(body: Body): Outline {
    let known = outlines.get(body);
    if (known === undefined) {
      known = outline(body, functions, scopes);
      outlines.set(body, known);
    }
    return known;
  }

  const reachable = new Map<Body, Written>();
  function reached(body: Body): Written {
    const known = reachable.get(body);
    if (known !== undefined) return known;
    const names = new Set<string>();
    const seen = new Set([body]);
    for (const each of seen) {
      const { writes, calls } = outlineOf(each);
      for (const { name } of writes) names.add(name);
      if (seen.size < most) for (const { target } of calls) seen.add(target);
    }
    reachable.set(body, names);
    return names;
  }

  return {
    isFollowed(body, late) {
      if (body.end - body.pos < small) return true;
      for (const name of reached(body)) if (late.has(name)) return true;
      return false;
    },
    of(body) {
      const written = new Set<string>();
      const late = new Set<string>();
      const read = new Set<string>();
      const seen = new Map<Body, boolean>([[body, false]]);
      for (const [each, isLate] of seen) {
        const { writes, reads, suspension, calls } = outlineOf(each);
        for (const { name, end } of writes) {
          written.add(name);
          if (isLate || end >= suspension) late.add(name);
        }
        for (const name of reads) read.add(name);
        for (const { target, end } of calls) {
          const after = isLate || end > suspension;
          // A function once seen as early may have to be looked at again as late: Map keeps its turn.
          if (seen.size < most && (!seen.has(target) || (after && !seen.get(target)))) {
            seen.delete(target);
            seen.set(target, after);
          }
        }
      }
      for (const name of late) if (!read.has(name)) late.delete(name);
      return late.size > 0 ? { written, late } : undefined;
    },
  };
}

function outline(body: Body, functions: Functions, scopes: Scopes): Outline {
  const writes: { name: string; end: number }[] = [];
  const reads = new Set<string>();
  const calls: { target: Body; end: number }[] = [];
  let suspension = Number.POSITIVE_INFINITY;

  const suspends = (node: ts.Node, at: number): void => {
    let first = at;
    for (let each = node; each !== body; each = each.parent)
      if (ts.isIterationStatement(each, false)) first = Math.min(first, each.pos);
    suspension = Math.min(suspension, first);
  };
  const isOwn = (node: ts.Identifier): boolean => {
    const binding = scopes.bindingOf(node);
    if (binding === undefined || !(binding.home.pos >= body.pos && binding.home.end <= body.end))
      return false;
    // A variable of this function that functions inside it share among themselves.
    return binding.home === body
      ? !binding.uses.some((use) => enclosingFunction(use) !== body)
      : !isNested(node, binding.home);
  };
  const isNested = (node: ts.Node, home: ts.Node) => enclosingFunction(node) !== home;
  const target = (node: ts.Node, end: number, reading: boolean): void => {
    const left = ts.isExpression(node) ? bare(node) : node;
    const write = (name: string): void => {
      writes.push({ name, end });
      if (reading) reads.add(name);
    };
    if (ts.isPropertyAccessExpression(left)) write(left.name.text);
    else if (ts.isIdentifier(left)) {
      if (!isOwn(left)) write(left.text);
    } else if (ts.isElementAccessExpression(left)) {
      if (ts.isStringLiteralLike(left.argumentExpression)) write(left.argumentExpression.text);
      target(left.expression, end, reading);
    } else if (!ts.isFunctionLike(left)) ts.forEachChild(left, (child) => target(child, end, reading));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node)) {
      const awaited = bare(node.expression);
      const runs =
        ts.isCallExpression(awaited) && awaited.arguments.some((each) => isFunctionLiteral(bare(each)));
      suspends(node, runs ? awaited.expression.end : node.end);
    } else if (ts.isForOfStatement(node) && node.awaitModifier) suspends(node, node.pos);
    else if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) {
      const plain = node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      target(node.left, node.end, !plain);
      if (plain && (ts.isPropertyAccessExpression(node.left) || ts.isIdentifier(node.left))) {
        if (ts.isPropertyAccessExpression(node.left)) visit(node.left.expression);
        visit(node.right);
        return;
      }
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      const { operator, operand } = node;
      if (operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken)
        target(operand, node.end, false);
    } else if (ts.isNewExpression(node) && node.expression.getText() === "Promise") suspends(node, node.pos);
    else if (ts.isCallExpression(node)) {
      const own = functions.targetOf(node);
      if (own !== undefined) calls.push({ target: own, end: node.end });
      const callee = bare(node.expression);
      if (fileAccess(calleeName(node)) !== undefined) {
        writes.push({ name: "file", end: node.end });
        reads.add("file");
      }
      if (ts.isPropertyAccessExpression(callee)) {
        if (/^(?:then|catch|finally)$/.test(callee.name.text)) suspends(node, callee.end);
        if (changes.test(callee.name.text)) target(callee.expression, node.end, false);
        // A map made for sharing is shared as a parameter too.
        const map = bare(callee.expression);
        if (callee.name.text === "store" && (ts.isIdentifier(map) || ts.isPropertyAccessExpression(map)))
          writes.push({ name: ts.isIdentifier(map) ? map.text : map.name.text, end: node.end });
      }
    } else if (ts.isPropertyAccessExpression(node)) {
      reads.add(node.name.text);
      const getter = functions.getterOf(node);
      if (getter !== undefined) calls.push({ target: getter, end: node.end });
    } else if (ts.isIdentifier(node)) reads.add(node.text);
    else if (ts.isBindingElement(node)) reads.add((node.propertyName ?? node.name).getText());
    else if (ts.isStringLiteralLike(node)) reads.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(body.body);
  return { writes, reads, suspension, calls };
}

/** Whether the place, or what it is a part of, may be written: nothing else has to be remembered. */
export function isRelevant(place: Place, written: Written): boolean {
  for (const name of place.key.split(/[.<>[\]]|:\d+/)) if (written.has(name)) return true;
  return false;
}
