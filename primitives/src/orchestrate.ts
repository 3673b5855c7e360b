/** Work started together, in a race, one after the other, again or later: gollback, Hunch and schedgroup. */
export { all, last, race, settle, take } from "./orchestrate/gather.js";
export { SchedGroup } from "./orchestrate/sched-group.js";
export { MaxRetriesExceededError, retry, waterfall } from "./orchestrate/sequence.js";
export type { Work } from "./orchestrate/work.js";
