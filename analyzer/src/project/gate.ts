import { models } from "../model/index.js";

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const packages = models.map((model) => quoted(model.name)).join("|");

/**
 * A cheap look at the text: can this file hold a finding at all? It names a library that is
 * modelled, calls something that is called like one of its lock methods (a lock that came from
 * another file), or carries a suppression.
 */
const interesting = new RegExp(
  `["'\`](?:${packages})(?:/[\\w-]+)?["'\`]|\\.(?:lock|unlock|rLock|rUnlock|tryLock|withLock|withRLock)\\(|lockscope-disable`,
);

export function mayMatter(text: string): boolean {
  return interesting.test(text);
}
