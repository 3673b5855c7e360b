import ts from "typescript";
import { isAssignment } from "../project/assignments.js";
import { bare, isFunctionLiteral } from "../project/syntax.js";
import { createParts, type Parts } from "./parts.js";
import { isHome, isReference, opensScope } from "./scoping.js";

/** A name as a file declares it. Found from the text of that file alone, without the compiler's binder. */
export interface Binding {
  readonly name: string;
  readonly kind: "variable" | "const" | "parameter" | "function" | "class" | "import" | "catch";
  readonly declaration: ts.Node;
  /** The identifier in the declaration. */
  readonly id: ts.Identifier;
  /** The function (or file, or static block) whose activation owns it. */
  readonly home: ts.Node;
  /** Every use of the name that means this binding, the declaration left out, in the order of the text. */
  readonly uses: readonly ts.Identifier[];
}

/** What each identifier of a file refers to, and what the file is made of. */
export interface Scopes {
  /** Undefined for globals, property names, and names that only types know. */
  bindingOf(identifier: ts.Identifier): Binding | undefined;
  /** The binding that an identifier declares. */
  declaredBy(identifier: ts.Identifier): Binding | undefined;
  readonly parts: Parts;
}

interface Scope {
  names: Map<string, MutableBinding> | undefined;
  readonly outer: Scope | undefined;
  /** The nearest function, static block or file: where `var` goes. */
  readonly home: ts.Node;
  readonly isHome: boolean;
}

type MutableBinding = Binding & { uses: ts.Identifier[] };

/** Where a name is written, from where it is looked up, and where it was written before. */
interface Mention {
  readonly id: ts.Identifier;
  readonly scope: Scope;
  readonly before: Mention | undefined;
}

/** One walk over the file; what a name refers to is found out when it is first asked for. Types are left alone. */
export function createScopes(file: ts.SourceFile): Scopes {
  const parts = createParts();
  const declared = new Map<ts.Identifier, MutableBinding>();
  const resolved = new Map<ts.Identifier, MutableBinding>();
  /** The last mention of each name that has not been looked up yet. */
  const mentions = new Map<string, Mention>();
  let scope: Scope = { names: undefined, outer: undefined, home: file, isHome: true };

  function declare(into: Scope, kind: Binding["kind"], id: ts.Identifier, declaration: ts.Node): void {
    into.names ??= new Map();
    if (into.names.has(id.text)) return;
    const uses: ts.Identifier[] = [];
    // The names are looked up before anybody sees the binding: `bindingOf` and `declaredBy` give it out.
    const binding: MutableBinding = { name: id.text, kind, declaration, id, home: into.home, uses };
    into.names.set(id.text, binding);
    declared.set(id, binding);
  }

  function declarePattern(into: Scope, kind: Binding["kind"], name: ts.BindingName, node: ts.Node): void {
    if (ts.isIdentifier(name)) declare(into, kind, name, node);
    else
      for (const element of name.elements)
        if (ts.isBindingElement(element)) declarePattern(into, kind, element.name, node);
  }

  function hoisted(from: Scope): Scope {
    let at = from;
    while (!at.isHome && at.outer !== undefined) at = at.outer;
    return at;
  }

  function declareVariable(node: ts.VariableDeclaration): void {
    const list = node.parent;
    if (ts.isCatchClause(list)) return declarePattern(scope, "catch", node.name, node);
    const { flags } = list;
    const fixed = flags & ts.NodeFlags.Const || (flags & ts.NodeFlags.Using) === ts.NodeFlags.Using;
    const target = flags & ts.NodeFlags.BlockScoped ? scope : hoisted(scope);
    declarePattern(target, fixed ? "const" : "variable", node.name, node);
  }

  /** `outer` is the scope that the node stands in, `scope` the one that it opens, if it does. */
  function note(node: ts.Node, outer: Scope): void {
    switch (node.kind) {
      case ts.SyntaxKind.Identifier:
        if (isReference(node as ts.Identifier)) mention(node as ts.Identifier);
        break;
      case ts.SyntaxKind.VariableDeclaration:
        declareVariable(node as ts.VariableDeclaration);
        break;
      case ts.SyntaxKind.Parameter:
        declarePattern(scope, "parameter", (node as ts.ParameterDeclaration).name, node);
        break;
      case ts.SyntaxKind.FunctionDeclaration:
      case ts.SyntaxKind.FunctionExpression: {
        const { name } = node as ts.FunctionDeclaration | ts.FunctionExpression;
        if (name) declare(ts.isFunctionDeclaration(node) ? outer : scope, "function", name, node);
        break;
      }
      case ts.SyntaxKind.ClassDeclaration:
      case ts.SyntaxKind.ClassExpression: {
        const { name } = node as ts.ClassLikeDeclaration;
        if (name) declare(ts.isClassDeclaration(node) ? outer : scope, "class", name, node);
        break;
      }
      case ts.SyntaxKind.ImportClause:
      case ts.SyntaxKind.NamespaceImport:
      case ts.SyntaxKind.ImportSpecifier:
      case ts.SyntaxKind.ImportEqualsDeclaration: {
        const { name } = node as ts.ImportClause | ts.NamespaceImport | ts.ImportSpecifier;
        if (name && ts.isIdentifier(name)) declare(scope, "import", name, node);
        break;
      }
    }
  }

  function mention(id: ts.Identifier): void {
    mentions.set(id.text, { id, scope, before: mentions.get(id.text) });
  }

  function visit(node: ts.Node): void {
    const { kind } = node;
    if (kind >= ts.SyntaxKind.FirstTypeNode && kind <= ts.SyntaxKind.LastTypeNode) return;
    if (kind === ts.SyntaxKind.InterfaceDeclaration || kind === ts.SyntaxKind.TypeAliasDeclaration) return;
    const outer = scope;
    if (opensScope(node)) {
      const own = isHome(node);
      scope = { names: undefined, outer, home: own ? node : outer.home, isHome: own };
    }
    note(node, outer);
    parts.enter(node);
    ts.forEachChild(node, visit);
    parts.leave(node);
    scope = outer;
  }

  function resolve(name: string): void {
    const last = mentions.get(name);
    if (last === undefined) return;
    mentions.delete(name);
    const inOrder: Mention[] = [];
    for (let each: Mention | undefined = last; each !== undefined; each = each.before) inOrder.push(each);
    for (const { id, scope: from } of inOrder.reverse()) {
      const binding = lookUp(name, from);
      if (binding === undefined) continue;
      if (binding.id !== id) binding.uses.push(id);
      resolved.set(id, binding);
    }
  }

  function lookUp(name: string, from: Scope): MutableBinding | undefined {
    for (let at: Scope | undefined = from; at !== undefined; at = at.outer) {
      const binding = at.names?.get(name);
      if (binding !== undefined) return binding;
    }
    return undefined;
  }

  parts.enter(file);
  ts.forEachChild(file, visit);
  return {
    bindingOf(identifier) {
      resolve(identifier.text);
      return resolved.get(identifier);
    },
    declaredBy(identifier) {
      resolve(identifier.text);
      return declared.get(identifier) ?? resolved.get(identifier);
    },
    parts: parts.parts,
  };
}

/** Whether this use of a name writes to it. */
export function isWrite(node: ts.Expression): boolean {
  let at: ts.Node = node;
  while (at.parent !== undefined) {
    const { parent } = at;
    if (ts.isBinaryExpression(parent)) return parent.left === at && isAssignment(parent.operatorToken.kind);
    if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
      return (
        parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken
      );
    if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === at;
    if (ts.isDeleteExpression(parent)) return true;
    const isPattern =
      ts.isArrayLiteralExpression(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isSpreadElement(parent) ||
      ts.isSpreadAssignment(parent) ||
      ts.isShorthandPropertyAssignment(parent) ||
      (ts.isPropertyAssignment(parent) && parent.initializer === at) ||
      (ts.isExpression(parent) && bare(parent) !== parent);
    if (!isPattern) return false;
    at = parent;
  }
  return false;
}

/** The function literal that a name is bound to for good: `function f`, `const f = () => …`. */
export function functionOf(binding: Binding): ts.FunctionLikeDeclaration | undefined {
  const { declaration } = binding;
  if (ts.isFunctionDeclaration(declaration) || ts.isFunctionExpression(declaration)) return declaration;
  if (binding.kind !== "const" || !ts.isVariableDeclaration(declaration)) return undefined;
  const value = declaration.initializer && bare(declaration.initializer);
  return value !== undefined && isFunctionLiteral(value) ? value : undefined;
}
