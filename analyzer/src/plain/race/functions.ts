import ts from "typescript";
import { bare, isFunctionLiteral, isGenerator, meaningfulParent } from "../../project/syntax.js";
import type { Body } from "../parts.js";
import { type Binding, functionOf, type Scopes } from "../scopes.js";

/** Which function a call of the file runs, and where each function is used. */
export interface Functions {
  readonly all: readonly Body[];
  targetOf(call: ts.CallExpression): Body | undefined;
  /** The getter that `this.name` runs. */
  getterOf(access: ts.PropertyAccessExpression): Body | undefined;
  /** Calls of the function as such: `f()`, `this.m()`. */
  callsOf(body: Body): readonly ts.CallExpression[];
  /** Whether only the calls of this file can run it. */
  isPrivate(body: Body): boolean;
}

export function createFunctions(scopes: Scopes): Functions {
  const { functions: all, accesses: members } = scopes.parts;
  const getters = new Set(all.filter(ts.isGetAccessor).map((each) => each.name?.getText()));

  function targetOf(call: ts.CallExpression): Body | undefined {
    const callee = bare(call.expression);
    if (isFunctionLiteral(callee)) return callee as Body;
    if (ts.isIdentifier(callee)) {
      const binding = scopes.bindingOf(callee);
      const found = binding && functionOf(binding);
      return found?.body === undefined ? undefined : (found as Body);
    }
    if (!ts.isPropertyAccessExpression(callee) || callee.expression.kind !== ts.SyntaxKind.ThisKeyword)
      return undefined;
    const owner = ownerOf(callee);
    return owner && memberOf(owner, callee.name.text);
  }

  function usesOf(body: Body): { calls: ts.CallExpression[]; others: ts.Node[] } {
    const calls: ts.CallExpression[] = [];
    const others: ts.Node[] = [];
    const binding = bindingOfFunction(body, scopes);
    const name = binding === undefined ? memberName(body) : undefined;
    const uses: readonly ts.Node[] = binding?.uses ?? (name === undefined ? [] : (members.get(name) ?? []));
    for (const use of uses) {
      const { parent, child } = meaningfulParent(use);
      if (ts.isCallExpression(parent) && parent.expression === child) calls.push(parent);
      else others.push(use);
    }
    return { calls, others };
  }

  return {
    all,
    targetOf,
    getterOf(access) {
      if (access.expression.kind !== ts.SyntaxKind.ThisKeyword || !getters.has(access.name.text))
        return undefined;
      const owner = ownerOf(access);
      if (owner === undefined) return undefined;
      const elements: readonly ts.Node[] = ts.isObjectLiteralExpression(owner)
        ? owner.properties
        : owner.members;
      return elements.find(
        (each): each is Body =>
          ts.isGetAccessor(each) && each.body !== undefined && each.name.getText() === access.name.text,
      );
    },
    callsOf: (body) => usesOf(body).calls,
    isPrivate(body) {
      const binding = bindingOfFunction(body, scopes);
      if (binding === undefined ? !isHiddenMember(body) : isExported(binding)) return false;
      const { calls, others } = usesOf(body);
      // Handed to an object that is made for it, it runs as that object says.
      const free = others.filter((use) => !ts.isNewExpression(meaningfulParent(use).parent));
      return calls.length + others.length > 0 && free.length === 0;
    },
  };
}

/** The variable or function name that stands for this function and nothing else. */
export function bindingOfFunction(body: ts.Node, scopes: Scopes): Binding | undefined {
  if (ts.isFunctionDeclaration(body)) return body.name && scopes.declaredBy(body.name);
  if (!isFunctionLiteral(body)) return undefined;
  const { parent } = meaningfulParent(body);
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
    ? scopes.declaredBy(parent.name)
    : undefined;
}

export function isExported(binding: Binding): boolean {
  const statement = ts.isVariableDeclaration(binding.declaration)
    ? binding.declaration.parent.parent
    : binding.declaration;
  if (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword)
  )
    return true;
  return binding.uses.some(({ parent }) => ts.isExportSpecifier(parent) || ts.isExportAssignment(parent));
}

/** The class or object literal that `this` belongs to at a node. */
export function ownerOf(node: ts.Node): ts.ClassLikeDeclaration | ts.ObjectLiteralExpression | undefined {
  for (let at: ts.Node = node; at.parent !== undefined; at = at.parent) {
    if (ts.isArrowFunction(at)) continue;
    const { parent } = at;
    if (ts.isClassLike(parent) && ts.isClassElement(at)) return parent;
    if (ts.isFunctionLike(at)) {
      if (ts.isObjectLiteralExpression(parent)) return parent;
      if (ts.isPropertyAssignment(parent) && ts.isObjectLiteralExpression(parent.parent))
        return parent.parent;
      return undefined;
    }
  }
  return undefined;
}

function memberOf(
  owner: ts.ClassLikeDeclaration | ts.ObjectLiteralExpression,
  name: string,
): Body | undefined {
  const elements: readonly ts.Node[] = ts.isObjectLiteralExpression(owner) ? owner.properties : owner.members;
  for (const element of elements) {
    const own = (element as ts.NamedDeclaration).name;
    if (own === undefined || !(ts.isIdentifier(own) || ts.isPrivateIdentifier(own)) || own.text !== name)
      continue;
    if (ts.isMethodDeclaration(element) && element.body !== undefined) return element as Body;
    if ((ts.isPropertyDeclaration(element) || ts.isPropertyAssignment(element)) && element.initializer) {
      const value = bare(element.initializer);
      if (isFunctionLiteral(value)) return value as Body;
    }
  }
  return undefined;
}

function memberElement(body: ts.Node): ts.Node | undefined {
  if (ts.isMethodDeclaration(body)) return body;
  if (!isFunctionLiteral(body)) return undefined;
  const { parent } = meaningfulParent(body);
  return ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent : undefined;
}

function memberName(body: ts.Node): string | undefined {
  const name = (memberElement(body) as ts.NamedDeclaration | undefined)?.name;
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))
    ? name.text
    : undefined;
}

/** `#m`, `private m`, `protected m`, `_m`. */
function isHiddenMember(body: ts.Node): boolean {
  const element = memberElement(body);
  const name = memberName(body);
  if (element === undefined || name === undefined) return false;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return /^[#_]/.test(name) || (ts.getCombinedModifierFlags(element as ts.Declaration) & hidden) !== 0;
}

/** What no other task runs at the same time as itself: constructors, and generators, which their consumer drives. */
export function runsAlone(body: ts.Node): boolean {
  return ts.isConstructorDeclaration(body) || isGenerator(body) || ts.isAccessor(body);
}
