import { GivenUp, Ref, Sym, type Value } from "../values.js";
import { MachineUnknowns, unknownLength } from "./unknown.js";

/** Lists, what iterating gives, and errors. */
export abstract class MachineLists extends MachineUnknowns {
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
      const length = atLeast > 0 ? atLeast : this.lengthOf(value);
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
    // What a module's declarations wait for does not come while they are evaluated: the loop is left.
    const [value, more] = pair instanceof Ref ? this.state.get(pair).list : [undefined, false];
    this.frame.stack.push(value, more);
  }

  protected asArray(value: Sym): Ref {
    const items = Array.from(
      { length: this.lengthOf(value) },
      (_, index) => new Sym(`${value.key}.${index}`),
    );
    return this.array(items);
  }

  typeError(message: string): never {
    return this.throw(this.error("TypeError", message));
  }

  /** What a primitive refuses, with Go's text; the error knows where it was asked for. */
  misuse(message: string): never {
    const error = this.error("SyncError", message);
    this.state.write(error).site = this.site();
    return this.throw(error);
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
}
