import ts from "typescript";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import type { Binding, Scopes } from "../scopes.js";
import { ownerOf } from "./functions.js";
import { runsMany } from "./names.js";
import { isSharedCapture } from "./sharing.js";
import type { State } from "./state.js";
import type { Place } from "./values.js";

export interface Places {
  /** The shared place that an expression names on this path; undefined for what only this task sees. */
  of(expression: ts.Expression, state: State): Place | undefined;
  /** A part of a place: a property, or what it holds under a key. */
  part(place: Place, name: string): Place;
  element(place: Place, key: ts.Expression): Place | undefined;
  /** Whether the variable is one that other tasks see. */
  isShared(node: ts.Identifier, binding: Binding): boolean;
}

const globals = new Set(["globalThis", "window", "global", "self"]);

export function createPlaces(scopes: Scopes): Places {
  const shared = new Map<ts.Node, boolean>();

  function isShared(binding: Binding, at: ts.Identifier): boolean {
    if (binding.kind === "catch") return false;
    let known = shared.get(at);
    if (known === undefined) {
      known = isSharedCapture(binding, at, scopes);
      shared.set(at, known);
    }
    return known;
  }

  function root(node: ts.Expression, state: State): Place | undefined {
    if (node.kind === ts.SyntaxKind.ThisKeyword) return isSharedThis(node) ? thisPlace : undefined;
    if (!ts.isIdentifier(node)) return undefined;
    const binding = scopes.bindingOf(node);
    if (binding === undefined)
      return globals.has(node.text)
        ? { key: node.text, text: node.text, name: node.text, indexes: [] }
        : undefined;
    if (!isShared(binding, node)) return state.env.get(binding)?.alias;
    const place = { key: `${node.text}:${binding.id.pos}`, text: node.text, name: node.text, indexes: [] };
    return ts.isSourceFile(binding.home) ? place : { ...place, home: binding.home };
  }

  function part(place: Place, name: string): Place {
    return { ...place, key: `${place.key}.${name}`, text: `${place.text}.${name}`, name };
  }

  function element(place: Place, key: ts.Expression): Place | undefined {
    const index = indexOf(key, scopes);
    if (place.home !== undefined && index?.reads.some((each) => isPerItem(each.home))) return undefined;
    return (
      index && {
        key: `${place.key}<${index.key}>`,
        text: `${place.text}[${bare(key).getText()}]`,
        name: place.name,
        indexes: [...place.indexes, ...index.reads],
      }
    );
  }

  function of(expression: ts.Expression, state: State): Place | undefined {
    const node = bare(expression);
    if (ts.isPropertyAccessExpression(node)) {
      const whole = of(node.expression, state);
      return whole && part(whole, node.name.text);
    }
    if (ts.isElementAccessExpression(node)) {
      const whole = of(node.expression, state);
      if (whole === undefined) return undefined;
      const key = bare(node.argumentExpression);
      return ts.isStringLiteralLike(key) && /^[\w$]+$/.test(key.text)
        ? part(whole, key.text)
        : element(whole, key);
    }
    return root(node, state);
  }

  return { of, part, element, isShared: (node, binding) => isShared(binding, node) };
}

/** Whether each task of the many that `items.map(async (item) => …)` starts has a value of its own there. */
function isPerItem(home: ts.Node): boolean {
  return isFunctionLiteral(home) && ts.isCallExpression(home.parent) && runsMany(home.parent);
}

const thisPlace: Place = { key: "this", text: "this", name: "this", indexes: [] };

/** `this` of a method; that of a plain function is whatever its caller says. */
function isSharedThis(node: ts.Node): boolean {
  if (ownerOf(node) !== undefined) return true;
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (!ts.isFunctionExpression(at)) {
      if (ts.isFunctionLike(at) && !ts.isArrowFunction(at)) return false;
      continue;
    }
    const { parent } = at;
    return ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left);
  }
  return false;
}

interface Index {
  readonly key: string;
  readonly reads: readonly Binding[];
}

/** A key that is the same each time it is written, as long as its variables are. */
export function indexOf(expression: ts.Expression, scopes: Scopes): Index | undefined {
  const node = bare(expression);
  if (ts.isLiteralExpression(node)) return { key: JSON.stringify(node.text), reads: [] };
  if (ts.isIdentifier(node)) {
    const binding = scopes.bindingOf(node);
    return binding && { key: `${node.text}:${binding.id.pos}`, reads: [binding] };
  }
  if (node.kind === ts.SyntaxKind.ThisKeyword) return { key: "this", reads: [] };
  if (ts.isPropertyAccessExpression(node)) {
    const whole = indexOf(node.expression, scopes);
    return whole && { key: `${whole.key}.${node.name.text}`, reads: whole.reads };
  }
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map((span) => ({ index: indexOf(span.expression, scopes), span }));
    if (parts.some(({ index }) => index === undefined)) return undefined;
    return {
      key: node.head.text + parts.map(({ index, span }) => `\${${index?.key}}${span.literal.text}`).join(""),
      reads: parts.flatMap(({ index }) => index?.reads ?? []),
    };
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [indexOf(node.left, scopes), indexOf(node.right, scopes)];
    return left && right && { key: `${left.key}+${right.key}`, reads: [...left.reads, ...right.reads] };
  }
  return undefined;
}
