import ts from "typescript";
import type { FunctionInfo, Run } from "./code.js";
import type { World } from "./compile/compiler.js";
import { classInfo, functionInfo, moduleCode } from "./compile/functions.js";
import { parts } from "./compile/parts.js";
import { declareLexical, declareVars, Scope } from "./compile/scope.js";
import { State } from "./heap.js";
import { Machine } from "./machine.js";
import { intrinsics } from "./natives/index.js";
import { atomic, channel, context, globals, group, patterns, sync } from "./prelude/index.js";
import { type Ref, Sym, type Value } from "./values.js";

/** The modules of `@lockscope/sync` that the search knows, by what follows the package's name. */
const texts = {
  globals,
  "": sync,
  "/channel": channel,
  "/context": context,
  "/group": group,
  "/atomic": atomic,
  "/patterns": patterns,
};

const libraryFile = "lockscope:";

/** Whether a place lies in the search's own description of the library. */
export function isInLibrary(node: ts.Node): boolean {
  return node.getSourceFile().fileName.startsWith(libraryFile);
}

interface LibraryModule {
  readonly scope: Scope;
  readonly env: Ref;
}

export interface Library {
  /** A program in which nothing has run but the library's own declarations. */
  readonly start: State;
  /** Objects with a lower id are the library's. */
  readonly objects: number;
  /** `new Mutex` of the module `""`; undefined for what the search does not know. */
  find(module: string, name: string): (state: State) => Value;
  global(name: string): ((state: State) => Value) | undefined;
  prototypeOf(name: string): Ref;
  /** A top level that does nothing, and its variables: none. */
  readonly nothing: FunctionInfo;
  readonly environment: Ref;
}

let library: Library | undefined;

/** Made once: what it holds is the same for every program. */
export function theLibrary(): Library {
  library ??= createLibrary();
  return library;
}

function createLibrary(): Library {
  const modules = new Map<string, LibraryModule>();
  const lookUp = (name: string, among: Iterable<LibraryModule>) => {
    for (const { scope, env } of among) {
      const slot = scope.own(name);
      if (slot !== undefined) return (state: State): Value => state.get(env).list[slot];
    }
    return undefined;
  };
  const load = (name: string): Run => {
    const native = intrinsics[name];
    if (native !== undefined)
      return (m, frame) => {
        frame.stack.push(m.native(native, undefined));
      };
    let found: ((state: State) => Value) | undefined;
    return (m, frame) => {
      found ??= lookUp(name, modules.values());
      frame.stack.push(found === undefined ? new Sym(`global.${name}`) : found(m.state));
    };
  };
  const world: World = {
    parts,
    internal: true,
    entered: () => {},
    isExhaustive: () => false,
    load: (name) => load(name.text),
    functionInfo: (node, scope, name) => functionInfo(world, node, scope, name),
    classInfo: (node, scope) => classInfo(world, node, scope),
  };
  const start = State.empty();
  const machine = new Machine({ instructions: 1_000_000 });
  let prototypes: (name: string) => Ref = () => {
    throw new Error("the library's own classes are not there yet");
  };
  machine.program = { libraryObjects: 0, prototypeOf: (name) => prototypes(name) };
  machine.begin(start, []);
  machine.declaring = true;
  for (const [name, text] of Object.entries(texts)) {
    const file = ts.createSourceFile(
      `${libraryFile}${name}.js`,
      text,
      ts.ScriptTarget.ESNext,
      true,
      ts.ScriptKind.JS,
    );
    const scope = Scope.separate(undefined);
    declareVars(scope, file);
    declareLexical(scope, file.statements);
    const info = moduleCode(world, file, scope, true);
    const { slots } = info.code();
    const env = machine.newEnvironment(undefined, slots);
    modules.set(name, { scope, env });
    const frame = machine.frameOf(info, env);
    machine.step(machine.start(frame, machine.promise(), name, undefined).id);
    prototypes = (wanted) => {
      const cls = lookUp(wanted, modules.values())?.(start) as Ref;
      return start.get(cls).b as Ref;
    };
  }
  const memo = new Map<string, Ref>();
  const empty = ts.createSourceFile(
    `${libraryFile}empty.js`,
    "",
    ts.ScriptTarget.ESNext,
    true,
    ts.ScriptKind.JS,
  );
  const environment = machine.newEnvironment(undefined, 0);
  return {
    nothing: moduleCode(world, empty, Scope.separate(undefined), true),
    environment,
    start: start.atRest(),
    objects: start.size,
    find(module, name) {
      const own = modules.get(module);
      return (
        (own && lookUp(name, [own])) ?? lookUp(name, modules.values()) ?? (() => new Sym(`library.${name}`))
      );
    },
    global(name) {
      const own = modules.get("globals");
      return own && lookUp(name, [own]);
    },
    prototypeOf(name) {
      let ref = memo.get(name);
      if (ref === undefined) {
        ref = prototypes(name);
        memo.set(name, ref);
      }
      return ref;
    },
  };
}
