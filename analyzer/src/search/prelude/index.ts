/**
 * The language's library and `@lockscope/sync`, as far as programs under search use them, in the language
 * itself: what is written with callbacks is easier said this way. `$names` are the machine's own operations.
 * Semantics are those of the real library; where the two part, the search is wrong.
 */
export { atomic } from "./atomic.js";
export { channel } from "./channel.js";
export { context } from "./context.js";
export { globals } from "./globals.js";
export { group } from "./group.js";
export { patterns } from "./patterns.js";
export { sync } from "./sync.js";
