import ts from "typescript";
import type { Code, FunctionInfo } from "./code.js";
import type { Fiber, State } from "./heap.js";
import { Frame, type Handler } from "./heap.js";
import { MachinePromises } from "./objects/promises.js";
import { GivenUp, Ref, Thrown, type Value } from "./values.js";

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
export class Machine extends MachinePromises {
  fiber!: Fiber;
  /** The instruction at work. */
  node!: ts.Node;
  /** The answers given to the open questions of this step, in order, and how many answers each had. */
  answers: number[] = [];
  options: number[] = [];
  #asked = 0;
  /** The promise of a task that ended with an exception that nobody was waiting for: the program ends. */
  panicked: Ref | undefined;

  constructor(readonly budget: Budget) {
    super();
  }

  begin(state: State, answers: readonly number[]): void {
    this.state = state;
    this.answers = [...answers];
    this.options = answers.map(() => 0);
    this.#asked = 0;
    this.goOn.length = 0;
    this.rejected.length = 0;
    this.panicked = undefined;
  }

  /** Runs the fiber and whatever goes on at once because of it. */
  step(id: number): void {
    this.run(id);
    this.settleStep();
  }

  settleStep(): void {
    for (let next = this.goOn.shift(); next !== undefined; next = this.goOn.shift()) this.run(next);
    this.panicked ??= this.rejected.find((ref) => this.state.get(ref).m !== 1);
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
    this.goOn.push(id);
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
