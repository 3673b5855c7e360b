/** What a call has to look like to be perhaps the library's. Taking another's for it costs a nanosecond, no more. */

/** Names that hardly anything but a lock or a channel has: looked for in every file of the program. */
export const telling: ReadonlySet<string> = new Set([
  ...["lock", "tryLock", "lockSync", "withLock", "rLock", "tryRLock", "rLockSync", "withRLock"],
  ...["acquire", "acquireRead", "acquireSync", "tryAcquire", "withPermit"],
  ...["receive", "receiveOk", "receiveSync", "tryReceive", "sendSync", "trySend"],
  ...["waitSync", "broadcast", "tryGo", "loadOrCompute", "tryPush", "tryPop"],
  ...["runExclusive", "waitForUnlock"],
]);

/** Names that sets, sockets and streams have too: looked for in files that import the library. */
export const common: ReadonlySet<string> = new Set([
  ...["send", "close", "wait", "signal", "do", "go", "add", "done"],
  ...["schedule", "delay", "setLimit"],
]);

/** Calls that leave no place behind: nobody asks where something was given back. */
export const placeless: ReadonlySet<string> = new Set(["unlock", "rUnlock", "release"]);

/** What the library is imported by; `async-mutex` because an adapter may take its place. */
export function isLibrary(specifier: string): boolean {
  return /^@lockscope\/sync(?:$|\/)/.test(specifier) || specifier === "async-mutex";
}

const importsLibrary = /["'](?:@lockscope\/sync|async-mutex)\b/;
const callsTelling = new RegExp(`\\.\\s*(?:${[...telling].join("|")})\\s*(?:\\?\\.\\s*)?\\(`);

/** Whether it is worth parsing `code`: a look at the text is a thousand times cheaper. */
export function mayCallLibrary(code: string): boolean {
  return importsLibrary.test(code) || callsTelling.test(code);
}

export function namesLibrary(code: string): boolean {
  return importsLibrary.test(code);
}

/** Methods that take a function and run its text somewhere else, where nothing of this file is known. */
export const sentAway: ReadonlySet<string> = new Set([
  ...["evaluate", "evaluateHandle", "evaluateAll", "evaluateOnNewDocument", "$eval", "$$eval"],
  ...["addInitScript", "waitForFunction", "executeScript", "executeAsyncScript"],
]);
