/** A place as a message names it: cut when long. */
export function shortName(text: string): string {
  const folded = text.replace(/\s+/g, " ");
  return folded.length > 50 ? `${folded.slice(0, 49)}…` : folded;
}
