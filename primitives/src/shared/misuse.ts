import { SyncError } from "../sync-error.js";
import type { SharedResource } from "./resource.js";

/**
 * What the next holder of a lock is told when the thread that held it has ended (POSIX: `EOWNERDEAD`).
 * Who gets it from `lock` holds the lock all the same: what it protects may be half written, and is for
 * him to put right before he unlocks.
 */
export class OwnerDied extends SyncError {
  constructor(readonly of: SharedResource) {
    super(`sync: the thread that held the ${of.kind} has ended`, "owner-died", { primitive: of.name });
  }
}

/** A primitive has memory for so many and no more. */
export function tooManyThreads(of: SharedResource, threads: number): SyncError {
  return new SyncError(
    `sync: more than ${threads} threads use one ${of.kind} at the same time: ask for more with { threads }`,
    "too-many-threads",
    { primitive: of.name },
  );
}
