/**
 * A cheap look at the text: can a rule on plain async code say anything here? There has to be something
 * that suspends a task, and something outside that task that it can write to.
 */
const suspends = /\bawait\b|\.then\s*\(|\bnew\s+Promise\b/;
const shared =
  /(?:\.[\w$#]+|\])\s*(?:[-+*/%&|^?]{0,3}=(?![=>])|\+\+|--)|(?:\+\+|--)this\b|\.(?:set|push|add|unshift|pop|shift)\s*\(|^[ \t]*(?:export\s+)?(?:let|var)\s/m;
/** Variables of a closure that are called and set up like a lock or a queue; what a `finally` gives back. */
const handWritten =
  /\b(?:let|const|var)\s+\w*(?:tail|queue|chain|lock|mutex|busy|running|active|pending|flight|last|prev|waiter|processing|current)\w*\s*(?::[^=\n]*)?=\s*(?:Promise\.resolve|new\s|\[\]|\{\}|false|null|undefined|0\b)|\bfinally\s*\{[^}]{0,200}(?:release|unlock|=\s*false)/i;

export function mayMatterPlain(text: string): boolean {
  return suspends.test(text) && (shared.test(text) || handWritten.test(text));
}
