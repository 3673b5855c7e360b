import { builtin } from "./agent.js";
import { decode, encode } from "./plain-codec.js";

/** The part of `node:v8` that is used here. */
interface V8 {
  serialize(value: unknown): Uint8Array;
  deserialize(bytes: Uint8Array): unknown;
}

/** What every value begins with that `node:v8` has written. */
const V8_MARK = 0xff;

let v8: V8 | undefined;
let looked = false;

/** By structured clone where Node is, else in a form of our own; what reads it can tell them apart. */
export function toBytes(value: unknown): Uint8Array {
  const native = nativeCodec();
  return native === undefined ? encode(value) : native.serialize(value);
}

export function fromBytes(bytes: Uint8Array): unknown {
  return bytes[0] === V8_MARK ? nativeCodec()!.deserialize(bytes) : decode(bytes);
}

function nativeCodec(): V8 | undefined {
  if (!looked) {
    looked = true;
    v8 = builtin<V8>("node:v8");
  }
  return v8;
}
