import ts from "typescript";
import type { Snapshot } from "../project/port.js";
import type { FunctionInfo, Run } from "./code.js";
import type { World } from "./compile/compiler.js";
import { classInfo, functionInfo, moduleCode } from "./compile/functions.js";
import { parts } from "./compile/parts.js";
import { boundNames, declareLexical, declareVars, Scope } from "./compile/scope.js";
import type { State } from "./heap.js";
import { theLibrary } from "./library.js";
import type { Machine } from "./machine.js";
import { type Ref, Sym, type Value } from "./values.js";

/** What objects need to know of the program around them. */
export interface Program {
  readonly libraryObjects: number;
  prototypeOf(name: string): Ref;
}

/** One file of the program: its names, and the code that declares them. */
export interface Module {
  readonly file: ts.SourceFile;
  readonly scope: Scope;
  readonly world: World;
  /** What the file declares. */
  readonly declarations: FunctionInfo;
  /** And what it does. */
  readonly whole: FunctionInfo;
}

interface Import {
  readonly from: string;
  /** Undefined for the module as a whole. */
  readonly name: string | undefined;
  readonly node: ts.Identifier;
}

const library = /^@lockscope\/sync(\/channel|\/context|\/group|\/atomic|\/patterns)?$/;

/** The files of a program, linked where one uses a name of another. */
export class Linker {
  readonly #modules = new Map<ts.SourceFile, Module>();
  readonly #closures = new Map<
    ts.Node,
    { readonly info: FunctionInfo; readonly hidden: number | undefined }
  >();

  #entered = new Set<ts.Node>();

  constructor(private readonly snapshot: Snapshot) {}

  /** The functions of the program that some work runs, and the files whose top level it runs. */
  record<T>(work: () => T): { readonly result: T; readonly entered: ReadonlySet<ts.Node> } {
    const entered = new Set<ts.Node>();
    this.#entered = entered;
    return { result: work(), entered };
  }

  module(file: ts.SourceFile): Module {
    let module = this.#modules.get(file);
    if (module === undefined) {
      module = this.#link(file);
      this.#modules.set(file, module);
    }
    return module;
  }

  #link(file: ts.SourceFile): Module {
    const scope = Scope.separate(undefined);
    declareVars(scope, file);
    declareLexical(scope, file.statements);
    scope.declare("default");
    const imports = importsOf(file);
    const world: World = {
      parts,
      internal: false,
      entered: (node) => this.#entered.add(node),
      isExhaustive: (statement) => this.snapshot.isExhaustive(statement),
      load: (name) => this.#load(name, imports.get(name.text)),
      functionInfo: (node, outer, name) => functionInfo(world, node, outer, name),
      classInfo: (node, outer) => classInfo(world, node, outer),
    };
    return {
      file,
      scope,
      world,
      declarations: moduleCode(world, file, scope, false),
      whole: moduleCode(world, file, scope, true),
    };
  }

  #load(name: ts.Identifier, imported: Import | undefined): Run {
    if (imported === undefined) return this.#global(name.text);
    const part = library.exec(imported.from);
    if (part !== null) return fromLibrary(part[1] ?? "", imported.name);
    const unknown = new Sym(`import.${imported.from}.${imported.name ?? "*"}`);
    const target = imported.name === undefined ? undefined : this.#declared(imported.node);
    if (target === undefined) return pushing(() => unknown);
    const module = this.module(target.file);
    const slot = module.scope.own(target.name);
    if (slot === undefined) return pushing(() => unknown);
    return (m, frame) => {
      const env = environmentOf(m, module);
      frame.stack.push(m.state.get(env).list[slot]);
    };
  }

  /** Where the program declares what an import names. */
  #declared(name: ts.Identifier): { file: ts.SourceFile; name: string } | undefined {
    const declaration = this.snapshot.variableOf(name)?.declaration;
    if (declaration === undefined) return undefined;
    const file = declaration.getSourceFile();
    if (file.isDeclarationFile || file.fileName.includes("/node_modules/")) return undefined;
    const own = ts.getNameOfDeclaration(declaration);
    if (!isTopLevel(declaration)) return undefined;
    return { file, name: own !== undefined && ts.isIdentifier(own) ? own.text : "default" };
  }

  #global(name: string): Run {
    if (name === "require")
      return (m, frame) => {
        frame.stack.push(m.native((machine, _, [from]) => required(machine, from), undefined));
      };
    const known = theLibrary().global(name);
    if (name === "NaN") return pushing(() => Number.NaN);
    return known === undefined ? pushing(() => new Sym(`global.${name}`)) : pushing(known);
  }

  /** A function of the program as a value of its own, with nothing around it but its file. */
  closure(node: ts.SignatureDeclaration): {
    readonly info: FunctionInfo;
    readonly hidden: number | undefined;
  } {
    let known = this.#closures.get(node);
    if (known === undefined) {
      const module = this.module(node.getSourceFile());
      const scope = scopeAround(node, module.scope);
      const hidden = scope === module.scope ? undefined : scope.slots;
      known = { info: functionInfo(module.world, node, scope, nameOf(node)), hidden };
      this.#closures.set(node, known);
    }
    return known;
  }
}

/** Variables of functions around a function that is looked at by itself: nobody knows what they hold. */
function scopeAround(node: ts.Node, module: Scope): Scope {
  let scope = module;
  const around: ts.Node[] = [];
  for (let at = node.parent; at !== undefined && !ts.isSourceFile(at); at = at.parent) around.unshift(at);
  if (around.some((each) => ts.isFunctionLike(each))) {
    scope = Scope.separate(module);
    for (const each of around) {
      if (ts.isFunctionLike(each))
        for (const parameter of each.parameters)
          for (const name of boundNames(parameter.name)) scope.declare(name);
      if (ts.isBlock(each)) declareLexical(scope, each.statements);
    }
  }
  return scope;
}

function nameOf(node: ts.SignatureDeclaration): string {
  return node.name !== undefined && ts.isIdentifier(node.name) ? node.name.text : "";
}

function isTopLevel(declaration: ts.Declaration): boolean {
  let at: ts.Node = declaration;
  while (
    ts.isVariableDeclaration(at) ||
    ts.isBindingElement(at) ||
    ts.isVariableDeclarationList(at) ||
    ts.isObjectBindingPattern(at) ||
    ts.isVariableStatement(at)
  )
    at = at.parent;
  return ts.isSourceFile(at) || ts.isSourceFile(at.parent);
}

function pushing(value: (state: State) => Value): Run {
  return (m, frame) => {
    frame.stack.push(value(m.state));
  };
}

function fromLibrary(module: string, name: string | undefined): Run {
  if (name === undefined) return (m, frame) => frame.stack.push(namespaceOf(m, module));
  const find = theLibrary().find(module, name);
  return pushing(find);
}

const exported = [
  "Mutex RWMutex RecursiveMutex WaitGroup Cond Once onceFunc onceValue SyncMap Pool SyncError go gosched sleep defer",
  "Channel onReceive onSend otherwise select after Timer tick",
  "background todo withCancel withCancelCause withTimeout withDeadline withValue withoutCancel afterFunc cause",
  "Semaphore SingleFlight CyclicBarrier ErrGroup Int32 Uint32 Int64 Uint64 Bool Value",
].flatMap((line) => line.split(" "));

function namespaceOf(m: Machine, module: string): Value {
  const namespace = m.object();
  for (const name of exported) m.defineOwn(namespace, name, theLibrary().find(module, name)(m.state));
  return namespace;
}

function required(m: Machine, from: Value): Value {
  const part = typeof from === "string" ? library.exec(from) : null;
  return part === null ? m.fresh("require") : namespaceOf(m, part[1] ?? "");
}

/** The module's variables; what it declares is evaluated when it is first asked for. */
export function environmentOf(m: Machine, module: Module): Ref {
  const known = m.state.modules.get(module.file);
  if (known !== undefined) return known;
  const { slots } = module.declarations.code();
  const env = m.newEnvironment(undefined, slots);
  m.state.modules = new Map(m.state.modules).set(module.file, env);
  const before = m.declaring;
  m.declaring = true;
  const frame = m.frameOf(module.declarations, env);
  m.run(m.start(frame, m.promise(), "module", undefined).id);
  m.declaring = before;
  return env;
}

function importsOf(file: ts.SourceFile): Map<string, Import> {
  const found = new Map<string, Import>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const from = statement.moduleSpecifier.text;
    const clause = statement.importClause;
    if (clause?.name !== undefined) found.set(clause.name.text, { from, name: "default", node: clause.name });
    const bindings = clause?.namedBindings;
    if (bindings === undefined) continue;
    if (ts.isNamespaceImport(bindings))
      found.set(bindings.name.text, { from, name: undefined, node: bindings.name });
    else
      for (const element of bindings.elements)
        found.set(element.name.text, {
          from,
          name: (element.propertyName ?? element.name).text,
          node: element.name,
        });
  }
  return found;
}
