import type ts from "typescript";
import type { Fiber, Wait, WaitKind } from "../heap.js";
import { Ref, Sym, Thrown, type Value } from "../values.js";
import { MachineObjects } from "./classes.js";

/** Waiting and going on: promises, those of primitives among them. */
export abstract class MachinePromises extends MachineObjects {
  /** Fibers that go on within this step: nothing of theirs can be seen from outside before they wait. */
  protected readonly goOn: number[] = [];
  protected readonly rejected: Ref[] = [];
  /** Top-level declarations are evaluated: nothing is waited for. */
  declaring = false;

  /** A fiber that calls a function value: a task, or a callback that runs later. */
  abstract spawn(
    fn: Value,
    args: readonly Value[],
    name: string,
    promise: Ref,
    task: number | undefined,
  ): Fiber | undefined;

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
    if (how === 2 && waiting.length === 0) this.rejected.push(ref);
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
    if (!visible) this.goOn.push(id);
  }

  /** A promise that follows this one, or what `then` was given. */
  #deliver(each: Ref, how: number, value: Value): void {
    const reaction = this.state.get(each);
    if (reaction.kind === "Promise") return this.#settle(each, how, value);
    const handler = how === 1 ? reaction.a : reaction.b;
    const result = reaction.c as Ref;
    if (!(handler instanceof Ref) && !(handler instanceof Sym)) return this.#settle(result, how, value);
    const fiber = this.spawn(handler, [value], this.state.fibers[reaction.n]?.name ?? "", result, reaction.m);
    if (fiber !== undefined) this.goOn.push(fiber.id);
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
      const index = this.rejected.indexOf(ref);
      if (index >= 0) this.rejected.splice(index, 1);
      this.#deliver(made, promise.n, promise.b);
    } else if (promise.wait?.external) {
      this.state.write(result).wait = promise.wait;
      this.state.write(result).c = this.fresh("then");
      this.escape(fulfilled);
      this.escape(rejected);
    } else promise.more.push(made);
    return result;
  }
}
