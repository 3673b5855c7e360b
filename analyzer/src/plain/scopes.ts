import ts from "typescript";
import { isAssignment } from "../project/assignments.js";
import { bare, isFunctionLiteral } from "../project/syntax.js";

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

/** What each identifier of a file refers to. */
export interface Scopes {
  /** Undefined for globals, property names, and names that only types know. */
  bindingOf(identifier: ts.Identifier): Binding | undefined;
  readonly bindings: readonly Binding[];
}

interface Scope {
  readonly names: Map<string, MutableBinding>;
  readonly outer: Scope | undefined;
  /** The nearest function, static block or file: where `var` goes. */
  readonly home: ts.Node;
  readonly isHome: boolean;
}

type MutableBinding = Binding & { uses: ts.Identifier[] };

/** One walk to declare, one to resolve. Names in types are left alone. */
export function createScopes(file: ts.SourceFile): Scopes {
  const bindings: MutableBinding[] = [];
  const resolved = new Map<ts.Identifier, MutableBinding>();
  const scopes = new Map<ts.Node, Scope>();

  function declare(scope: Scope, kind: Binding["kind"], id: ts.Identifier, declaration: ts.Node): void {
    if (scope.names.has(id.text)) return;
    const binding: MutableBinding = { name: id.text, kind, declaration, id, home: scope.home, uses: [] };
    scope.names.set(id.text, binding);
    bindings.push(binding);
  }

  function declarePattern(scope: Scope, kind: Binding["kind"], name: ts.BindingName, node: ts.Node): void {
    if (ts.isIdentifier(name)) declare(scope, kind, name, node);
    else
      for (const element of name.elements)
        if (ts.isBindingElement(element)) declarePattern(scope, kind, element.name, node);
  }

  function hoisted(scope: Scope): Scope {
    let at = scope;
    while (!at.isHome && at.outer !== undefined) at = at.outer;
    return at;
  }

  function collect(node: ts.Node, scope: Scope): void {
    let inner = scope;
    if (opensScope(node)) {
      const isHome = isHomeNode(node);
      inner = { names: new Map(), outer: scope, home: isHome ? node : scope.home, isHome };
      scopes.set(node, inner);
    }
    if (ts.isVariableDeclaration(node)) {
      if (ts.isCatchClause(node.parent)) declarePattern(inner, "catch", node.name, node);
      else {
        const flags = ts.getCombinedNodeFlags(node);
        const kind = flags & ts.NodeFlags.Const || (flags & ts.NodeFlags.Using) === ts.NodeFlags.Using;
        const target = flags & ts.NodeFlags.BlockScoped ? inner : hoisted(inner);
        declarePattern(target, kind ? "const" : "variable", node.name, node);
      }
    } else if (ts.isParameter(node)) declarePattern(inner, "parameter", node.name, node);
    else if (ts.isFunctionDeclaration(node) && node.name) declare(scope, "function", node.name, node);
    else if (ts.isFunctionExpression(node) && node.name) declare(inner, "function", node.name, node);
    else if (ts.isClassDeclaration(node) && node.name) declare(scope, "class", node.name, node);
    else if (ts.isClassExpression(node) && node.name) declare(inner, "class", node.name, node);
    else if (ts.isImportClause(node) && node.name) declare(inner, "import", node.name, node);
    else if (ts.isNamespaceImport(node) || ts.isImportSpecifier(node))
      declare(inner, "import", node.name, node);
    else if (ts.isImportEqualsDeclaration(node)) declare(inner, "import", node.name, node);
    ts.forEachChild(node, (child) => collect(child, inner));
  }

  function resolve(node: ts.Node, scope: Scope): void {
    const inner = scopes.get(node) ?? scope;
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isIdentifier(node) && isReference(node)) {
      for (let at: Scope | undefined = inner; at !== undefined; at = at.outer) {
        const binding = at.names.get(node.text);
        if (binding === undefined) continue;
        if (binding.id !== node) {
          binding.uses.push(node);
          resolved.set(node, binding);
        } else resolved.set(node, binding);
        break;
      }
    }
    ts.forEachChild(node, (child) => resolve(child, inner));
  }

  const outermost: Scope = { names: new Map(), outer: undefined, home: file, isHome: true };
  scopes.set(file, outermost);
  ts.forEachChild(file, (child) => collect(child, outermost));
  ts.forEachChild(file, (child) => resolve(child, outermost));
  return { bindingOf: (identifier) => resolved.get(identifier), bindings };
}

function isHomeNode(node: ts.Node): boolean {
  return ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node) || ts.isModuleBlock(node);
}

function opensScope(node: ts.Node): boolean {
  return (
    isHomeNode(node) ||
    ts.isClassLike(node) ||
    ts.isBlock(node) ||
    ts.isCaseBlock(node) ||
    ts.isCatchClause(node) ||
    ts.isForStatement(node) ||
    ts.isForOfStatement(node) ||
    ts.isForInStatement(node)
  );
}

/** An identifier that names a variable, rather than a property, a label or a member. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return false;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  if (ts.isExportSpecifier(parent)) return (parent.propertyName ?? parent.name) === node;
  if (ts.isImportSpecifier(parent)) return parent.name === node;
  if (
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isGetAccessor(parent) ||
    ts.isSetAccessor(parent) ||
    ts.isEnumMember(parent)
  )
    return parent.name !== node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  return !ts.isJsxAttribute(parent) && !ts.isMetaProperty(parent);
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
