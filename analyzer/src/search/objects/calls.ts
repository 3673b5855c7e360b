import type { FunctionInfo } from "../code.js";
import type { Obj } from "../heap.js";
import { type NativeInfo, nativeMethod, primitiveMethod } from "../natives/index.js";
import { GivenUp, Ref, Sym, symbolic, type Value } from "../values.js";
import { MachineProperties } from "./properties.js";

const iterating = new Set(["forEach", "map", "filter", "some", "every", "find", "flatMap", "reduce"]);

/** Calls of functions, of methods and of what nobody knows. */
export abstract class MachineCalls extends MachineProperties {
  callNative(fn: Obj, self: Value, args: readonly Value[]): Value {
    return (fn.info as NativeInfo).run(this.self, (fn.a ?? self) as Ref, args);
  }

  call(fn: Value, self: Value, args: readonly Value[], awaited: boolean): void {
    const obj = fn instanceof Ref ? this.state.get(fn) : undefined;
    if (obj?.kind === "closure") return this.invoke(fn as Ref, obj.info as FunctionInfo, self, args, awaited);
    if (obj?.kind === "native") {
      this.frame.stack.push(this.callNative(obj, self, args));
      return;
    }
    if (fn instanceof Sym) return this.callUnknown(fn.key, args);
    return this.typeError("not a function");
  }

  callUnknown(key: string, args: readonly Value[]): void {
    if (
      !/^global\.(console|JSON|Math|Number|String|Boolean|Object|assert|expect|performance|Symbol|Date|BigInt|parse\w+|is\w+|clear\w+)\b/.test(
        key,
      )
    )
      for (const argument of args) this.escape(argument);
    if (/^global\.process\.(exit|abort)$/.test(key)) throw new GivenUp("exit");
    this.frame.stack.push(this.fresh("call"));
  }

  hasMethod(base: Value, key: string): boolean {
    if (base instanceof Sym) return true;
    if (!(base instanceof Ref)) return base !== undefined && base !== null;
    const obj = this.state.get(base);
    const found = this.member(obj, key);
    return nativeMethod(obj.kind, key) !== undefined || (found !== undefined && found !== null);
  }

  callMethod(base: Value, key: string, args: readonly Value[], awaited: boolean): void {
    if (base === undefined || base === null) return this.typeError(`cannot read ${key}`);
    if (base instanceof Sym) {
      if (iterating.has(key) && this.#isClosure(args[0]))
        return this.callMethod(this.asArray(base), key, args, awaited);
      return this.callUnknown(`${base.key}.${key}`, args);
    }
    if (!(base instanceof Ref)) {
      this.frame.stack.push(primitiveMethod(this.self, base, key, args));
      return;
    }
    const obj = this.state.get(base);
    const own = obj.props?.get(key);
    const native = own === undefined ? nativeMethod(obj.kind, key) : undefined;
    if (native !== undefined) {
      this.frame.stack.push(native(this.self, base, args));
      return;
    }
    const found = own ?? this.member(obj, key);
    if (found !== undefined) return this.call(found, base, args, awaited);
    if (obj.kind === "closure" || obj.kind === "native") {
      if (key === "call") return this.call(base, args[0], args.slice(1), awaited);
      if (key === "apply") return this.call(base, args[0], this.elements(args[1]), awaited);
      if (key === "bind") {
        const bound = this.state.make("closure", obj.info);
        bound.obj.a = obj.a;
        bound.obj.b = obj.n === 1 ? obj.b : args[0];
        bound.obj.c = obj.c;
        bound.obj.n = 1;
        if (obj.kind === "closure" && args.length <= 1) {
          this.frame.stack.push(bound.ref);
          return;
        }
      }
    }
    const getter = this.member(obj, `get ${key}`);
    if (getter !== undefined || obj.escaped || obj.kind !== "object") {
      for (const argument of args) this.escape(argument);
      this.escape(base);
      this.frame.stack.push(this.fresh("call"));
      return;
    }
    return this.typeError(`${key} is not a function`);
  }

  #isClosure(value: Value): boolean {
    return value instanceof Ref && this.state.get(value).kind === "closure";
  }

  /** The end of a `using`: leaves what is to be awaited. */
  dispose(resource: Value): void {
    if (!(resource instanceof Ref)) {
      this.frame.stack.push(undefined);
      return;
    }
    const obj = this.state.get(resource);
    for (const key of ["[global.Symbol.dispose]", "[global.Symbol.asyncDispose]"]) {
      const method = this.member(obj, key);
      if (method !== undefined) return this.call(method, resource, [], true);
      const native = nativeMethod(obj.kind, key);
      if (native !== undefined) {
        this.frame.stack.push(native(this.self, resource, []));
        return;
      }
    }
    this.frame.stack.push(undefined);
  }

  typeOf(value: Value): Value {
    if (value instanceof Sym) return symbolic("typeof", value);
    if (!(value instanceof Ref)) return typeof value;
    const { kind } = this.state.get(value);
    return kind === "closure" || kind === "native" || kind === "class" ? "function" : "object";
  }
}
