/** Characters that make a piece worth handing on. */
const ENOUGH = 64 * 1024;

/** The same text in fewer pieces. */
export function* inPieces(texts: Iterable<string>): Generator<string> {
  let parts: string[] = [];
  let length = 0;
  for (const text of texts) {
    parts.push(text);
    length += text.length;
    if (length < ENOUGH) continue;
    yield parts.join("");
    parts = [];
    length = 0;
  }
  if (length > 0) yield parts.join("");
}
