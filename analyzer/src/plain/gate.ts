/**
 * A cheap look at the text: can a rule on plain async code say anything here? There has to be something
 * that suspends a task, and something outside that task that it can write to.
 */
const suspends = /\bawait\b|\.then\s*\(|\bnew\s+Promise\b/;
const shared = /\bthis\s*\.\s*[\w$#]+\s*(?:[-+*/%&|^?]{0,3}=(?!=)|\+\+|--)|^(?:export\s+)?(?:let|var)\s/m;

export function mayMatterPlain(text: string): boolean {
  return suspends.test(text) && shared.test(text);
}
