/**
 * Values as bytes, where the platform has no serialiser of its own to offer (browsers). Carries what JSON
 * does, and `undefined`, `NaN`, infinities, `-0`, bigints, dates, maps, sets, array buffers and their
 * views, errors, and objects that are referred to more than once, cycles included. Functions, symbols
 * and weak collections it refuses, as a structured clone does. A class's instance arrives as a plain object.
 *
 * One byte says what follows; numbers are 8 bytes (small whole ones 4), lengths 4, all little-endian.
 */
const tags = [
  "undefined",
  "null",
  "true",
  "false",
  "int",
  "double",
  "bigint",
  "string",
  "array",
  "object",
  "date",
  "map",
  "set",
  "buffer",
  "view",
  "error",
  "again",
  "hole",
] as const;
type Tag = (typeof tags)[number];
const codeOf = /* @__PURE__ */ new Map<Tag, number>(tags.map((tag, code) => [tag, code]));

const viewTypes = [
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "DataView",
] as const;

type ViewType = new (buffer: ArrayBuffer) => unknown;

const errorTypes = [
  "Error",
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
];

export function encode(value: unknown): Uint8Array {
  const writer = new Writer();
  writer.value(value);
  return writer.bytes.slice(0, writer.length);
}

export function decode(bytes: Uint8Array): unknown {
  return new Reader(bytes).value();
}

class Writer {
  bytes = new Uint8Array(256);
  length = 0;
  #view = new DataView(this.bytes.buffer);
  readonly #seen = new Map<object, number>();

  value(value: unknown): void {
    switch (typeof value) {
      case "undefined":
        return this.#tag("undefined");
      case "boolean":
        return this.#tag(value ? "true" : "false");
      case "number":
        return this.#number(value);
      case "bigint":
        this.#tag("bigint");
        return this.#text(value.toString());
      case "string":
        this.#tag("string");
        return this.#text(value);
      case "object":
        return value === null ? this.#tag("null") : this.#object(value);
      default:
        throw new DOMException(`${String(value)} could not be cloned.`, "DataCloneError");
    }
  }

  #number(value: number): void {
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.#tag("int");
      const at = this.#room(4);
      this.#view.setInt32(at, value, true);
    } else {
      this.#tag("double");
      const at = this.#room(8);
      this.#view.setFloat64(at, value, true);
    }
  }

  #object(value: object): void {
    const before = this.#seen.get(value);
    if (before !== undefined) {
      this.#tag("again");
      return this.#count(before);
    }
    this.#seen.set(value, this.#seen.size);
    if (Array.isArray(value)) {
      this.#tag("array");
      this.#count(value.length);
      for (let at = 0; at < value.length; at++) {
        if (at in value) this.value(value[at]);
        else this.#tag("hole");
      }
    } else if (value instanceof Date) {
      this.#tag("date");
      this.#number(value.getTime());
    } else if (value instanceof Map) {
      this.#tag("map");
      this.#count(value.size);
      for (const [key, item] of value) {
        this.value(key);
        this.value(item);
      }
    } else if (value instanceof Set) {
      this.#tag("set");
      this.#count(value.size);
      for (const item of value) this.value(item);
    } else if (value instanceof ArrayBuffer) {
      this.#tag("buffer");
      this.#raw(new Uint8Array(value));
    } else if (ArrayBuffer.isView(value)) this.#arrayView(value);
    else if (value instanceof Error) {
      this.#tag("error");
      this.#text(errorTypes.includes(value.name) ? value.name : "Error");
      this.value(value.message);
      this.value(value.stack);
      this.value(value.cause);
    } else if (isRefused(value)) {
      throw new DOMException(
        `${Object.prototype.toString.call(value)} could not be cloned.`,
        "DataCloneError",
      );
    } else {
      this.#tag("object");
      const entries = Object.entries(value);
      this.#count(entries.length);
      for (const [key, item] of entries) {
        this.#text(key);
        this.value(item);
      }
    }
  }

  #arrayView(view: ArrayBufferView): void {
    const type = (viewTypes as readonly string[]).indexOf(Object.prototype.toString.call(view).slice(8, -1));
    this.#tag("view");
    this.#count(type);
    this.#raw(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }

  #tag(tag: Tag): void {
    const at = this.#room(1);
    this.bytes[at] = codeOf.get(tag)!;
  }

  #count(count: number): void {
    const at = this.#room(4);
    this.#view.setUint32(at, count, true);
  }

  #text(text: string): void {
    this.#count(text.length);
    const at = this.#room(text.length * 2);
    // By code units: a lone surrogate is carried like any other.
    for (let unit = 0; unit < text.length; unit++) {
      this.#view.setUint16(at + unit * 2, text.charCodeAt(unit), true);
    }
  }

  #raw(bytes: Uint8Array): void {
    this.#count(bytes.length);
    const at = this.#room(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** Where the next `size` bytes go. Makes room for them, which may put others in the place of the arrays. */
  #room(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #seen: unknown[] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(): unknown {
    return this.#tagged(tags[this.#bytes[this.#at++]!]!);
  }

  #tagged(tag: Tag): unknown {
    switch (tag) {
      case "undefined":
      case "hole":
        return undefined;
      case "null":
        return null;
      case "true":
        return true;
      case "false":
        return false;
      case "int":
        return this.#view.getInt32(this.#step(4), true);
      case "double":
        return this.#view.getFloat64(this.#step(8), true);
      case "bigint":
        return BigInt(this.#text());
      case "string":
        return this.#text();
      case "again":
        return this.#seen[this.#count()];
      case "date":
        return this.#remember(new Date(Number.NaN), (date) => date.setTime(Number(this.value())));
      case "array":
        return this.#remember([] as unknown[], (array) => this.#fill(array));
      case "map":
        return this.#remember(new Map<unknown, unknown>(), (map) =>
          this.#times(() => map.set(this.value(), this.value())),
        );
      case "set":
        return this.#remember(new Set<unknown>(), (set) => this.#times(() => set.add(this.value())));
      case "buffer":
        return this.#remember(this.#raw());
      case "view": {
        const type = viewTypes[this.#count()]!;
        return this.#remember(new (globalThis[type] as ViewType)(this.#raw()));
      }
      case "error": {
        const name = this.#text() as "Error";
        return this.#remember(new globalThis[name](), (error) => {
          for (const key of ["message", "stack", "cause"] as const) {
            const value = this.value();
            if (value !== undefined) {
              Object.defineProperty(error, key, { value, writable: true, configurable: true });
            }
          }
        });
      }
      case "object":
        return this.#remember({} as Record<string, unknown>, (object) =>
          this.#times(() => {
            const value = { key: this.#text(), value: this.value() };
            // Not by assignment: a key may be `__proto__`.
            Object.defineProperty(object, value.key, {
              value: value.value,
              writable: true,
              enumerable: true,
              configurable: true,
            });
          }),
        );
    }
  }

  /** Known before it is filled: it may contain itself. */
  #remember<T>(value: T, fill?: (value: T) => unknown): T {
    this.#seen.push(value);
    fill?.(value);
    return value;
  }

  #fill(array: unknown[]): void {
    const length = this.#count();
    array.length = length;
    for (let at = 0; at < length; at++) {
      const tag = tags[this.#bytes[this.#at++]!]!;
      if (tag !== "hole") array[at] = this.#tagged(tag);
    }
  }

  #times(fn: () => unknown): void {
    for (let left = this.#count(); left > 0; left--) fn();
  }

  #count(): number {
    return this.#view.getUint32(this.#step(4), true);
  }

  #text(): string {
    const length = this.#count();
    const at = this.#step(length * 2);
    let text = "";
    for (let unit = 0; unit < length; unit++) {
      text += String.fromCharCode(this.#view.getUint16(at + unit * 2, true));
    }
    return text;
  }

  #raw(): ArrayBuffer {
    const length = this.#count();
    const at = this.#step(length);
    return new Uint8Array(this.#bytes.subarray(at, at + length)).buffer;
  }

  #step(size: number): number {
    const at = this.#at;
    this.#at += size;
    return at;
  }
}

/** What a structured clone refuses too. */
function isRefused(value: object): boolean {
  return (
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef ||
    value instanceof Promise
  );
}
