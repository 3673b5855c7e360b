import ts from "typescript";

/** These files, and all that import one of them, directly or through others. */
export function importersOf(files: ReadonlySet<string>, program: ts.Program): ReadonlySet<string> {
  const importers = new Map<string, string[]>();
  for (const source of program.getSourceFiles()) {
    if (program.isSourceFileDefaultLibrary(source)) continue;
    for (const target of targetsOf(source, program)) {
      const known = importers.get(target);
      if (known === undefined) importers.set(target, [source.fileName]);
      else known.push(source.fileName);
    }
  }
  const found = new Set(files);
  for (const file of found) for (const importer of importers.get(file) ?? []) found.add(importer);
  return found;
}

function targetsOf(source: ts.SourceFile, program: ts.Program): Set<string> {
  const checker = program.getTypeChecker();
  return new Set(
    specifiersOf(source).flatMap((specifier) => {
      const module = checker.getSymbolAtLocation(specifier)?.declarations?.[0];
      return module !== undefined && ts.isSourceFile(module) ? [module.fileName] : [];
    }),
  );
}

const specifiers = new WeakMap<ts.SourceFile, readonly ts.StringLiteralLike[]>();

/** The names of modules that a file imports, in statements and in expressions. One walk a file. */
function specifiersOf(source: ts.SourceFile): readonly ts.StringLiteralLike[] {
  let found = specifiers.get(source);
  if (found === undefined) {
    found = source.statements.flatMap((statement) => {
      const from =
        ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)
          ? statement.moduleSpecifier
          : ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference)
            ? statement.moduleReference.expression
            : undefined;
      return from !== undefined && ts.isStringLiteralLike(from) ? [from] : [];
    });
    if (/\b(?:import|require)\s*\(/.test(source.text)) found = [...found, ...inExpressions(source)];
    specifiers.set(source, found);
  }
  return found;
}

function inExpressions(source: ts.SourceFile): ts.StringLiteralLike[] {
  const found: ts.StringLiteralLike[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [only] = node.arguments;
      const imports =
        node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText(source) === "require";
      if (imports && only !== undefined && ts.isStringLiteralLike(only)) found.push(only);
    } else if (ts.isImportTypeNode(node)) {
      const { argument } = node;
      if (ts.isLiteralTypeNode(argument) && ts.isStringLiteralLike(argument.literal))
        found.push(argument.literal);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
