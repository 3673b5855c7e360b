import { abandonedSection } from "./abandoned-section/rule.js";
import { atomicNonAtomicUpdate } from "./atomic-non-atomic-update/rule.js";
import { atomicPlainMix } from "./atomic-plain-mix/rule.js";
import { badAnnotation } from "./bad-annotation/rule.js";
import { blockingWhileLocked } from "./blocking-while-locked/rule.js";
import { callbackUnderLock } from "./callback-under-lock/rule.js";
import { checkThenAcquire } from "./check-then-acquire/rule.js";
import { closeOfClosed } from "./close-of-closed/rule.js";
import { condNeverSignalled } from "./cond-never-signalled/rule.js";
import { condWaitNoLoop } from "./cond-wait-no-loop/rule.js";
import { condWaitUnlocked } from "./cond-wait-unlocked/rule.js";
import { contextIgnored } from "./context-ignored/rule.js";
import { copiedLock } from "./copied-lock/rule.js";
import { deadlock } from "./deadlock/rule.js";
import { emptyCriticalSection } from "./empty-critical-section/rule.js";
import { errGroupNotWaited } from "./errgroup-not-waited/rule.js";
import { escapingSection } from "./escaping-section/rule.js";
import { flawedLock } from "./flawed-lock/rule.js";
import { foreignRelease } from "./foreign-release/rule.js";
import { ignoredTryLock } from "./ignored-trylock/rule.js";
import { lazyInitRace } from "./lazy-init-race/rule.js";
import { localLock } from "./local-lock/rule.js";
import { lockInFinally } from "./lock-in-finally/rule.js";
import { lockOrder } from "./lock-order/rule.js";
import { lostCancel } from "./lost-cancel/rule.js";
import { lostUpdate } from "./lost-update/rule.js";
import { mismatchedUnlock } from "./mismatched-unlock/rule.js";
import { missingAwait } from "./missing-await/rule.js";
import { missingRequiredLock } from "./missing-required-lock/rule.js";
import { missingUnlock } from "./missing-unlock/rule.js";
import { nestedPermit } from "./nested-permit/rule.js";
import { nilChannel } from "./nil-channel/rule.js";
import { onceReentrant } from "./once-reentrant/rule.js";
import { poolUseAfterPut } from "./pool-use-after-put/rule.js";
import { rangeOverUnclosed } from "./range-over-unclosed/rule.js";
import { recursiveReadLock } from "./recursive-read-lock/rule.js";
import { reentrantLock } from "./reentrant-lock/rule.js";
import type { Rule } from "./rule.js";
import { semaphoreOverAcquire } from "./semaphore-over-acquire/rule.js";
import { sendOnClosed } from "./send-on-closed/rule.js";
import { stuckChannel } from "./stuck-channel/rule.js";
import { taskOutlivesTest } from "./task-outlives-test/rule.js";
import { unfencedLease } from "./unfenced-lease/rule.js";
import { unguardedAccess } from "./unguarded-access/rule.js";
import { unlockNotInFinally } from "./unlock-not-in-finally/rule.js";
import { unlockOfUnlocked } from "./unlock-of-unlocked/rule.js";
import { unusedSuppression } from "./unused-suppression/rule.js";
import { waitGroupAddAfterWait } from "./waitgroup-add-after-wait/rule.js";
import { waitGroupAddInTask } from "./waitgroup-add-in-task/rule.js";
import { waitGroupMissingDone } from "./waitgroup-missing-done/rule.js";
import { waitGroupNegative } from "./waitgroup-negative/rule.js";
import { waitGroupReuse } from "./waitgroup-reuse/rule.js";
import { writeUnderReadLock } from "./write-under-read-lock/rule.js";

/** All rules, in the order of the catalogue. */
export const rules: readonly Rule[] = [
  missingUnlock,
  unlockNotInFinally,
  unlockOfUnlocked,
  mismatchedUnlock,
  copiedLock,
  reentrantLock,
  recursiveReadLock,
  lockOrder,
  missingAwait,
  blockingWhileLocked,
  emptyCriticalSection,
  lockInFinally,
  localLock,
  unguardedAccess,
  lostUpdate,
  waitGroupAddInTask,
  waitGroupAddAfterWait,
  waitGroupNegative,
  waitGroupMissingDone,
  waitGroupReuse,
  condWaitUnlocked,
  condWaitNoLoop,
  condNeverSignalled,
  onceReentrant,
  sendOnClosed,
  closeOfClosed,
  nilChannel,
  stuckChannel,
  rangeOverUnclosed,
  lostCancel,
  contextIgnored,
  poolUseAfterPut,
  atomicPlainMix,
  atomicNonAtomicUpdate,
  semaphoreOverAcquire,
  errGroupNotWaited,
  lazyInitRace,
  checkThenAcquire,
  ignoredTryLock,
  escapingSection,
  flawedLock,
  nestedPermit,
  foreignRelease,
  callbackUnderLock,
  writeUnderReadLock,
  abandonedSection,
  missingRequiredLock,
  deadlock,
  badAnnotation,
  taskOutlivesTest,
  unfencedLease,
  unusedSuppression,
];
