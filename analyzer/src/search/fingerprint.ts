import type { Obj, State } from "./heap.js";
import { Ref, Sym, type Value } from "./values.js";

const identities = new WeakMap<object, number>();
let identified = 0;

function identity(of: object): number {
  let id = identities.get(of);
  if (id === undefined) {
    id = ++identified;
    identities.set(of, id);
  }
  return id;
}

const texts = new Map<string, number>();
const maxTexts = 20_000;
let numbered = 0;

/** Two 32-bit hashes side by side: one alone would take different states for the same too often. */
class Mixer {
  #a = 0x811c9dc5;
  #b = 0x1b873593;

  number(value: number): void {
    const whole = value | 0;
    this.#a = Math.imul(this.#a ^ whole, 0x01000193);
    this.#b = Math.imul(this.#b ^ (whole + 0x9e3779b9), 0x85ebca6b);
    this.#b ^= this.#b >>> 15;
  }

  text(value: string): void {
    let number = texts.get(value);
    if (number === undefined) {
      // Numbers of texts only need to be the same within one run.
      if (texts.size > maxTexts) texts.clear();
      number = ++numbered;
      texts.set(value, number);
    }
    this.number(number);
  }

  get result(): string {
    return `${this.#a >>> 0}.${this.#b >>> 0}`;
  }
}

/**
 * What two states have in common when they go on alike: objects are numbered in the order in which the
 * fibers reach them, times count from now. What was reached and is reachable no more plays no part.
 */
export function fingerprint(state: State, libraryObjects: number, extra: number): string {
  const mixer = new Mixer();
  const order = new Map<Ref, number>();
  const pending: Ref[] = [];

  const value = (each: Value): void => {
    if (each instanceof Ref) {
      if (each.id < libraryObjects) return mixer.number(-each.id - 1);
      let index = order.get(each);
      if (index === undefined) {
        index = order.size;
        order.set(each, index);
        pending.push(each);
      }
      mixer.number(index);
    } else if (each instanceof Sym) mixer.text(each.key);
    else if (typeof each === "number") mixer.number(each === (each | 0) ? each : Math.trunc(each * 1000));
    else mixer.text(String(each));
  };

  const object = (obj: Obj): void => {
    mixer.text(obj.kind);
    if (obj.info !== undefined) mixer.number(identity(obj.info));
    // A timer's own time is told below, counted from now.
    if (obj.kind !== "timer") mixer.number(obj.n);
    mixer.number(obj.m);
    value(obj.a);
    value(obj.b);
    if (obj.kind !== "Promise") value(obj.c);
    for (const each of obj.list) value(each);
    mixer.number(-1);
    for (const each of obj.more) value(each);
    if (obj.props !== undefined)
      for (const [key, each] of obj.props) {
        mixer.text(key);
        value(each);
      }
  };

  mixer.number(extra);
  for (const fiber of state.fibers) {
    if (fiber.status === "done") continue;
    mixer.number(fiber.id);
    mixer.text(fiber.status);
    mixer.number(fiber.spins);
    value(fiber.wait);
    value(fiber.promise);
    for (const frame of fiber.frames) {
      mixer.number(frame.code.id);
      mixer.number(frame.pc);
      value(frame.env);
      value(frame.self);
      for (const each of frame.stack) value(each);
      mixer.number(frame.handlers.length);
    }
  }
  for (const timer of state.timers) {
    mixer.number(Math.round((state.get(timer).n - state.now) * 1000));
    value(timer);
  }
  for (const env of state.modules.values()) value(env);
  for (const [key, answer] of [...state.assumed].sort(([a], [b]) => (a < b ? -1 : 1))) {
    mixer.text(key);
    mixer.number(answer ? 1 : 0);
  }
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) object(state.get(next));
  return mixer.result;
}
