import ts from "typescript";
import type { FunctionWithBody } from "../../../project/port.js";
import { isExported, isPrivateMember } from "../exported.js";
import type { Gathering } from "./part.js";
import { outside, resultOf } from "./refs.js";
import type { Solving } from "./solving.js";

/**
 * What other modules can get hold of and nobody here is seen to use belongs to programs that are not seen:
 * results of exported functions that nobody calls, fields of exported classes that nobody constructs,
 * exported variables that no other file mentions.
 */
export function gatherExposures(g: Gathering, statement: ts.Node): void {
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.body && isExported(node))
      exposeFunction(g, node as FunctionWithBody);
    if (ts.isClassDeclaration(node) && isExported(node)) exposeClass(g, node);
    if (ts.isVariableDeclaration(node) && isTopLevel(node) && isExported(node)) exposeVariable(g, node);
    if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };
  visit(statement);
}

function exposeFunction(g: Gathering, body: FunctionWithBody): void {
  g.expose((s) => {
    if (!s.isCalled(body)) s.flow(resultOf(body), outside);
  });
}

function exposeClass(g: Gathering, node: ts.ClassDeclaration): void {
  const name = node.name?.text;
  const isMade = (s: Solving) => name !== undefined && s.isConstructed(name);
  for (const member of node.members) {
    if (isPrivateMember(member)) continue;
    if (ts.isMethodDeclaration(member) && member.body) exposeFunction(g, member as FunctionWithBody);
    if (ts.isGetAccessor(member) && member.body) {
      const result = resultOf(member as FunctionWithBody);
      g.expose((s) => {
        if (!isMade(s)) s.flow(result, outside);
      });
    }
    if (ts.isPropertyDeclaration(member) && ts.isIdentifier(member.name)) {
      const id = g.snapshot.variableOf(member.name)?.id;
      if (id === undefined) continue;
      g.expose((s) => {
        if (!isMade(s)) s.flow(id, outside);
      });
    }
  }
}

function exposeVariable(g: Gathering, { name }: ts.VariableDeclaration): void {
  const id = ts.isIdentifier(name) ? g.snapshot.variableOf(name)?.id : undefined;
  if (id === undefined || !ts.isIdentifier(name)) return;
  const { text } = name;
  const file = name.getSourceFile().fileName;
  g.expose((s) => {
    if (s.isNamedElsewhere(text, file)) return;
    for (const value of s.values(id))
      if (value.kind !== "function") s.add(outside, value);
      else if (!s.isCalled(value.body)) s.flow(resultOf(value.body), outside);
  });
}

function isTopLevel(node: ts.VariableDeclaration): boolean {
  return ts.isVariableStatement(node.parent.parent) && ts.isSourceFile(node.parent.parent.parent);
}
