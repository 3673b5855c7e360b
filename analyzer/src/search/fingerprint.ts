import type { Fiber, Obj, State } from "./heap.js";
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

/**
 * What two states have in common when they go on alike: objects are numbered in the order in which the
 * fibers reach them, times count from now. What was reached and is reachable no more plays no part.
 */
export function fingerprint(state: State, libraryObjects: number, extra: number): string {
  reader.begin(libraryObjects);
  reader.number(extra);
  for (const fiber of state.fibers) if (fiber.status !== "done") reader.fiber(fiber);
  for (const timer of state.timers) {
    reader.number(Math.round((state.get(timer).n - state.now) * 1000));
    reader.value(timer);
  }
  for (const env of state.modules.values()) reader.value(env);
  if (state.assumed.size > 0)
    for (const [key, answer] of [...state.assumed].sort(([a], [b]) => (a < b ? -1 : 1))) {
      reader.text(key);
      reader.number(answer ? 1 : 0);
    }
  reader.reached(state);
  return reader.result;
}

/** Two 32-bit hashes side by side: one alone would take different states for the same too often. */
class Reader {
  #a = 0;
  #b = 0;
  #libraryObjects = 0;
  /** By the id of an object, in the round that it was reached in: its number, from `#first` on. */
  readonly #numbers: number[] = [];
  #first = 0;
  #next = 0;
  readonly #pending: Ref[] = [];

  begin(libraryObjects: number): void {
    this.#a = 0x811c9dc5;
    this.#b = 0x1b873593;
    this.#libraryObjects = libraryObjects;
    this.#first = this.#next;
    this.#pending.length = 0;
  }

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

  value(each: Value): void {
    if (each === undefined) this.text("undefined");
    else if (typeof each === "number") this.number(each === (each | 0) ? each : Math.trunc(each * 1000));
    else if (each instanceof Ref) this.#reference(each);
    else if (each instanceof Sym) this.text(each.key);
    else this.text(String(each));
  }

  #reference(ref: Ref): void {
    const { id } = ref;
    if (id < this.#libraryObjects) return this.number(-id - 1);
    let number = this.#numbers[id];
    if (number === undefined || number < this.#first) {
      while (this.#numbers.length <= id) this.#numbers.push(-1);
      number = this.#next++;
      this.#numbers[id] = number;
      this.#pending.push(ref);
    }
    this.number(number - this.#first);
  }

  fiber(fiber: Fiber): void {
    this.number(fiber.id);
    this.text(fiber.status);
    this.number(fiber.spins);
    this.value(fiber.wait);
    this.value(fiber.promise);
    for (const frame of fiber.frames) {
      this.number(frame.code.id);
      this.number(frame.pc);
      this.value(frame.env);
      this.value(frame.self);
      for (const each of frame.stack) this.value(each);
      this.number(frame.handlers.length);
    }
  }

  /** What was come to so far, and what is come to from there. */
  reached(state: State): void {
    for (let next = this.#pending.pop(); next !== undefined; next = this.#pending.pop())
      this.#object(state.get(next));
  }

  #object(obj: Obj): void {
    this.text(obj.kind);
    if (obj.info !== undefined) this.number(identity(obj.info));
    // A timer's own time is told above, counted from now.
    if (obj.kind !== "timer") this.number(obj.n);
    this.number(obj.m);
    this.value(obj.a);
    this.value(obj.b);
    if (obj.kind !== "Promise") this.value(obj.c);
    for (const each of obj.list) this.value(each);
    this.number(-1);
    for (const each of obj.more) this.value(each);
    if (obj.props !== undefined)
      for (const [key, each] of obj.props) {
        this.text(key);
        this.value(each);
      }
  }

  get result(): string {
    return `${this.#a >>> 0}.${this.#b >>> 0}`;
  }
}

const reader = new Reader();
