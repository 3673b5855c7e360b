export * from "./batch.js";
export * from "./definitions.js";
export * from "./format-error.js";
export * from "./prelude.js";
export * from "./row.js";
export * from "./schema.js";
export * from "./stream-reader.js";
export * from "./viewer-protocol.js";
