import ts from "typescript";
import type { Code, FunctionInfo } from "./code.js";
import type { Fiber, State, Wait, WaitKind } from "./heap.js";
import { Frame, type Handler } from "./heap.js";
import { MachineObjects } from "./objects.js";
import { GivenUp, Ref, Sym, Thrown, type Value } from "./values.js";

/** Calls nested deeper than this are recursion that the search does not follow. */
const maxDepth = 120;
/** Open questions that one step may ask. */
const maxChoices = 14;

export interface Budget {
  instructions: number;
}

const nowhere = ts.factory.createIdentifier("result");

/** Below the first function of a task. */
const waitForResult: Code = {
  instructions: [
    { node: nowhere, run: (m, frame) => m.await(frame.stack.pop()) },
    { node: nowhere, run: (m, frame) => m.finish(frame.stack.pop()) },
  ],
  slots: 0,
  isAsync: true,
  isArrow: false,
  name: "result",
  id: 0,
  internal: true,
};

/** Runs one step of one state: a fiber from where it goes on until it waits again. */
export class Machine extends MachineObjects {
  fiber!: Fiber;
  /** The instruction at work. */
  node!: ts.Node;
  /** The answers given to the open questions of this step, in order, and how many answers each had. */
  answers: number[] = [];
  options: number[] = [];
  #asked = 0;
  /** Fibers that go on within this step: nothing of theirs can be seen from outside before they wait. */
  readonly #urgent: number[] = [];
  readonly #rejected: Ref[] = [];
  /** Top-level declarations are evaluated: nothing is waited for. */
  declaring = false;
  /** A task ended with an exception that nobody was waiting for: the program ends. */
  panicked = false;

  constructor(readonly budget: Budget) {
    super();
  }

  begin(state: State, answers: readonly number[]): void {
    this.state = state;
    this.answers = [...answers];
    this.options = answers.map(() => 0);
    this.#asked = 0;
    this.#urgent.length = 0;
    this.#rejected.length = 0;
    this.panicked = false;
  }

  /** Runs the fiber and whatever goes on at once because of it. */
  step(id: number): void {
    this.run(id);
    this.settleStep();
  }

  settleStep(): void {
    for (let next = this.#urgent.shift(); next !== undefined; next = this.#urgent.shift()) this.run(next);
    this.panicked ||= this.#rejected.some((ref) => this.state.get(ref).m !== 1);
  }

  choose(count: number): number {
    const index = this.#asked++;
    if (index < this.answers.length) {
      this.options[index] = count;
      return this.answers[index]!;
    }
    if (index >= maxChoices) throw new GivenUp("choices");
    this.answers.push(0);
    this.options.push(count);
    return 0;
  }

  run(id: number): void {
    const outer = this.fiber;
    const fiber = this.state.fiber(id);
    if (fiber.status === "done") return;
    this.fiber = fiber;
    const { wait } = fiber;
    fiber.status = "running";
    fiber.wait = undefined;
    let resumed = wait === undefined;
    for (;;) {
      try {
        if (!resumed) {
          resumed = true;
          this.#resume(wait!);
        }
        while (fiber.status === "running") this.#instruction(fiber);
        break;
      } catch (error) {
        if (!(error instanceof Thrown)) throw error;
        this.#unwind(error.value);
      }
    }
    this.fiber = outer;
  }

  #instruction(fiber: Fiber): void {
    const frame = fiber.frames[fiber.frames.length - 1]!;
    const instruction = frame.code.instructions[frame.pc++]!;
    if (--this.budget.instructions < 0) throw new GivenUp("instructions");
    this.node = instruction.node;
    instruction.run(this, frame);
  }

  get frame(): Frame {
    return this.fiber.frames[this.fiber.frames.length - 1]!;
  }

  #resume(wait: Ref): void {
    const promise = this.state.get(wait);
    if (promise.n === 0) {
      // Waits for something outside: it comes, or fails where the author expects that.
      if (this.#expectsFailure() && this.choose(2) === 1) throw new Thrown(this.fresh("error"));
      this.frame.stack.push(promise.c);
    } else if (promise.n === 1) this.frame.stack.push(promise.b);
    else throw new Thrown(promise.b);
  }

  #expectsFailure(): boolean {
    return this.fiber.frames.some((frame) => frame.handlers.some((handler: Handler) => handler.catches));
  }

  #unwind(value: Value): void {
    const { frames } = this.fiber;
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const handler = frame.handlers.pop();
      if (handler !== undefined) {
        frame.stack.length = handler.depth;
        frame.env = handler.env;
        frame.stack.push(value);
        frame.pc = handler.pc;
        return;
      }
      frames.pop();
    }
    this.fiber.status = "done";
    this.reject(this.fiber.promise, value);
  }

  throw(value: Value): never {
    throw new Thrown(value);
  }

  /** Leaves the function at work. */
  finish(value: Value): void {
    const frame = this.fiber.frames.pop()!;
    const result = frame.result === "construct" && !(value instanceof Ref) ? frame.self : value;
    const caller = this.fiber.frames.at(-1);
    if (caller === undefined) {
      this.fiber.status = "done";
      this.resolve(this.fiber.promise, result);
    } else if (frame.result !== "discard") caller.stack.push(result);
  }

  // ---- calls

  /** Calls a function of the program; leaves its result on the stack, at once or when it returns. */
  invoke(
    fn: Ref,
    info: FunctionInfo,
    self: Value,
    args: readonly Value[],
    awaited: boolean,
    result: Frame["result"] = "push",
  ): void {
    const closure = this.state.get(fn);
    const frame = this.newFrame(info, closure.a as Ref, this.selfOf(fn, self), closure.c, args);
    frame.result = result;
    if (frame.code.isAsync && !awaited) {
      const promise = this.promise();
      this.frame.stack.push(promise);
      this.run(this.start(frame, promise, this.fiber.name, this.fiber.task).id);
      return;
    }
    frame.awaited = awaited;
    this.pushFrame(frame);
  }

  pushFrame(frame: Frame): void {
    if (this.fiber.frames.length >= maxDepth) throw new GivenUp("depth");
    this.fiber.frames.push(frame);
  }

  /** The top level of a file: its variables are the module's own. */
  frameOf(info: FunctionInfo, env: Ref): Frame {
    return new Frame(info.code(), env, undefined, undefined, []);
  }

  newFrame(info: FunctionInfo, env: Ref, self: Value, home: Value, args: readonly Value[]): Frame {
    const code = info.code();
    return new Frame(code, this.newEnvironment(env, code.slots), self, home, args);
  }

  start(frame: Frame, promise: Ref, name: string, task: number | undefined): Fiber {
    const fiber = this.state.addFiber(task, name, promise);
    frame.awaited = true;
    // A promise that the function gives back is waited for here, so that it is this task that waits.
    if (!frame.code.isAsync) fiber.frames.push(new Frame(waitForResult, frame.env, undefined, undefined, []));
    fiber.frames.push(frame);
    return fiber;
  }

  /** A fiber that calls a function value: a task, or a callback that runs later. */
  spawn(
    fn: Value,
    args: readonly Value[],
    name: string,
    promise: Ref,
    task: number | undefined,
  ): Fiber | undefined {
    const closure = fn instanceof Ref ? this.state.get(fn) : undefined;
    if (closure?.kind === "closure") {
      const info = closure.info as FunctionInfo;
      const frame = this.newFrame(info, closure.a as Ref, closure.b, closure.c, args);
      return this.start(frame, promise, name, task);
    }
    if (closure?.kind === "native") {
      const result = this.callNative(closure, undefined, args);
      this.resolve(promise, result);
      return undefined;
    }
    this.escape(fn);
    for (const argument of args) this.escape(argument);
    this.resolve(promise, this.fresh("call"));
    return undefined;
  }

  urgent(id: number): void {
    this.#urgent.push(id);
  }

  // ---- waiting

  await(value: Value): void {
    const ref = value instanceof Ref && this.state.get(value).kind === "Promise" ? value : undefined;
    if (ref === undefined) {
      if (!(value instanceof Sym) || this.declaring) {
        this.frame.stack.push(value);
        return;
      }
      this.#suspend(this.external(new Sym(`await(${value.key})`)), "external");
      return;
    }
    const promise = this.state.write(ref);
    promise.m = 1;
    if (promise.n === 2) throw new Thrown(promise.b);
    if (promise.n === 1 && (promise.wait === undefined || this.declaring)) {
      this.frame.stack.push(promise.b);
      return;
    }
    if (this.declaring) {
      this.frame.stack.push(this.fresh("await"));
      return;
    }
    if (promise.n === 1) return this.#suspend(ref, "ready");
    if (promise.wait?.external) return this.#suspend(ref, "external");
    promise.more.push(this.fiber.id);
    this.#suspend(ref, "blocked");
  }

  #suspend(on: Ref, status: "ready" | "blocked" | "external"): void {
    this.fiber.wait = on;
    this.fiber.status = status;
  }

  /** Of code outside, which surely answers some time. */
  external(value: Value): Ref {
    const ref = this.waiting("other", [], true);
    this.state.write(ref).c = value;
    return ref;
  }

  /** A pending promise of a primitive: who awaits it lets others run. */
  waiting(kind: WaitKind, on: readonly Ref[], external = false, silent = external): Ref {
    const { ref, obj } = this.state.make("Promise");
    const wait: Wait = { kind, on, site: this.site(), external };
    obj.wait = wait;
    obj.c = this.fiber.id;
    if (!silent) this.#record(kind, wait.site, true);
    return ref;
  }

  #record(kind: WaitKind, site: ts.Node, waits: boolean): void {
    const { state, fiber } = this;
    state.trace = { fiber: fiber.id, name: fiber.name, kind, waits, site, previous: state.trace };
  }

  /** An operation that went through at once: the task may still be overtaken here. */
  passed(kind: WaitKind, on: readonly Ref[], value: Value): Ref {
    const ref = this.waiting(kind, on);
    const promise = this.state.write(ref);
    if (this.state.trace) this.state.trace = { ...this.state.trace, waits: false };
    promise.n = 1;
    promise.b = value;
    return ref;
  }

  promise(): Ref {
    return this.state.make("Promise").ref;
  }

  /** Settles with a value, or as the promise that the value is. */
  resolve(ref: Ref, value: Value): void {
    const other = value instanceof Ref ? this.state.get(value) : undefined;
    if (other?.kind !== "Promise") return this.#settle(ref, 1, value);
    if (other.n !== 0) {
      this.state.write(value as Ref).m = 1;
      return this.#settle(ref, other.n, other.b);
    }
    if (other.wait?.external) {
      this.state.write(ref).wait = other.wait;
      for (const id of this.state.get(ref).more)
        if (typeof id === "number") {
          const fiber = this.state.fiber(id);
          fiber.status = "external";
        }
      return;
    }
    if (other.escaped) this.escape(ref);
    this.state.write(value as Ref).more.push(ref);
  }

  reject(ref: Ref, error: Value): void {
    this.#settle(ref, 2, error);
  }

  #settle(ref: Ref, how: number, value: Value): void {
    const promise = this.state.write(ref);
    if (promise.n !== 0) return;
    const waiting = promise.more;
    promise.n = how;
    promise.b = value;
    promise.more = [];
    if (how === 2 && waiting.length === 0) this.#rejected.push(ref);
    const visible = promise.wait !== undefined;
    for (const each of waiting) {
      if (typeof each === "number") this.#wake(each, visible);
      else if (each instanceof Ref) this.#deliver(each, how, value);
    }
  }

  #wake(id: number, visible: boolean): void {
    const fiber = this.state.fiber(id);
    if (fiber.status !== "blocked" && fiber.status !== "external") return;
    fiber.spins = 0;
    fiber.status = "ready";
    if (!visible) this.#urgent.push(id);
  }

  /** A promise that follows this one, or what `then` was given. */
  #deliver(each: Ref, how: number, value: Value): void {
    const reaction = this.state.get(each);
    if (reaction.kind === "Promise") return this.#settle(each, how, value);
    const handler = how === 1 ? reaction.a : reaction.b;
    const result = reaction.c as Ref;
    if (!(handler instanceof Ref) && !(handler instanceof Sym)) return this.#settle(result, how, value);
    const fiber = this.spawn(handler, [value], this.state.fibers[reaction.n]?.name ?? "", result, reaction.m);
    if (fiber !== undefined) this.#urgent.push(fiber.id);
  }

  /** `promise.then(a, b)`. */
  react(ref: Ref, fulfilled: Value, rejected: Value): Ref {
    const result = this.promise();
    const { ref: made, obj } = this.state.make("reaction");
    obj.a = fulfilled;
    obj.b = rejected;
    obj.c = result;
    obj.n = this.fiber.id;
    obj.m = this.fiber.task;
    const promise = this.state.write(ref);
    promise.m = 1;
    if (promise.escaped) for (const each of [fulfilled, rejected, result]) this.escape(each);
    if (promise.n !== 0) {
      // Handled now: no unhandled rejection.
      const index = this.#rejected.indexOf(ref);
      if (index >= 0) this.#rejected.splice(index, 1);
      this.#deliver(made, promise.n, promise.b);
    } else if (promise.wait?.external) {
      this.state.write(result).wait = promise.wait;
      this.state.write(result).c = this.fresh("then");
      this.escape(fulfilled);
      this.escape(rejected);
    } else promise.more.push(made);
    return result;
  }

  /** Where the program's own text is at work: inside the library, the call that led there. */
  site(): ts.Node {
    const { frames } = this.fiber;
    for (let index = frames.length - 1; index >= 0; index -= 1) {
      const frame = frames[index]!;
      if (!frame.code.internal) return frame.code.instructions[Math.max(frame.pc - 1, 0)]!.node;
    }
    return this.node;
  }
}
