import ts from "typescript";
import { annotationsOf, mentionsAnnotation } from "../annotations/parse.js";
import { lockMode } from "../annotations/resolve.js";
import type { Snapshot, Variable } from "../project/port.js";
import { bare, isFunctionLiteral } from "../project/syntax.js";
import { type Place, rootPlace } from "./place.js";

/** A lock that stands beside state: in the same object, or a variable of the same function or file. */
export type Beside =
  | { readonly field: Variable; readonly name: string; readonly place?: undefined }
  | { readonly field?: undefined; readonly place: Place };

/** State that has a lock beside it, or a comment that names one: only that is followed. */
export interface Guardables {
  /** Names of such state: what is called otherwise is never asked about. */
  readonly names: ReadonlySet<string>;
  /** Constants that may be another name of such state: `const items = this.items`. */
  readonly aliases: ReadonlySet<string>;
  has(declaration: ts.Node): boolean;
  besides(declaration: ts.Node): readonly Beside[];
}

const answers = new WeakMap<Snapshot, Guardables>();

/** Found when first asked for, of files that an edit changed anew. */
export function guardablesOf(snapshot: Snapshot): Guardables {
  let found = answers.get(snapshot);
  if (found === undefined) {
    found = collect(snapshot);
    answers.set(snapshot, found);
  }
  return found;
}

function collect(snapshot: Snapshot): Guardables {
  const owners = new Map<ts.Node, readonly Beside[]>();
  const names = new Set<string>();
  const candidates: Alias[] = [];
  for (const file of snapshot.files) {
    const source = snapshot.sourceFile(file);
    if (source === undefined) continue;
    const { state, aliases } = stateOf(source, snapshot);
    for (const { declaration, name, besides } of state) {
      owners.set(declaration, besides);
      names.add(name);
    }
    candidates.push(...aliases);
  }
  const aliases = new Set(candidates.flatMap(({ alias, name }) => (names.has(name) ? [alias] : [])));
  return {
    names,
    aliases,
    has: (declaration) => owners.has(declaration),
    besides: (declaration) => owners.get(declaration) ?? [],
  };
}

interface FileState {
  readonly state: readonly { declaration: ts.Node; name: string; besides: readonly Beside[] }[];
  readonly aliases: readonly Alias[];
}

const fileStates = new WeakMap<ts.SourceFile, FileState & { readonly since: number }>();

/** As long as the types that the file sees are the same. */
function stateOf(source: ts.SourceFile, snapshot: Snapshot): FileState {
  const { revisions, reader } = snapshot.lasting;
  let known = fileStates.get(source);
  if (known === undefined || revisions.typesOf(source.fileName) > known.since) {
    const { result } = reader.record(() => collectFile(source, snapshot));
    known = { ...result, since: revisions.now };
    fileStates.set(source, known);
  }
  return known;
}

function collectFile(source: ts.SourceFile, snapshot: Snapshot): FileState {
  const { containers, aliases, annotated } = syntaxOf(source);
  const owners = new Map<ts.Node, { declaration: ts.Node; name: string; besides: readonly Beside[] }>();
  const add = ({ declaration, name }: StateMember, besides: readonly Beside[]) =>
    owners.set(declaration, { declaration, name, besides });
  const ofFile = containers.flatMap((each) => (each.node === source ? locksOf(each, snapshot) : []));
  for (const container of containers) {
    const own = container.node === source ? ofFile : locksOf(container, snapshot);
    const besides = ts.isClassLike(container.node) ? [...own, ...ofFile] : own;
    if (besides.length === 0) continue;
    for (const member of container.members) if (!isPrimitive(member, own)) add(member, besides);
  }
  for (const member of annotated) if (!owners.has(member.declaration)) add(member, []);
  return { state: [...owners.values()], aliases };
}

function locksOf({ node, locks }: Container, snapshot: Snapshot): Beside[] {
  return locks.flatMap((lock): Beside[] => {
    const model = snapshot.primitiveOf(lock.id)?.model;
    const excludes = model && lockMode(model) !== undefined && (model.kind !== "semaphore" || isBinary(lock));
    const variable = excludes ? snapshot.variableOf(lock.id) : undefined;
    if (variable === undefined) return [];
    return isScope(node) ? [{ place: rootPlace(variable) }] : [{ field: variable, name: lock.id.text }];
  });
}

/** `new Semaphore(1)` keeps others out; one of more permits, or of who knows how many, guards nothing. */
function isBinary({ declaration }: StateMember): boolean {
  const made =
    "initializer" in declaration && declaration.initializer !== undefined
      ? bare(declaration.initializer as ts.Expression)
      : undefined;
  return made !== undefined && ts.isNewExpression(made) && made.arguments?.[0]?.getText() === "1";
}

function isPrimitive(member: StateMember, locks: readonly Beside[]): boolean {
  return locks.some((lock) => (lock.field ?? lock.place.field)?.declaration === member.declaration);
}

type Name = ts.Identifier | ts.PrivateIdentifier;

interface StateMember {
  readonly declaration: ts.Node;
  readonly name: string;
  readonly id: Name;
}

interface Alias {
  readonly alias: string;
  readonly name: string;
}

interface Container {
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

function syntaxOf(file: ts.SourceFile): FileSyntax {
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

function isScope(node: ts.Node): boolean {
  return ts.isSourceFile(node) || ts.isFunctionLike(node) || ts.isModuleBlock(node);
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
