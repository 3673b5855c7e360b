import type ts from "typescript";
import type { FunctionInfo } from "../code.js";
import type { ClassInfo } from "../compile/compiler.js";
import type { Frame, Obj } from "../heap.js";
import { Ref, Sym, symbolic, type Value } from "../values.js";
import { MachineCalls } from "./calls.js";

/** Objects, functions and classes of the program: what making them does. */
export abstract class MachineObjects extends MachineCalls {
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
    const found = home instanceof Ref ? this.onChain(home, name) : undefined;
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
}
