import ts from "typescript";

/** Where members are declared, objects made and fields assigned, by name: one walk over a program's own files. */
export interface MemberIndex {
  /** Methods and function-valued properties of classes and object literals. */
  named(name: string): readonly ts.Declaration[];
  isExtended(owner: ts.ClassLikeDeclaration): boolean;
  constructions(owner: ts.ClassLikeDeclaration, checker: ts.TypeChecker): readonly ts.NewExpression[];
  calls(body: ts.SignatureDeclaration, checker: ts.TypeChecker): readonly ts.CallExpression[];
  callsNamed(name: string): readonly ts.CallExpression[];
  /** `x.name = value`. */
  assignments(name: string): readonly ts.BinaryExpression[];
}

export function createMemberIndex(program: ts.Program): MemberIndex {
  const members = new Map<string, ts.Declaration[]>();
  const news = new Map<string, ts.NewExpression[]>();
  const calls = new Map<string, ts.CallExpression[]>();
  const assignments = new Map<string, ts.BinaryExpression[]>();
  const bases = new Set<string>();

  function visit(node: ts.Node): void {
    if (ts.isMethodDeclaration(node) || ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) {
      if (isFunctionMember(node)) add(members, node.name.getText(), node);
    } else if (ts.isNewExpression(node)) add(news, lastName(node.expression), node);
    else if (ts.isCallExpression(node)) add(calls, lastName(node.expression), node);
    else if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ExtendsKeyword) {
      for (const base of node.types) bases.add(lastName(base.expression));
    } else if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left)
    ) {
      add(assignments, node.left.name.text, node);
    }
    ts.forEachChild(node, visit);
  }
  for (const file of program.getSourceFiles()) {
    if (!file.isDeclarationFile && !file.fileName.includes("/node_modules/")) visit(file);
  }

  return {
    named: (name) => members.get(name) ?? [],
    isExtended: (owner) => owner.name !== undefined && bases.has(owner.name.text),
    constructions(owner, checker) {
      const symbol = owner.name && checker.getSymbolAtLocation(owner.name);
      return (news.get(owner.name?.text ?? "") ?? []).filter(
        ({ expression }) => resolved(expression, checker) === symbol,
      );
    },
    calls(body, checker) {
      const name = body.name?.getText() ?? "";
      return (calls.get(name) ?? []).filter(
        ({ expression }) => resolved(expression, checker)?.declarations?.includes(body) === true,
      );
    },
    callsNamed: (name) => calls.get(name) ?? [],
    assignments: (name) => assignments.get(name) ?? [],
  };
}

function resolved(expression: ts.Expression, checker: ts.TypeChecker): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(
    ts.isPropertyAccessExpression(expression) ? expression.name : expression,
  );
  return symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}

function isFunctionMember(
  node: ts.MethodDeclaration | ts.PropertyAssignment | ts.PropertyDeclaration,
): boolean {
  if (ts.isMethodDeclaration(node)) return node.body !== undefined;
  const value = node.initializer;
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
}

function add<T>(table: Map<string, T[]>, name: string, item: T): void {
  const known = table.get(name);
  if (known === undefined) table.set(name, [item]);
  else known.push(item);
}

function lastName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : "";
}
