import { identify, instrument, type Resource } from "./runtime/index.js";
import { SyncError } from "./sync-error.js";

/**
 * Go's texts, word for word. Where the analyzer has a rule for the same mistake, the code is that
 * rule's id.
 */
const texts = {
  guardReleased: ["unlock-of-unlocked", "sync: release of released guard"],
  mutexUnlock: ["unlock-of-unlocked", "sync: unlock of unlocked mutex"],
  rwUnlock: ["unlock-of-unlocked", "sync: Unlock of unlocked RWMutex"],
  unlockWhileRead: ["mismatched-unlock", "sync: Unlock of unlocked RWMutex"],
  rUnlock: ["unlock-of-unlocked", "sync: RUnlock of unlocked RWMutex"],
  rUnlockWhileWritten: ["mismatched-unlock", "sync: RUnlock of unlocked RWMutex"],
  negativeCounter: ["waitgroup-negative", "sync: negative WaitGroup counter"],
  waitGroupReuse: ["waitgroup-reuse", "sync: WaitGroup is reused before previous Wait has returned"],
  sendOnClosed: ["send-on-closed", "send on closed channel"],
  closeOfClosed: ["close-of-closed", "close of closed channel"],
  closeOfNil: ["nil-channel", "close of nil channel"],
  channelSize: ["channel-size", "makechan: size out of range"],
} as const;

export type Misuse = keyof typeof texts;

/** The error for a misuse of `resource` by the current task. */
export function misuse(what: Misuse, resource?: Resource): SyncError {
  const [code, message] = texts[what];
  return syncError(code, message, resource);
}

/** As {@link misuse}, for entry points of their own: their texts do not come along with a mutex. */
export function syncError(code: string, message: string, resource?: Resource): SyncError {
  const task = identify();
  const lockedAt = resource && instrument?.heldAt?.(resource);
  return new SyncError(message, code, {
    ...(resource && { primitive: resource.name }),
    ...(task && { task: task.name }),
    ...(lockedAt !== undefined && { lockedAt }),
  });
}
