import type { FunctionInfo } from "../code.js";
import type { Obj } from "../heap.js";
import { type Native, type NativeInfo, nativeMethod, nativeProperty } from "../natives/index.js";
import { keyOf, Ref, Sym, symbolic, type Value } from "../values.js";
import { MachineLists } from "./lists.js";

/** Reading and writing members of objects. */
export abstract class MachineProperties extends MachineLists {
  propertyKey(key: Value): string {
    if (typeof key === "string") return key;
    return key instanceof Sym || key instanceof Ref ? `[${keyOf(key)}]` : String(key);
  }

  protected onChain(from: Ref, key: string): Value {
    for (let at: Value = from; at instanceof Ref; ) {
      const obj: Obj = this.state.get(at);
      const found = obj.props?.get(key);
      if (found !== undefined) return found;
      at = obj.a;
    }
    return undefined;
  }

  /** An object's own or inherited member, accessors apart. */
  protected member(obj: Obj, key: string): Value {
    const own = obj.props?.get(key);
    if (own !== undefined || obj.props?.has(key)) return own;
    if (obj.kind === "Array") {
      if (key === "length") return obj.list.length;
      const index = Number(key);
      if (Number.isInteger(index)) return obj.list[index];
      if (key.startsWith("[@") || key.startsWith("[")) return new Sym(`element${key}`);
    }
    const native = nativeMethod(obj.kind, key);
    if (native !== undefined) return undefined;
    return obj.kind === "class" && obj.a instanceof Ref
      ? this.member(this.state.get(obj.a), key)
      : obj.a instanceof Ref && obj.kind !== "closure"
        ? this.onChain(obj.a, key)
        : undefined;
  }

  /** Reads a property onto the stack; a getter runs first. */
  load(base: Value, key: string): void {
    const { stack } = this.frame;
    if (base instanceof Sym) {
      if (key === "length") stack.push(this.lengthOf(base));
      else stack.push(new Sym(`${base.key}.${key}`));
      return;
    }
    if (base === undefined || base === null) return this.typeError(`cannot read ${key}`);
    if (!(base instanceof Ref)) {
      if (typeof base === "string" && key === "length") stack.push(base.length);
      else if (typeof base === "string" && /^\d+$/.test(key)) stack.push(base[Number(key)]);
      else stack.push(symbolic(key, base));
      return;
    }
    const obj = this.state.get(base);
    const property = nativeProperty(obj.kind, key);
    if (property !== undefined) {
      stack.push(property(this.self, base));
      return;
    }
    const found = this.member(obj, key);
    if (found !== undefined) {
      stack.push(found);
      return;
    }
    const getter = this.member(obj, `get ${key}`);
    if (getter instanceof Ref) return this.call(getter, base, [], false);
    const native = nativeMethod(obj.kind, key);
    stack.push(native === undefined ? this.#absent(obj, key) : this.native(native, base));
  }

  /** A name that the search's picture of the object lacks; of the program's own objects it knows all. */
  #absent(obj: Obj, key: string): Value {
    if (obj.escaped || key.startsWith("[")) return this.fresh(key);
    return obj.kind === "closure" || obj.kind === "native" || obj.kind === "class"
      ? this.fresh(key)
      : undefined;
  }

  assign(base: Value, key: string, value: Value): void {
    if (base === undefined || base === null) return this.typeError(`cannot set ${key}`);
    if (!(base instanceof Ref)) return this.escape(value);
    const obj = this.state.get(base);
    if (obj.escaped) this.escape(value);
    const setter = obj.props?.has(key) ? undefined : this.member(obj, `set ${key}`);
    if (setter instanceof Ref) {
      const info = this.state.get(setter).info as FunctionInfo;
      return this.invoke(setter, info, base, [value], false, "discard");
    }
    const written = this.state.write(base);
    if (obj.kind === "Array") {
      const index = Number(key);
      if (key === "length" && typeof value === "number")
        written.list.length = Math.min(value, written.list.length);
      else if (Number.isInteger(index) && index >= 0 && index < 1000) {
        while (written.list.length < index) written.list.push(undefined);
        written.list[index] = value;
      }
      return;
    }
    written.props ??= new Map();
    written.props.set(key, value);
  }

  defineOwn(base: Value, key: string, value: Value): void {
    if (!(base instanceof Ref)) return;
    const obj = this.state.write(base);
    obj.props ??= new Map();
    obj.props.set(key, value);
  }

  hasOwn(base: Value, key: string): boolean {
    return base instanceof Ref && (this.state.get(base).props?.has(key) ?? false);
  }

  has(base: Value, key: Value): Value {
    if (!(base instanceof Ref) || key instanceof Sym) return symbolic("in", key, base);
    const name = this.propertyKey(key);
    return this.hasOwn(base, name) || this.member(this.state.get(base), name) !== undefined;
  }

  copyProperties(from: Value, to: Value): void {
    if (!(to instanceof Ref)) return;
    if (!(from instanceof Ref)) {
      // What an unknown object holds may be anything: so may the copy.
      if (from instanceof Sym) this.state.write(to).escaped = true;
      return;
    }
    const source = this.state.get(from);
    const target = this.state.write(to);
    target.props ??= new Map();
    for (const [key, value] of source.props ?? []) target.props.set(key, value);
    if (source.kind === "Array")
      for (const [index, value] of source.list.entries()) target.props.set(String(index), value);
  }

  keys(over: Value): Value {
    if (over instanceof Sym) return this.iterator(this.asArray(over), false);
    if (!(over instanceof Ref)) return this.iterator(this.array([]), false);
    return this.iterator(this.array(this.ownKeys(over)), false);
  }

  ownKeys(of: Ref): string[] {
    const obj = this.state.get(of);
    if (obj.kind === "Array") return obj.list.map((_, index) => String(index));
    return [...(obj.props?.keys() ?? [])].filter((key) => !key.startsWith("#") && !/^[gs]et /.test(key));
  }

  native(run: Native, self: Value): Ref {
    const { ref, obj } = this.state.make("native", { run } satisfies NativeInfo);
    obj.a = self;
    return ref;
  }
}
