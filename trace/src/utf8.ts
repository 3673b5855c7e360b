/**
 * The two web globals that both Node and a page have. Declared here because this room is typed against the
 * language alone, with neither Node's nor the DOM's types.
 */
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean });
  decode(bytes: Uint8Array): string;
}

const encoder = new TextEncoder();
// Not fatal: a mangled name is shown with U+FFFD rather than losing the batch.
const decoder = new TextDecoder("utf-8", { fatal: false });

export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);
export const decodeUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);
