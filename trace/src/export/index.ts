export { chromeTrace } from "./chrome-trace.js";
export { eventsCsv, locksCsv } from "./csv.js";
export { Wakers } from "./wakers.js";
