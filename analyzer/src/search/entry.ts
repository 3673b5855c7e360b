import type ts from "typescript";
import type { State } from "./heap.js";
import { theLibrary } from "./library.js";
import { Machine } from "./machine.js";
import { environmentOf, type Linker, type Program } from "./program.js";
import { GivenUp, Sym } from "./values.js";

export interface Start {
  readonly state: State;
  readonly program: Program;
}

/**
 * The program at the moment when `entry` is called by somebody of whom nothing is known. `closed`: what its
 * file declares belongs to this one call, as for a `main`; otherwise others may be at work on it.
 */
export function startOf(
  linker: Linker,
  entry: ts.SignatureDeclaration | ts.SourceFile,
  closed: boolean,
): Start | undefined {
  const library = theLibrary();
  const program: Program = { libraryObjects: library.objects, prototypeOf: library.prototypeOf };
  const state = library.start.fork();
  const machine = new Machine({ instructions: 50_000 });
  machine.program = program;
  machine.begin(state, []);
  const file = entry.getSourceFile();
  const module = linker.module(file);
  const promise = machine.promise();
  try {
    if (entry === file) {
      const { slots } = module.whole.code();
      const env = machine.newEnvironment(undefined, slots);
      state.modules = new Map(state.modules).set(file, env);
      machine.start(machine.frameOf(module.whole, env), promise, "main", undefined);
      return { state, program };
    }
    // The first fiber is the one that the search calls main: modules are evaluated by it.
    const node = entry as ts.SignatureDeclaration;
    const fiber = machine.start(
      machine.frameOf(library.nothing, library.environment),
      promise,
      "main",
      undefined,
    );
    machine.fiber = fiber;
    machine.fiber.status = "running";
    const env = environmentOf(machine, module);
    if (!closed) machine.escape(env);
    const { info, hidden } = linker.closure(node);
    const outer = hidden === undefined ? env : machine.newEnvironment(env, hidden);
    for (let slot = 0; slot < (hidden ?? 0); slot += 1)
      state.write(outer).list[slot] = new Sym(`outer.${slot}`);
    const args = node.parameters.map((_, index) => new Sym(`argument.${index}`));
    const frame = machine.newFrame(info, outer, new Sym("this"), undefined, args);
    frame.awaited = true;
    fiber.frames = [frame];
    fiber.status = "ready";
    machine.settleStep();
    return machine.panicked ? undefined : { state, program };
  } catch (error) {
    if (error instanceof GivenUp) return undefined;
    throw error;
  }
}
