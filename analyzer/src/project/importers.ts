import ts from "typescript";

/** Who imports whom in one program after the other; only what changed is looked at again. */
export interface Importers {
  /** `moved`: files came or went, and a name of a module may mean another one. */
  take(program: ts.Program, moved: boolean): void;
  /** These files, and all that import one of them, directly or through others. */
  of(files: Iterable<string>): ReadonlySet<string>;
  /**
   * The files that can have what is declared in a file, or objects of its types: itself and its importers.
   * Undefined where one of them declares for the whole program.
   */
  reach(file: string): ReadonlySet<string> | undefined;
}

export function createImporters(): Importers {
  const known = new Map<string, { readonly source: ts.SourceFile; readonly targets: ReadonlySet<string> }>();
  const importers = new Map<string, Set<string>>();
  let program: ts.Program | undefined;
  let isCurrent = true;
  /** Who asks, asks again: of one file after the other. */
  let last: { readonly file: string; readonly reach: ReadonlySet<string> | undefined } | undefined;

  function update(): void {
    if (isCurrent || program === undefined) return;
    isCurrent = true;
    const present = new Set<string>();
    for (const source of program.getSourceFiles()) {
      present.add(source.fileName);
      if (known.get(source.fileName)?.source === source || program.isSourceFileDefaultLibrary(source))
        continue;
      forget(source.fileName);
      const targets = targetsOf(source, program);
      known.set(source.fileName, { source, targets });
      for (const target of targets) {
        const others = importers.get(target);
        if (others === undefined) importers.set(target, new Set([source.fileName]));
        else others.add(source.fileName);
      }
    }
    for (const file of known.keys()) if (!present.has(file)) forget(file);
  }

  function forget(file: string): void {
    for (const target of known.get(file)?.targets ?? []) importers.get(target)?.delete(file);
    known.delete(file);
  }

  function of(files: Iterable<string>): ReadonlySet<string> {
    update();
    const found = new Set(files);
    for (const file of found) for (const importer of importers.get(file) ?? []) found.add(importer);
    return found;
  }

  return {
    take(next, moved) {
      program = next;
      isCurrent = false;
      last = undefined;
      if (!moved) return;
      known.clear();
      importers.clear();
    },
    of,
    reach(file) {
      if (last?.file !== file) {
        const all = of([file]);
        const isLocal = [...all].every((each) => {
          const source = program?.getSourceFile(each);
          return source !== undefined && !isForEverybody(source);
        });
        last = { file, reach: isLocal ? all : undefined };
      }
      return last.reach;
    },
  };
}

const forEverybody = new WeakMap<ts.SourceFile, boolean>();

/** Declares for the whole program, or for other modules. */
export function isForEverybody(file: ts.SourceFile): boolean {
  let answer = forEverybody.get(file);
  if (answer === undefined) {
    answer =
      !ts.isExternalModule(file) ||
      file.statements.some(
        (statement) => ts.isModuleDeclaration(statement) && !ts.isIdentifier(statement.name),
      ) ||
      /\bdeclare\s+global\b/.test(file.text);
    forEverybody.set(file, answer);
  }
  return answer;
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
