/** Where `character` is next in the code, past blanks and comments; it must be there. */
export function skipTo(code: string, from: number, character: string): number {
  for (let at = from; ; at++) {
    if (code.startsWith("//", at)) at = code.indexOf("\n", at);
    else if (code.startsWith("/*", at)) at = code.indexOf("*/", at) + 1;
    else if (code[at] === character) return at;
  }
}

export function withoutComments(code: string): string {
  return code.replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, "");
}
