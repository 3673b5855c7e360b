import { BATCH_HEADER_BYTES, type Batch, decodeBatchHeader, readDefinitions } from "@lockscope/trace";

/** One of our own batches, read as others will. */
export function readBatch(bytes: Uint8Array<ArrayBuffer>): Batch {
  const header = decodeBatchHeader(bytes);
  if (typeof header === "string") throw new Error(header);
  const rowsAt = BATCH_HEADER_BYTES + header.definitionBytes;
  const definitions = readDefinitions(bytes.subarray(BATCH_HEADER_BYTES, rowsAt)) ?? [];
  return { header, definitions, rows: new Int32Array(bytes.buffer, rowsAt), bytes };
}
