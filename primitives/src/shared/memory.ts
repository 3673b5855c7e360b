import { SyncError } from "../sync-error.js";

const available = () => typeof SharedArrayBuffer !== "undefined";

/**
 * Memory that threads share.
 *
 * @throws {SyncError} `no-shared-memory`: a browser gives it only to pages that are cross-origin isolated
 */
export function sharedMemory(bytes: number): SharedArrayBuffer {
  if (available()) return new SharedArrayBuffer(bytes);
  throw new SyncError(
    "sync: no SharedArrayBuffer: a page has it only when it is cross-origin isolated",
    "no-shared-memory",
  );
}

export function isSharedMemory(value: unknown): value is SharedArrayBuffer {
  return available() && value instanceof SharedArrayBuffer;
}
