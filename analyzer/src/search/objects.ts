import type ts from "typescript";
import type { FunctionInfo } from "./code.js";
import type { ClassInfo } from "./compile/compiler.js";
import type { Fiber, Frame, Obj, State } from "./heap.js";
import type { Machine } from "./machine.js";
import {
  type Native,
  type NativeInfo,
  nativeMethods,
  nativeProperties,
  primitiveMethod,
} from "./natives/index.js";
import type { Program } from "./program.js";
import { GivenUp, keyOf, Ref, Sym, symbolic, truthOf, type Value } from "./values.js";

/** A list of unknown length is taken to be empty, or of this length. */
const unknownLength = 2;
const iterating = new Set(["forEach", "map", "filter", "some", "every", "find", "flatMap", "reduce"]);

/** Objects, functions and classes of the program: what reading, writing and calling them does. */
export abstract class MachineObjects {
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

  private get self(): Machine {
    return this as unknown as Machine;
  }

  // ---- what is not known

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

  #lengthOf(value: Sym): number {
    return this.#answer(`filled(${value.key})`) ? unknownLength : 0;
  }

  #asArray(value: Sym): Ref {
    const items = Array.from(
      { length: this.#lengthOf(value) },
      (_, index) => new Sym(`${value.key}.${index}`),
    );
    return this.array(items);
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

  // ---- environments and functions

  newEnvironment(outer: Ref | undefined, slots: number): Ref {
    const { ref, obj } = this.state.make("env");
    obj.a = outer;
    for (let slot = 0; slot < slots; slot += 1) obj.list.push(undefined);
    return ref;
  }

  copyEnvironment(env: Ref): Ref {
    const { ref, obj } = this.state.make("env");
    const from = this.state.get(env);
    obj.a = from.a;
    obj.list = from.list.slice();
    return ref;
  }

  environment(env: Ref, hops: number): Ref {
    let at = env;
    for (let hop = 0; hop < hops; hop += 1) at = this.state.get(at).a as Ref;
    return at;
  }

  closure(info: FunctionInfo, frame: Frame, arrow: boolean): Ref {
    const { ref, obj } = this.state.make("closure", info);
    obj.a = frame.env;
    if (arrow) obj.b = frame.self;
    obj.c = arrow ? frame.home : undefined;
    obj.n = arrow ? 1 : 0;
    return ref;
  }

  selfOf(fn: Ref, self: Value): Value {
    const closure = this.state.get(fn);
    return closure.n === 1 ? closure.b : self;
  }

  // ---- classes

  defineClass(info: ClassInfo, frame: Frame, base: Value): void {
    const cls = this.state.make("class", info);
    const proto = this.state.make("proto", info);
    const parent = base instanceof Ref ? this.state.get(base) : undefined;
    cls.obj.a = base;
    cls.obj.b = proto.ref;
    cls.obj.c = frame.env;
    proto.obj.a = parent?.b;
    proto.obj.c = cls.ref;
    cls.obj.props = new Map();
    proto.obj.props = new Map();
    for (const { key, isStatic, info: method } of info.members) {
      const { ref, obj } = this.state.make("closure", method);
      obj.a = frame.env;
      obj.c = proto.ref;
      (isStatic ? cls.obj : proto.obj).props!.set(key, ref);
    }
    frame.stack.push(cls.ref);
    const statics = this.newFrame(info.statics, frame.env, cls.ref, proto.ref, []);
    statics.result = "discard";
    this.pushFrame(statics);
  }

  /** The class of the library or the language that an object's class goes back to. */
  #rootKind(cls: Obj): string {
    for (
      let at: Obj | undefined = cls;
      at !== undefined;
      at = at.a instanceof Ref ? this.state.get(at.a) : undefined
    ) {
      const info = at.info as ClassInfo;
      if (info.internal) return info.name;
    }
    return "instance";
  }

  construct(cls: Value, args: readonly Value[], node: ts.Node): void {
    const found = cls instanceof Ref ? this.state.get(cls) : undefined;
    if (found?.kind !== "class") {
      for (const argument of args) this.escape(argument);
      this.frame.stack.push(this.fresh("new"));
      return;
    }
    const { ref, obj } = this.state.make(this.#rootKind(found));
    obj.a = found.b;
    obj.props = new Map();
    obj.site = node;
    this.#runConstructor(cls as Ref, ref, args, "construct");
  }

  #runConstructor(cls: Ref, self: Ref, args: readonly Value[], result: Frame["result"]): void {
    const { info, b: proto, c: env, a: base } = this.state.get(cls);
    const { construct, fields, derived } = info as ClassInfo;
    const enter = (what: FunctionInfo, how: Frame["result"]) => {
      const frame = this.newFrame(what, env as Ref, self, proto, args);
      frame.result = how;
      this.pushFrame(frame);
    };
    if (construct !== undefined) {
      enter(construct, result);
      if (!derived) enter(fields, "discard");
      return;
    }
    enter(fields, result);
    if (derived) this.#constructBase(base, self, args);
  }

  #constructBase(base: Value, self: Ref, args: readonly Value[]): void {
    if (base instanceof Ref && this.state.get(base).kind === "class")
      this.#runConstructor(base, self, args, "discard");
    else {
      this.escape(self);
      for (const argument of args) this.escape(argument);
    }
  }

  superConstruct(frame: Frame, args: readonly Value[]): void {
    const cls = this.state.get(frame.home as Ref).c as Ref;
    const { info, b: proto, c: env, a: base } = this.state.get(cls);
    const fields = this.newFrame((info as ClassInfo).fields, env as Ref, frame.self, proto, []);
    this.pushFrame(fields);
    this.#constructBase(base, frame.self as Ref, args);
  }

  superMember(frame: Frame, name: string): Value {
    const home = frame.home instanceof Ref ? this.state.get(frame.home).a : undefined;
    const found = home instanceof Ref ? this.#onChain(home, name) : undefined;
    return found ?? this.fresh("super");
  }

  instanceOf(value: Value, cls: Value): Value {
    if (value instanceof Sym || !(cls instanceof Ref)) return symbolic("instanceof", value, cls);
    if (!(value instanceof Ref)) return false;
    const wanted = this.state.get(cls).b;
    for (let at = this.state.get(value).a; at instanceof Ref; at = this.state.get(at).a)
      if (at === wanted) return true;
    return false;
  }

  // ---- properties

  propertyKey(key: Value): string {
    if (typeof key === "string") return key;
    return key instanceof Sym || key instanceof Ref ? `[${keyOf(key)}]` : String(key);
  }

  #onChain(from: Ref, key: string): Value {
    for (let at: Value = from; at instanceof Ref; ) {
      const obj: Obj = this.state.get(at);
      const found = obj.props?.get(key);
      if (found !== undefined) return found;
      at = obj.a;
    }
    return undefined;
  }

  /** An object's own or inherited member, accessors apart. */
  #member(obj: Obj, key: string): Value {
    const own = obj.props?.get(key);
    if (own !== undefined || obj.props?.has(key)) return own;
    if (obj.kind === "Array") {
      if (key === "length") return obj.list.length;
      const index = Number(key);
      if (Number.isInteger(index)) return obj.list[index];
      if (key.startsWith("[@") || key.startsWith("[")) return new Sym(`element${key}`);
    }
    const native = nativeMethods[obj.kind]?.[key];
    if (native !== undefined) return undefined;
    return obj.kind === "class" && obj.a instanceof Ref
      ? this.#member(this.state.get(obj.a), key)
      : obj.a instanceof Ref && obj.kind !== "closure"
        ? this.#onChain(obj.a, key)
        : undefined;
  }

  /** Reads a property onto the stack; a getter runs first. */
  load(base: Value, key: string): void {
    const { stack } = this.frame;
    if (base instanceof Sym) {
      if (key === "length") stack.push(this.#lengthOf(base));
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
    const property = nativeProperties[obj.kind]?.[key];
    if (property !== undefined) {
      stack.push(property(this.self, base));
      return;
    }
    const found = this.#member(obj, key);
    if (found !== undefined) {
      stack.push(found);
      return;
    }
    const getter = this.#member(obj, `get ${key}`);
    if (getter instanceof Ref) return this.call(getter, base, [], false);
    const native = nativeMethods[obj.kind]?.[key];
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
    const setter = obj.props?.has(key) ? undefined : this.#member(obj, `set ${key}`);
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
    return this.hasOwn(base, name) || this.#member(this.state.get(base), name) !== undefined;
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
    if (over instanceof Sym) return this.iterator(this.#asArray(over), false);
    if (!(over instanceof Ref)) return this.iterator(this.array([]), false);
    return this.iterator(this.array(this.ownKeys(over)), false);
  }

  ownKeys(of: Ref): string[] {
    const obj = this.state.get(of);
    if (obj.kind === "Array") return obj.list.map((_, index) => String(index));
    return [...(obj.props?.keys() ?? [])].filter((key) => !key.startsWith("#") && !/^[gs]et /.test(key));
  }

  // ---- lists

  array(items: readonly Value[]): Ref {
    const { ref, obj } = this.state.make("Array");
    obj.a = this.program.prototypeOf("Array");
    obj.list = [...items];
    if (obj.list.length > 300) throw new GivenUp("list");
    return ref;
  }

  object(): Ref {
    const { ref, obj } = this.state.make("object");
    obj.props = new Map();
    return ref;
  }

  /** What iterating over the value gives. */
  elements(value: Value, atLeast = 0): Value[] {
    if (value instanceof Sym) {
      const length = atLeast > 0 ? atLeast : this.#lengthOf(value);
      return Array.from({ length }, (_, index) => new Sym(`${value.key}.${index}`));
    }
    if (typeof value === "string") return [...value];
    if (!(value instanceof Ref)) return this.typeError("not iterable");
    const obj = this.state.get(value);
    if (obj.kind === "Map") return obj.list.map((key, index) => this.array([key, obj.more[index]]));
    if (obj.kind === "Array" || obj.kind === "Set") return obj.list.slice();
    if (obj.kind === "iterator") return this.elements(obj.a);
    throw new GivenUp("iteration");
  }

  iterator(over: Value, waits: boolean): Value {
    const { ref, obj } = this.state.make("iterator");
    const source = over instanceof Ref ? this.state.get(over) : undefined;
    if (source?.kind === "iterator") return over;
    if ((waits && (source?.kind === "Channel" || source === undefined)) || source?.kind === "Array")
      obj.a = over;
    else obj.a = this.array(this.elements(over));
    return ref;
  }

  /** Leaves the next value and whether there is one; over a channel, the promise of a receive. */
  next(iterator: Value, waits: boolean): void {
    const { stack } = this.frame;
    const at = this.state.write(iterator as Ref);
    const source = at.a;
    const obj = source instanceof Ref ? this.state.get(source) : undefined;
    if (obj?.kind === "Array") {
      const index = at.n++;
      const value = obj.list[index];
      if (waits) stack.push(this.array([value, index < obj.list.length]));
      else stack.push(value, index < obj.list.length);
      return;
    }
    if (obj?.kind === "Channel") return this.callMethod(source, "receiveOk", [], false);
    // Something unknown that is waited for: one value more, or its end.
    at.n = Math.min(at.n + 1, unknownLength + 1);
    const more = at.n <= unknownLength && this.choose(2) === 0;
    stack.push(this.self.external(this.array([this.fresh("item"), more])));
  }

  unpackNext(pair: Value): void {
    const { list } = this.state.get(pair as Ref);
    this.frame.stack.push(list[0], list[1]);
  }

  // ---- calls

  typeError(message: string): never {
    return this.throw(this.error("TypeError", message));
  }

  error(name: string, message: string, code?: string): Ref {
    const { ref, obj } = this.state.make("Error");
    obj.a = this.program.prototypeOf(name);
    obj.props = new Map<string, Value>([
      ["message", message],
      ["name", name],
      ["code", code],
    ]);
    return ref;
  }

  native(run: Native, self: Value): Ref {
    const { ref, obj } = this.state.make("native", { run } satisfies NativeInfo);
    obj.a = self;
    return ref;
  }

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
    const found = this.#member(obj, key);
    return nativeMethods[obj.kind]?.[key] !== undefined || (found !== undefined && found !== null);
  }

  callMethod(base: Value, key: string, args: readonly Value[], awaited: boolean): void {
    if (base === undefined || base === null) return this.typeError(`cannot read ${key}`);
    if (base instanceof Sym) {
      if (iterating.has(key) && this.#isClosure(args[0]))
        return this.callMethod(this.#asArray(base), key, args, awaited);
      return this.callUnknown(`${base.key}.${key}`, args);
    }
    if (!(base instanceof Ref)) {
      this.frame.stack.push(primitiveMethod(this.self, base, key, args));
      return;
    }
    const obj = this.state.get(base);
    const own = obj.props?.get(key);
    const native = own === undefined ? nativeMethods[obj.kind]?.[key] : undefined;
    if (native !== undefined) {
      this.frame.stack.push(native(this.self, base, args));
      return;
    }
    const found = own ?? this.#member(obj, key);
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
    const getter = this.#member(obj, `get ${key}`);
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
      const method = this.#member(obj, key);
      if (method !== undefined) return this.call(method, resource, [], true);
      const native = nativeMethods[obj.kind]?.[key];
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
