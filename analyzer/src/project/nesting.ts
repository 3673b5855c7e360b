/** Beyond this the compiler's own recursion would overflow the stack, and take every other file with it. */
const deepest = 400;

const opening = new Set(["(", "[", "{"].map((each) => each.charCodeAt(0)));
const closing = new Set([")", "]", "}"].map((each) => each.charCodeAt(0)));

/** Whether brackets nest deeper than the compiler can follow. A look at the text alone: strings count, too. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (opening.has(code)) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (closing.has(code) && depth > 0) depth -= 1;
  }
  return false;
}

/** An expression of thousands of terms nests without a bracket: walking it overflows, and that file is left alone. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}
