/**
 * Definitions say once what a number in the rows stands for. Each is `u8 tag`, LEB128 length, payload; a reader
 * skips tags it does not know and payload bytes past the fields it knows, so fields can be appended.
 *
 *     0 pad    a single byte, no length: fills up to a multiple of 4
 *     1 str    id, UTF-8 to the end
 *     2 site   id, file (str), line, column (1-based; 0 unknown), function (str), parent (site of the caller)
 *     3 task   id, parent, thread, site, name length, name
 *     4 lock   id, kind, site, name length, name, capacity, era, type length, type (both only if it has one)
 *
 * Ids of `str` and `site` belong to one thread and one generation; ids of tasks and locks to the whole program:
 * threads take them in blocks of {@link ID_BLOCK} from a counter that all share. A later definition of the same
 * id replaces the earlier one. Id 0 is the empty string, the unknown site, the main task.
 */
import { ByteReader, ByteWriter } from "./leb128.js";
import { decodeUtf8, encodeUtf8 } from "./utf8.js";

export const DefinitionTag = { pad: 0, str: 1, site: 2, task: 3, lock: 4 } as const;

export type Definition =
  | { readonly tag: "str"; readonly id: number; readonly text: string }
  | {
      readonly tag: "site";
      readonly id: number;
      readonly file: number;
      readonly line: number;
      readonly column: number;
      readonly func: number;
      /** Of the calling frame; 0: unknown. */
      readonly parent: number;
    }
  | {
      readonly tag: "task";
      readonly id: number;
      readonly parent: number;
      readonly thread: number;
      readonly site: number;
      readonly name: string;
    }
  | {
      readonly tag: "lock";
      readonly id: number;
      readonly kind: number;
      readonly site: number;
      readonly name: string;
      readonly capacity: number;
      /** Of those with the same number one may be told that they can be forgotten; 0: it never is. */
      readonly era: number;
      /** What it is an instance of ("SharedMutex"), where that is not called as its kind is; "": it is. */
      readonly type: string;
    };

/** How many ids a thread takes at once. Block 0 is the main thread's first. */
export const ID_BLOCK = 65_536;

/** Many definitions are given out in batches of about so many bytes. */
export const DEFINITION_BYTES = 1 << 20;

/** Longer names are cut: a name is a label, and a batch is bounded. */
const MAX_NAME = 2_000;

/** Writes definitions as they stand on the wire. */
export class DefinitionEncoder {
  readonly #out = new ByteWriter();
  readonly #payload = new ByteWriter();

  /** Bytes waiting for the next batch. */
  get length(): number {
    return this.#out.length;
  }

  defineString(id: number, text: string): void {
    this.#payload.u32(id);
    this.#payload.bytes(encodeUtf8(text.slice(0, MAX_NAME)));
    this.#emit(DefinitionTag.str);
  }

  /** `file` and `func` are ids of strings, `parent` is one of a site; `line` and `column` are 1-based. */
  defineSite(id: number, file: number, line: number, column: number, func: number, parent: number): void {
    for (const field of [id, file, line, column, func, parent]) this.#payload.u32(field);
    this.#emit(DefinitionTag.site);
  }

  task(id: number, parent: number, thread: number, site: number, name: string): void {
    for (const field of [id, parent, thread, site]) this.#payload.u32(field);
    this.#name(name);
    this.#emit(DefinitionTag.task);
  }

  /**
   * `capacity`: a channel's buffer, a semaphore's permits; 0 where it means nothing. `era`: see `EventKind.forget`; 0: it
   * is not to be forgotten. `type`: the name of its class, where its kind has another.
   */
  lock(id: number, kind: number, site: number, name: string, capacity = 0, era = 0, type = ""): void {
    for (const field of [id, kind, site]) this.#payload.u32(field);
    this.#name(name);
    this.#payload.u32(capacity);
    if (era !== 0 || type !== "") this.#payload.u32(era);
    if (type !== "") this.#name(type);
    this.#emit(DefinitionTag.lock);
  }

  /** What was defined since the last call, padded to a multiple of 4 bytes. */
  take(): Uint8Array<ArrayBuffer> {
    while (this.#out.length % 4 !== 0) this.#out.byte(DefinitionTag.pad);
    return this.#out.take();
  }

  #name(name: string): void {
    const bytes = encodeUtf8(name.slice(0, MAX_NAME));
    this.#payload.u32(bytes.length);
    this.#payload.bytes(bytes);
  }

  #emit(tag: number): void {
    const payload = this.#payload.take();
    this.#out.byte(tag);
    this.#out.u32(payload.length);
    this.#out.bytes(payload);
  }
}

/**
 * Collects definitions between two batches of one thread. `string` and `site` hand out ids and remember them
 * for the generation; `task` and `lock` take the ids that the runtime has given.
 */
export class DefinitionWriter extends DefinitionEncoder {
  readonly #strings = new Map<string, number>();
  readonly #sites = new Map<string, number>();

  /** The id of a text, defined at its first use. */
  string(text: string): number {
    if (text === "") return 0;
    let id = this.#strings.get(text);
    if (id === undefined) {
      id = this.#strings.size + 1;
      this.#strings.set(text, id);
      this.defineString(id, text);
    }
    return id;
  }

  /** The id of a place, defined at its first use. `line` and `column` are 1-based; `parent` is a site's id. */
  site(file: string, line: number, column: number, func = "", parent = 0): number {
    const key = `${line}:${column}:${parent}:${func}:${file}`;
    let id = this.#sites.get(key);
    if (id === undefined) {
      id = this.#sites.size + 1;
      this.#sites.set(key, id);
      const fileId = this.string(file);
      this.defineSite(id, fileId, line, column, this.string(func), parent);
    }
    return id;
  }

  /** Starts a new generation: ids of strings and sites are handed out afresh. */
  reset(): void {
    this.take();
    this.#strings.clear();
    this.#sites.clear();
  }
}

/** Reads a batch's definitions; `undefined` when the bytes are malformed. */
export function readDefinitions(bytes: Uint8Array): Definition[] | undefined {
  const reader = new ByteReader(bytes);
  const definitions: Definition[] = [];
  while (reader.remaining > 0) {
    const tag = reader.take(1)?.[0];
    if (tag === DefinitionTag.pad) continue;
    const length = reader.u32();
    const payload = length === undefined ? undefined : reader.take(length);
    if (tag === undefined || payload === undefined) return undefined;
    const decode = decoders[tag];
    if (decode === undefined) continue;
    const definition = decode(new ByteReader(payload));
    if (definition === undefined) return undefined;
    definitions.push(definition);
  }
  return definitions;
}

const decoders: Record<number, (reader: ByteReader) => Definition | undefined> = {
  [DefinitionTag.str](reader) {
    const id = reader.u32();
    if (id === undefined) return undefined;
    return { tag: "str", id, text: decodeUtf8(reader.bytes.subarray(reader.position)) };
  },
  [DefinitionTag.site](reader) {
    const [id, file, line, column, func] = fields(reader, 5);
    const parent = reader.remaining === 0 ? 0 : reader.u32();
    if (func === undefined || parent === undefined) return undefined;
    return { tag: "site", id: id!, file: file!, line: line!, column: column!, func, parent };
  },
  [DefinitionTag.task](reader) {
    const [id, parent, thread, site] = fields(reader, 4);
    const name = readName(reader);
    if (site === undefined || name === undefined) return undefined;
    return { tag: "task", id: id!, parent: parent!, thread: thread!, site, name };
  },
  [DefinitionTag.lock](reader) {
    const [id, kind, site] = fields(reader, 3);
    const name = readName(reader);
    const capacity = reader.u32();
    const era = reader.remaining === 0 ? 0 : reader.u32();
    const type = reader.remaining === 0 ? "" : readName(reader);
    if (site === undefined || name === undefined || capacity === undefined) return undefined;
    if (era === undefined || type === undefined) return undefined;
    return { tag: "lock", id: id!, kind: kind!, site, name, capacity, era, type };
  },
};

/** The next `count` numbers; shorter when the payload ends early, so checking the last one is enough. */
function fields(reader: ByteReader, count: number): number[] {
  const values: number[] = [];
  while (values.length < count) {
    const value = reader.u32();
    if (value === undefined) break;
    values.push(value);
  }
  return values;
}

function readName(reader: ByteReader): string | undefined {
  const length = reader.u32();
  const bytes = length === undefined ? undefined : reader.take(length);
  return bytes === undefined ? undefined : decodeUtf8(bytes);
}
