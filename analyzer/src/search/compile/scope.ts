import ts from "typescript";

/** Where a variable lives: so many environments out, in that slot. */
export interface Slot {
  readonly hops: number;
  readonly slot: number;
}

/** The variables of one environment that exists at run time; several blocks of the text may share one. */
class Layout {
  slots = 0;
  constructor(readonly outer: Layout | undefined) {}
}

/** Names as the text nests them. */
export class Scope {
  readonly #names = new Map<string, number>();
  private constructor(
    readonly outer: Scope | undefined,
    private readonly layout: Layout,
  ) {}

  /** A scope whose variables are made anew each time it is entered. */
  static separate(outer: Scope | undefined): Scope {
    return new Scope(outer, new Layout(outer?.layout));
  }

  /** A block that shares the environment around it. */
  nested(): Scope {
    return new Scope(this, this.layout);
  }

  /** Whether entering it from `outer` makes an environment. */
  isSeparateFrom(outer: Scope): boolean {
    return this.layout !== outer.layout;
  }

  get slots(): number {
    return this.layout.slots;
  }

  declare(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const slot = this.layout.slots++;
    this.#names.set(name, slot);
    return slot;
  }

  /** A variable without a name in the text. */
  hidden(): number {
    return this.layout.slots++;
  }

  own(name: string): number | undefined {
    return this.#names.get(name);
  }

  find(name: string): Slot | undefined {
    let hops = 0;
    for (let at: Scope | undefined = this; at !== undefined; at = at.outer) {
      const slot = at.#names.get(name);
      if (slot !== undefined) return { hops, slot };
      if (at.outer !== undefined && at.outer.layout !== at.layout) hops += 1;
    }
    return undefined;
  }
}

export function boundNames(name: ts.BindingName, found: string[] = []): string[] {
  if (ts.isIdentifier(name)) found.push(name.text);
  else for (const element of name.elements) if (ts.isBindingElement(element)) boundNames(element.name, found);
  return found;
}

/** What a block declares for itself. */
export function declareLexical(scope: Scope, statements: readonly ts.Statement[]): void {
  for (const statement of statements) {
    if (ts.isVariableStatement(statement)) declareList(scope, statement.declarationList);
    else if (
      (ts.isFunctionDeclaration(statement) ||
        ts.isClassDeclaration(statement) ||
        ts.isEnumDeclaration(statement)) &&
      statement.name !== undefined
    )
      scope.declare(statement.name.text);
    else if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name))
      scope.declare(statement.name.text);
  }
}

export function declareList(scope: Scope, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations)
    for (const name of boundNames(declaration.name)) scope.declare(name);
}

/** `var` belongs to the whole function, however deep it stands. */
export function declareVars(scope: Scope, node: ts.Node): void {
  ts.forEachChild(node, (child) => {
    if (ts.isFunctionLike(child) || ts.isClassLike(child)) return;
    if (ts.isVariableDeclarationList(child) && (child.flags & ts.NodeFlags.BlockScoped) === 0)
      declareList(scope, child);
    declareVars(scope, child);
  });
}

const capturing = new WeakMap<ts.Node, boolean>();

/** Whether a function inside may keep a variable of this round of the loop. */
export function containsFunction(node: ts.Node): boolean {
  let known = capturing.get(node);
  if (known === undefined) {
    known =
      ts.isFunctionLike(node) || ts.isClassLike(node) || (ts.forEachChild(node, containsFunction) ?? false);
    capturing.set(node, known);
  }
  return known;
}
