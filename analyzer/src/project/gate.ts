import { models } from "../model/index.js";

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const library = `["'\`](?:${models.map((model) => quoted(model.name)).join("|")})(?:/[\\w-]+)?["'\`]`;
const naming = new RegExp(library);

/** Whether the text names a modelled library, as an import of it does. */
export function namesLibrary(text: string): boolean {
  return naming.test(text);
}

/**
 * A cheap look at the text: can this file hold a finding at all? It names a library that is
 * modelled, calls something that is called like one of its lock methods (a lock that came from
 * another file), or carries a suppression.
 */
const interesting = new RegExp(
  `${library}|\\.(?:lock|unlock|rLock|rUnlock|tryLock|tryRLock|withLock|withRLock|acquire|acquireRead)\\(|lockscope-disable`,
);

export function mayMatter(text: string): boolean {
  return interesting.test(text);
}
