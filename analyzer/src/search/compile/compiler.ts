import ts from "typescript";
import type { Code, FunctionInfo, Instruction, Run } from "../code.js";
import type { Value } from "../values.js";
import type { Scope } from "./scope.js";

/** Whether a call's result is awaited next. `result`: if the caller of the function around it awaits. */
export type Awaited = boolean | "result";

export interface Label {
  pc: number;
}

/** What a jump out of a place has to undo, innermost last. */
type Enclosing =
  | { readonly kind: "environment" }
  | { readonly kind: "handler" }
  | { readonly kind: "finalizer"; readonly emit: () => void }
  | {
      readonly kind: "target";
      readonly label: string | undefined;
      readonly breakTo: Label;
      readonly continueTo: Label | undefined;
      /** `break` without a label stops here. */
      readonly plain: boolean;
    };

/** The parts of the translation, which call each other: each in a module of its own. */
export interface Parts {
  expression(c: Compiler, expression: ts.Expression, awaited?: Awaited): void;
  /** What is no link of the optional chain around it. */
  apart(c: Compiler, expression: ts.Expression, awaited?: Awaited): void;
  list(c: Compiler, node: ts.Node, elements: readonly ts.Expression[]): void;
  key(c: Compiler, name: ts.PropertyName): void;
  endChainIfMissing(c: Compiler, node: ts.Node, depth?: number): void;
  skipRight(c: Compiler, node: ts.Node, operator: ts.SyntaxKind, end: Label): void;
  objectRest(c: Compiler, node: ts.Node, without: readonly string[]): void;
  block(c: Compiler, statements: readonly ts.Statement[]): void;
  declarations(c: Compiler, list: ts.VariableDeclarationList): void;
}

/** What the translation of one function needs of the world around it. */
export interface World {
  readonly parts: Parts;
  readonly internal: boolean;
  /** The code of a function, or of the top level of a file, is about to run. */
  entered(node: ts.Node): void;
  /** Whether a `switch` without default covers every value that its subject can have. */
  isExhaustive(statement: ts.SwitchStatement): boolean;
  /** A name that no scope of the function declares: an import, or something global. */
  load(name: ts.Identifier): Run;
  functionInfo(node: ts.SignatureDeclaration, scope: Scope, name: string): FunctionInfo;
  classInfo(node: ts.ClassLikeDeclaration, scope: Scope): ClassInfo;
}

export interface ClassMember {
  /** With `get ` or `set ` in front for an accessor. */
  readonly key: string;
  readonly isStatic: boolean;
  readonly info: FunctionInfo;
}

/** A class as the text says it. */
export interface ClassInfo {
  readonly name: string;
  readonly node: ts.ClassLikeDeclaration;
  readonly construct: FunctionInfo | undefined;
  /** Runs the initialisers of the fields, with `this` the new object. */
  readonly fields: FunctionInfo;
  readonly statics: FunctionInfo;
  readonly members: readonly ClassMember[];
  readonly derived: boolean;
  readonly id: number;
  readonly internal: boolean;
}

/** Translates one function: instructions in order, and what surrounds the place being translated. */
export class Compiler {
  readonly #instructions: Instruction[] = [];
  #enclosing: readonly Enclosing[] = [];
  /** For `label: for (…)`. */
  pendingLabel: string | undefined;

  constructor(
    public scope: Scope,
    readonly world: World,
    readonly isAsync: boolean,
  ) {}

  get parts(): Parts {
    return this.world.parts;
  }

  emit(node: ts.Node, run: Run): void {
    this.#instructions.push({ run, node });
  }

  label(): Label {
    return { pc: -1 };
  }

  place(label: Label): void {
    label.pc = this.#instructions.length;
  }

  jump(node: ts.Node, to: Label): void {
    this.emit(node, (_, frame) => {
      frame.pc = to.pc;
    });
  }

  push(node: ts.Node, value: Value): void {
    this.emit(node, (_, frame) => {
      frame.stack.push(value);
    });
  }

  pop(node: ts.Node): void {
    this.emit(node, (_, frame) => {
      frame.stack.pop();
    });
  }

  duplicate(node: ts.Node): void {
    this.emit(node, (_, frame) => {
      frame.stack.push(frame.stack[frame.stack.length - 1]);
    });
  }

  /** Jumps when the value on top, which is taken off, counts as true (or false). */
  branch(node: ts.Node, wanted: boolean, to: Label): void {
    this.emit(node, (m, frame) => {
      if (m.truth(frame.stack.pop()) === wanted) frame.pc = to.pc;
    });
  }

  store(node: ts.Node, slot: number): void {
    this.emit(node, (m, frame) => {
      m.state.write(frame.env).list[slot] = frame.stack.pop();
    });
  }

  load(node: ts.Node, slot: number): void {
    this.emit(node, (m, frame) => {
      frame.stack.push(m.state.get(frame.env).list[slot]);
    });
  }

  /** A variable of this function that the text does not name, reached from nested environments too. */
  hidden(): { load: (node: ts.Node) => void; store: (node: ts.Node) => void } {
    const slot = this.scope.hidden();
    const home = this.scope;
    const hops = () => {
      let depth = 0;
      for (let at: Scope | undefined = this.scope; at !== undefined && at !== home; at = at.outer)
        if (at.outer !== undefined && at.isSeparateFrom(at.outer)) depth += 1;
      return depth;
    };
    return {
      load: (node) => {
        const depth = hops();
        this.emit(node, (m, frame) => {
          frame.stack.push(m.state.get(m.environment(frame.env, depth)).list[slot]);
        });
      },
      store: (node) => {
        const depth = hops();
        this.emit(node, (m, frame) => {
          m.state.write(m.environment(frame.env, depth)).list[slot] = frame.stack.pop();
        });
      },
    };
  }

  within(enclosing: Enclosing, body: () => void): void {
    const before = this.#enclosing;
    this.#enclosing = [...before, enclosing];
    body();
    this.#enclosing = before;
  }

  /** Runs `body`; what it throws goes to `to`, with the exception on the stack. */
  handler(node: ts.Node, to: Label, catches: boolean, body: () => void): void {
    this.emit(node, (_, frame) => {
      frame.handlers.push({ pc: to.pc, depth: frame.stack.length, env: frame.env, catches });
    });
    this.within({ kind: "handler" }, body);
    this.emit(node, (_, frame) => {
      frame.handlers.pop();
    });
  }

  get insideProtection(): boolean {
    return this.#enclosing.some((each) => each.kind === "handler" || each.kind === "finalizer");
  }

  /** Undoes what lies between here and an outer place, running its finalizers. */
  #leave(node: ts.Node, depth: number): void {
    const before = this.#enclosing;
    const scope = this.scope;
    for (let index = before.length - 1; index >= depth; index -= 1) {
      const each = before[index]!;
      this.#enclosing = before.slice(0, index);
      if (each.kind === "environment") {
        this.emit(node, (m, frame) => {
          frame.env = m.environment(frame.env, 1);
        });
        this.scope = outsideOf(this.scope);
      } else if (each.kind === "handler")
        this.emit(node, (_, frame) => {
          frame.handlers.pop();
        });
      else if (each.kind === "finalizer") each.emit();
    }
    this.#enclosing = before;
    this.scope = scope;
  }

  /** The value to return is on the stack. */
  leaveFunction(node: ts.Node): void {
    this.#leave(node, 0);
    this.emit(node, (m, frame) => m.finish(frame.stack.pop()));
  }

  leaveTo(node: ts.BreakOrContinueStatement): void {
    const wanted = node.label?.text;
    const continues = ts.isContinueStatement(node);
    for (let index = this.#enclosing.length - 1; index >= 0; index -= 1) {
      const each = this.#enclosing[index]!;
      if (each.kind !== "target") continue;
      const to = continues ? each.continueTo : each.breakTo;
      if (to === undefined || (wanted === undefined ? !each.plain : each.label !== wanted)) continue;
      this.#leave(node, index + 1);
      this.jump(node, to);
      return;
    }
  }

  finish(node: ts.Node, name: string, id: number, isArrow: boolean): Code {
    this.push(node, undefined);
    this.emit(node, (m, frame) => m.finish(frame.stack.pop()));
    return {
      instructions: this.#instructions,
      slots: this.scope.slots,
      isAsync: this.isAsync,
      isArrow,
      name,
      id,
      internal: this.world.internal,
    };
  }
}

function outsideOf(scope: Scope): Scope {
  let at = scope;
  while (at.outer !== undefined && !at.isSeparateFrom(at.outer)) at = at.outer;
  return at.outer ?? at;
}
