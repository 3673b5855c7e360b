import type { AnyNode } from "acorn";
import type MagicString from "magic-string";
import type { FoundCall, Room } from "./calls.js";
import { skipTo, withoutComments } from "./text.js";
import { some } from "./tree.js";

/** The names of what is put into a file: none that occurs in it. */
export interface Helpers {
  /** `(n, o)`: the next call stands at place `n` and is made on `o`; returns `o`. */
  readonly at: string;
  /** `(n, o, v)`: the same, once the call's last argument, `v`, is known; returns `v`. */
  readonly after: string;
  /** The beginning of a variable's name. */
  readonly variable: string;
}

/**
 * Puts the number of its place right before each call, so that nothing of the program's comes in between, and
 * changes neither what is evaluated nor when:
 *
 * No statement begins with a bracket that did not: without a semicolon it would belong to the one before.
 *
 * | the call         | becomes                             |                                                    |
 * |------------------|-------------------------------------|----------------------------------------------------|
 * | `a.lock(x);`     | `at(7, a), a.lock(x);`              | a statement                                        |
 * | `a.lock(x)`      | `(at(7, a), a).lock(x)`             | a variable or `this`; engines guess at functions'  |
 * | `go(x)`          | `(at(7, go), go)(x)`                | names by what they are given to: `at` gives nobody |
 * | `a.b.lock(x)`    | `at(7, a.b).lock(x)`                | any other receiver                                 |
 * | `sync.go(x)`     | `(at(7, sync.go), sync).go(x)`      |                                                    |
 * | `new Mutex()`    | `new (at(7, Mutex))()`              |                                                    |
 * | `a.send(f())`    | `a.send(after(7, a, f()))`          | where arguments call something: `f()` may have     |
 * | `select(f())`    | `select(after(7, select, f()))`     | calls with places of their own                     |
 * | `a.b.send(f())`  | `(v = a.b).send(after(7, v, f()))`  | with a variable of its own                         |
 */
export class Rewriter {
  readonly #variables = new Map<Room, string[]>();
  #count = 0;
  /** Where something has been put in. */
  readonly #begun = new Set<number>();

  constructor(
    private readonly text: MagicString,
    private readonly code: string,
    private readonly helpers: Helpers,
  ) {}

  /** False where the call cannot be told its place; it is left as it is then. */
  mark(call: FoundCall, number: number): boolean {
    const { node, target } = call;
    const last = node.arguments.at(-1);
    if (last === undefined || !node.arguments.some(mayCall)) return this.#before(call, number);
    if (last.type !== "SpreadElement") {
      if (!call.method || isPlain(target)) {
        this.#wrapLast(last, number, this.code.slice(target.start, target.end));
        return true;
      }
      if (call.room !== null) {
        const variable = this.#variableIn(call.room);
        if (this.#leads(call)) this.#wrapReceiver(call, `${variable} = `, `, ${variable}`);
        else this.#wrapReceiver(call, `(${variable} = `, ")");
        this.#wrapLast(last, number, variable);
        return true;
      }
    }
    return false;
  }

  /** Declares the variables that were needed, where their function or the program ends. */
  declareVariables(): void {
    for (const [room, names] of this.#variables) {
      const declaration = `;var ${names.join(", ")};`;
      if (room.type === "BlockStatement") this.text.prependLeft(room.end - 1, declaration);
      else this.text.append(`\n${declaration}`);
    }
  }

  #before(call: FoundCall, number: number): true {
    const { node, target } = call;
    const { at } = this.helpers;
    const whole = node.type === "CallExpression" && node.callee === target;
    const isMember = whole && target.type === "MemberExpression";
    const plain = isMember && !call.method ? target.object : isPlain(target) ? target : undefined;
    const mark = `${at}(${number}, ${this.code.slice(target.start, target.end)}), `;
    if (node.type === "NewExpression") this.#wrap(target, `(${at}(${number}, `, "))");
    else if (plain === undefined) this.#wrapReceiver(call, `${at}(${number}, `, ")");
    else if (this.#leads(call) && plain.start === node.start) this.#wrap(plain, mark, "");
    else this.#wrap(plain, `(${mark}`, ")");
    return true;
  }

  /** Whether the call begins its statement still, and not the arguments of something that was put before it. */
  #leads({ leads, node }: FoundCall): boolean {
    return leads && !this.#begun.has(node.start);
  }

  /** Around the receiver with the brackets that it may have; around a function itself where there is none. */
  #wrapReceiver({ node, target, method }: FoundCall, before: string, after: string): void {
    if (!method) return this.#wrap(target, before, after);
    const { start } = node.callee;
    this.#insert(start, before);
    this.text.prependLeft(this.#closing(start, target), after);
  }

  /** Where an expression ends with the brackets that it may have, the first of which is at `start`. */
  #closing(start: number, inner: AnyNode): number {
    const open = withoutComments(this.code.slice(start, inner.start)).replace(/[^(]/g, "").length;
    let { end } = inner;
    for (let left = open; left > 0; left--) end = skipTo(this.code, end, ")") + 1;
    return end;
  }

  #wrapLast(last: AnyNode, number: number, target: string): void {
    const bracket = last.type === "SequenceExpression" ? ["(", ")"] : ["", ""];
    this.#wrap(last, `${this.helpers.after}(${number}, ${target}, ${bracket[0]}`, `${bracket[1]})`);
  }

  #wrap({ start, end }: AnyNode, before: string, after: string): void {
    this.#insert(start, before);
    this.text.prependLeft(end, after);
  }

  /** A keyword may stand right before a bracket, where a name must not: `return(a).lock()`. */
  #insert(at: number, text: string): void {
    const blank = /[\p{ID_Continue}$]/u.test(this.code[at - 1] ?? "") ? " " : "";
    this.text.appendRight(at, blank + text);
    this.#begun.add(at);
  }

  #variableIn(room: Room): string {
    const name = `${this.helpers.variable}${++this.#count}`;
    const names = this.#variables.get(room);
    if (names === undefined) this.#variables.set(room, [name]);
    else names.push(name);
    return name;
  }
}

/** What may be named twice. */
function isPlain({ type }: AnyNode): boolean {
  return type === "Identifier" || type === "ThisExpression";
}

/** Whether evaluating `node` runs code that may hold calls with places of their own. */
function mayCall(node: AnyNode): boolean {
  return some(node, ({ type }) => calling.has(type));
}

const calling: ReadonlySet<string> = new Set([
  ...["CallExpression", "NewExpression", "TaggedTemplateExpression", "ImportExpression"],
  ...["AwaitExpression", "YieldExpression", "ClassExpression"],
]);
