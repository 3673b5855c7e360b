import ts from "typescript";
import { annotationsOf, mentionsAnnotation } from "../annotations/parse.js";
import { bare, isFunctionLiteral } from "../project/syntax.js";

type Name = ts.Identifier | ts.PrivateIdentifier;

export interface StateMember {
  readonly declaration: ts.Node;
  readonly name: string;
  readonly id: Name;
}

export interface Alias {
  readonly alias: string;
  readonly name: string;
}

export interface Container {
  readonly node: ts.Node;
  readonly members: StateMember[];
  /** Members that may be locks, by their looks. */
  readonly locks: StateMember[];
}

interface FileSyntax {
  /** Those that may have a lock. */
  readonly containers: readonly Container[];
  readonly aliases: readonly Alias[];
  readonly annotated: readonly StateMember[];
}

/** What a lock's class or variable is called, or an annotation: without one of these no file makes a lock. */
const speaksOfLocks = /[Mm]utex|Lock\b|\block|[Ss]ema|@guardedBy/;
const nothing: FileSyntax = { containers: [], aliases: [], annotated: [] };

const syntaxes = new WeakMap<ts.SourceFile, FileSyntax>();

/** What a file has that may be state with a lock beside it; found once a tree. */
export function syntaxOf(file: ts.SourceFile): FileSyntax {
  let known = syntaxes.get(file);
  if (known === undefined) {
    known = speaksOfLocks.test(file.text) ? walk(file) : nothing;
    syntaxes.set(file, known);
  }
  return known;
}

function walk(file: ts.SourceFile): FileSyntax {
  const containers = new Map<ts.Node, Container>();
  const aliases: Alias[] = [];
  const annotated: StateMember[] = [];
  const comments = mentionsAnnotation(file);
  const isScript = /\.[cm]?jsx?$/.test(file.fileName);

  function note(
    owner: ts.Node,
    declaration: ts.Node,
    name: ts.Node,
    value: ts.Node | undefined,
    type?: ts.TypeNode,
  ) {
    if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return;
    const member = { declaration, name: name.text, id: name };
    if (comments && annotationsOf(declaration).some(({ kind }) => kind === "guardedBy"))
      annotated.push(member);
    const made = value && ts.isExpression(value) ? bare(value) : undefined;
    if (made !== undefined && isFunctionLiteral(made)) return;
    let container = containers.get(owner);
    if (container === undefined) {
      container = { node: owner, members: [], locks: [] };
      containers.set(owner, container);
    }
    container.members.push(member);
    if (looksLikeLock(made, type)) container.locks.push(member);
  }

  // Every node of the file comes by: the kind decides, before anything is called.
  function visit(node: ts.Node, scope: ts.Node): void {
    switch (node.kind) {
      case ts.SyntaxKind.PropertyDeclaration: {
        const { parent, name, initializer, type } = node as ts.PropertyDeclaration;
        note(parent, node, name, initializer, type);
        break;
      }
      case ts.SyntaxKind.Parameter: {
        const { name, initializer, type } = node as ts.ParameterDeclaration;
        if (ts.isParameterPropertyDeclaration(node, node.parent))
          note(node.parent.parent, node, name, initializer, type);
        return;
      }
      case ts.SyntaxKind.PropertyAssignment: {
        const { parent, name, initializer } = node as ts.PropertyAssignment;
        note(parent, node, name, initializer);
        break;
      }
      case ts.SyntaxKind.ShorthandPropertyAssignment:
        return note(node.parent, node, (node as ts.ShorthandPropertyAssignment).name, undefined);
      case ts.SyntaxKind.PropertySignature: {
        const { parent, name, type } = node as ts.PropertySignature;
        note(parent, node, name, undefined, type);
        break;
      }
      case ts.SyntaxKind.VariableDeclaration: {
        const { name, initializer, type } = node as ts.VariableDeclaration;
        note(scope, node, name, initializer, type);
        noteAlias(node as ts.VariableDeclaration);
        break;
      }
      case ts.SyntaxKind.BinaryExpression:
        if (isScript) noteAssigned(node as ts.BinaryExpression);
        break;
      case ts.SyntaxKind.ForOfStatement: {
        const { initializer, expression } = node as ts.ForOfStatement;
        if (ts.isVariableDeclarationList(initializer))
          for (const { name } of initializer.declarations) noteElement(name, expression);
        break;
      }
      case ts.SyntaxKind.SourceFile:
      case ts.SyntaxKind.FunctionDeclaration:
      case ts.SyntaxKind.FunctionExpression:
      case ts.SyntaxKind.ArrowFunction:
      case ts.SyntaxKind.MethodDeclaration:
      case ts.SyntaxKind.Constructor:
      case ts.SyntaxKind.GetAccessor:
      case ts.SyntaxKind.SetAccessor:
      case ts.SyntaxKind.ModuleBlock:
        ts.forEachChild(node, (child) => visit(child, node));
        return;
    }
    ts.forEachChild(node, (child) => visit(child, scope));
  }

  /** JavaScript: fields come to be in the constructor. */
  function noteAssigned(node: ts.BinaryExpression): void {
    const isField =
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left) &&
      node.left.expression.kind === ts.SyntaxKind.ThisKeyword;
    if (!isField) return;
    const owner = constructed(node);
    const name = (node.left as ts.PropertyAccessExpression).name;
    if (owner !== undefined) note(owner, node, name, node.right);
  }

  /** `const node = this.nodes.get(id)`, `for (const node of this.nodes)`: what lies in a container. */
  function noteElement(name: ts.BindingName, value: ts.Expression): void {
    const container = ts.isIdentifier(name) ? containerOf(value) : undefined;
    if (container !== undefined)
      aliases.push({
        alias: name.getText(),
        name: ts.isIdentifier(container) ? container.text : container.name.text,
      });
  }

  function noteAlias({ name, initializer }: ts.VariableDeclaration): void {
    const value = initializer && bare(initializer);
    if (value === undefined) return;
    noteElement(name, value);
    if (ts.isIdentifier(name)) {
      if (ts.isPropertyAccessExpression(value)) aliases.push({ alias: name.text, name: value.name.text });
    } else if (ts.isObjectBindingPattern(name)) {
      for (const element of name.elements) {
        const property = element.propertyName ?? element.name;
        if (ts.isIdentifier(element.name) && ts.isIdentifier(property))
          aliases.push({ alias: element.name.text, name: property.text });
      }
    }
  }

  visit(file, file);
  return {
    containers: [...containers.values()].filter((each) => each.locks.length > 0 || ts.isClassLike(each.node)),
    aliases,
    annotated,
  };
}

/** The container that an expression takes something out of: `this.nodes` of `this.nodes.get(id)`. */
export function containerOf(value: ts.Expression): ts.Identifier | ts.PropertyAccessExpression | undefined {
  let at = bare(value);
  if (ts.isCallExpression(at)) {
    const callee = bare(at.expression);
    if (!ts.isPropertyAccessExpression(callee) || !taking.has(callee.name.text)) return undefined;
    at = bare(callee.expression);
  } else if (ts.isElementAccessExpression(at)) at = bare(at.expression);
  else if (!ts.isForOfStatement(value.parent)) return undefined;
  return ts.isIdentifier(at) || ts.isPropertyAccessExpression(at) ? at : undefined;
}

const taking = new Set(["get", "at", "find", "findLast", "values", "entries"]);

/** The class whose constructor a node stands in. */
function constructed(node: ts.Node): ts.Node | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isConstructorDeclaration(at)) return at.parent;
    if (ts.isFunctionLike(at) && !ts.isArrowFunction(at)) return undefined;
  }
  return undefined;
}

const never = new Set([
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "Array",
  "Date",
  "Promise",
  "Error",
  "RegExp",
  "URL",
]);

/** Worth asking the checker: something is made here, or the type is called like a lock. */
function looksLikeLock(made: ts.Expression | undefined, type: ts.TypeNode | undefined): boolean {
  if (made !== undefined && ts.isNewExpression(made)) {
    const name = bare(made.expression);
    return !(ts.isIdentifier(name) && never.has(name.text));
  }
  return (
    type !== undefined && ts.isTypeReferenceNode(type) && /mutex|lock|sema/i.test(type.typeName.getText())
  );
}
