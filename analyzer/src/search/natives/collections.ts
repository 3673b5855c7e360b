import type { Machine } from "../machine.js";
import { equals } from "../operators.js";
import { GivenUp, isLarge, Ref, Sym, symbolic, truthOf, type Value } from "../values.js";
import type { Natives } from "./native.js";

/** Array: list. Map: list = keys, more = values. Set: list. */

function position(list: readonly Value[], value: Value): number {
  return list.findIndex((each) => equals(each, value) === true);
}

function clamp(index: Value, length: number, otherwise: number): number {
  if (typeof index !== "number") return otherwise;
  return index < 0 ? Math.max(length + index, 0) : Math.min(index, length);
}

/** A key that nobody knows may be any key. */
function isOpen(m: Machine, self: Ref, key: Value): boolean {
  return key instanceof Sym || m.state.get(self).list.some((each) => each instanceof Sym);
}

function lists(m: Machine, args: readonly Value[]): Value[] {
  return args.flatMap((each) =>
    each instanceof Ref && m.state.get(each).kind === "Array" ? m.state.get(each).list : [each],
  );
}

const list = (m: Machine, self: Ref) => m.state.get(self).list;
const own = (m: Machine, self: Ref) => m.state.write(self).list;

export const array: Natives = {
  push(m, self, args) {
    if (m.state.get(self).escaped) for (const each of args) m.escape(each);
    const target = own(m, self);
    if (target.length + args.length > 300) throw new GivenUp("list");
    return target.push(...args);
  },
  pop: (m, self) => own(m, self).pop(),
  shift: (m, self) => own(m, self).shift(),
  unshift: (m, self, args) => own(m, self).unshift(...args),
  slice(m, self, [from, to]) {
    const all = list(m, self);
    return m.array(all.slice(clamp(from, all.length, 0), clamp(to, all.length, all.length)));
  },
  splice(m, self, [from, count, ...items]) {
    const all = own(m, self);
    const start = clamp(from, all.length, 0);
    return m.array(all.splice(start, typeof count === "number" ? count : all.length - start, ...items));
  },
  concat: (m, self, args) => m.array([...list(m, self), ...lists(m, args)]),
  includes(m, self, [value]) {
    const all = list(m, self);
    if (position(all, value) >= 0) return true;
    return all.some((each) => truthOf(equals(each, value)) === undefined)
      ? symbolic("includes", self, value)
      : false;
  },
  indexOf: (m, self, [value]) => position(list(m, self), value),
  at(m, self, [index]) {
    return typeof index === "number" ? list(m, self).at(index) : m.fresh("at");
  },
  join(m, self, [separator]) {
    const all = list(m, self);
    if (all.some((each) => each instanceof Sym || each instanceof Ref || isLarge(each)))
      return m.fresh("join");
    return all.join(typeof separator === "string" ? separator : ",");
  },
  reverse(m, self) {
    own(m, self).reverse();
    return self;
  },
  fill(m, self, [value]) {
    own(m, self).fill(value);
    return self;
  },
  keys: (m, self) => m.array(list(m, self).map((_, index) => index)),
  values: (_, self) => self,
  entries: (m, self) => m.array(list(m, self).map((each, index) => m.array([index, each]))),
  flat: (m, self) => m.array(lists(m, list(m, self))),
};

export const map: Natives = {
  get(m, self, [key]) {
    const at = position(list(m, self), key);
    if (at >= 0) return m.state.get(self).more[at];
    return isOpen(m, self, key) || m.state.get(self).escaped ? m.fresh("get") : undefined;
  },
  has(m, self, [key]) {
    if (position(list(m, self), key) >= 0) return true;
    return isOpen(m, self, key) || m.state.get(self).escaped ? m.fresh("has") : false;
  },
  set(m, self, [key, value]) {
    const obj = m.state.write(self);
    if (obj.escaped) m.escape(value);
    const at = position(obj.list, key);
    if (at >= 0) obj.more[at] = value;
    else {
      if (obj.list.length > 300) throw new GivenUp("map");
      obj.list.push(key);
      obj.more.push(value);
    }
    return self;
  },
  delete(m, self, [key]) {
    const obj = m.state.write(self);
    const at = position(obj.list, key);
    if (at < 0) return isOpen(m, self, key) ? m.fresh("delete") : false;
    obj.list.splice(at, 1);
    obj.more.splice(at, 1);
    return true;
  },
  clear(m, self) {
    const obj = m.state.write(self);
    obj.list = [];
    obj.more = [];
    return undefined;
  },
  keys: (m, self) => m.array(list(m, self)),
  values: (m, self) => m.array(m.state.get(self).more),
  entries: (m, self) => m.array(m.elements(self)),
};

export const set: Natives = {
  add(m, self, [value]) {
    const obj = m.state.write(self);
    if (obj.escaped) m.escape(value);
    if (position(obj.list, value) < 0) obj.list.push(value);
    if (obj.list.length > 300) throw new GivenUp("set");
    return self;
  },
  has(m, self, [value]) {
    if (position(list(m, self), value) >= 0) return true;
    return isOpen(m, self, value) || m.state.get(self).escaped ? m.fresh("has") : false;
  },
  delete(m, self, [value]) {
    const obj = m.state.write(self);
    const at = position(obj.list, value);
    if (at < 0) return isOpen(m, self, value) ? m.fresh("delete") : false;
    obj.list.splice(at, 1);
    return true;
  },
  clear(m, self) {
    m.state.write(self).list = [];
    return undefined;
  },
  keys: (m, self) => m.array(list(m, self)),
  values: (m, self) => m.array(list(m, self)),
  entries: (m, self) => m.array(list(m, self).map((each) => m.array([each, each]))),
};

/** Their patterns may take the engine for ever, or are none. */
const takesPattern = new Set(["match", "matchAll", "search"]);

/** Methods of strings and numbers: those of this very language, where all that goes in is known. */
export function primitiveMethod(m: Machine, base: Value, key: string, args: readonly Value[]): Value {
  const method: unknown = Object(base)[key];
  if (typeof method !== "function") return m.typeError(`${key} is not a function`);
  if (
    args.some((each) => each instanceof Sym || each instanceof Ref) ||
    [base, ...args].some(isLarge) ||
    takesPattern.has(key) ||
    key === "repeat" ||
    key.startsWith("pad")
  )
    return m.fresh(key);
  let result: unknown;
  try {
    result = Reflect.apply(method, base, args);
  } catch {
    // `"text".at(1n)`: whatever it throws, the search goes on with what it does not know.
    return m.fresh(key);
  }
  if (Array.isArray(result))
    return m.array(result.map((each) => (typeof each === "string" ? each : undefined)));
  return typeof result === "object" || typeof result === "function" || typeof result === "symbol"
    ? m.fresh(key)
    : (result as Value);
}
