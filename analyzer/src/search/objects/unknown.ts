import type ts from "typescript";
import type { FunctionInfo } from "../code.js";
import type { Fiber, Frame, State } from "../heap.js";
import type { Machine } from "../machine.js";
import type { Program } from "../program.js";
import { Ref, Sym, truthOf, type Value } from "../values.js";

/** A list of unknown length is taken to be empty, or of this length. */
export const unknownLength = 2;

/** Values that the text does not say: questions about them have two answers, and both are looked at. */
export abstract class MachineUnknowns {
  state!: State;
  program!: Program;
  abstract fiber: Fiber;
  abstract get frame(): Frame;
  abstract choose(count: number): number;
  abstract throw(value: Value): never;
  abstract invoke(
    fn: Ref,
    info: FunctionInfo,
    self: Value,
    args: readonly Value[],
    awaited: boolean,
    result?: Frame["result"],
  ): void;
  abstract newFrame(info: FunctionInfo, env: Ref, self: Value, home: Value, args: readonly Value[]): Frame;
  abstract pushFrame(frame: Frame): void;
  abstract site(): ts.Node;
  abstract call(fn: Value, self: Value, args: readonly Value[], awaited: boolean): void;
  abstract callMethod(base: Value, key: string, args: readonly Value[], awaited: boolean): void;

  protected get self(): Machine {
    return this as unknown as Machine;
  }

  /** A value that comes from outside, like no other. */
  fresh(what: string): Sym {
    const { fiber } = this;
    fiber.fresh += 1;
    return new Sym(`${what}#${fiber.id}.${fiber.fresh}`);
  }

  truth(value: Value): boolean {
    const known = truthOf(value);
    if (known !== undefined) return known;
    const { key } = value as Sym;
    return key.startsWith("!") ? !this.#answer(key.slice(1)) : this.#answer(key);
  }

  #answer(key: string): boolean {
    const known = this.state.assumed.get(key);
    if (known !== undefined) return known;
    const answer = this.choose(2) === 0;
    this.state.assumed = new Map(this.state.assumed).set(key, answer);
    return answer;
  }

  isMissing(value: Value): boolean {
    if (!(value instanceof Sym)) return value === undefined || value === null;
    if (this.state.assumed.get(value.key) === true) return false;
    // What is used like an object usually is one: the way without it is there when it is asked for.
    const missing = !this.#answer(`present(${value.key})`);
    if (missing) this.state.assumed = new Map(this.state.assumed).set(value.key, false);
    return missing;
  }

  /** Whether a parameter's default is not needed. */
  isGiven(value: Value): boolean {
    return value !== undefined;
  }

  protected lengthOf(value: Sym): number {
    return this.#answer(`filled(${value.key})`) ? unknownLength : 0;
  }

  /** The value goes where the search does not see: others may work on all that can be reached from it. */
  escape(value: Value): void {
    if (!(value instanceof Ref)) return;
    const obj = this.state.get(value);
    if (obj.escaped || value.id < this.program.libraryObjects) return;
    this.state.write(value).escaped = true;
    for (const each of [obj.a, obj.b, obj.c, ...obj.list, ...obj.more]) this.escape(each);
    for (const each of obj.props?.values() ?? []) this.escape(each);
  }
}
