/**
 * A library model says, as data, which call of a library is which concurrency operation.
 * Rules never name a library: they speak of acquire, release, spawn, wait on a place.
 */
/**
 * How a lock is held. `permit`: one of several (a semaphore of more than one, or of unknown size); it
 * keeps nobody out by itself, its own holder included.
 */
export type LockMode = "write" | "read" | "permit";

export type PrimitiveKind =
  | "mutex"
  | "rwmutex"
  | "locker"
  | "guard"
  | "waitgroup"
  | "channel"
  | "cond"
  | "once"
  | "semaphore"
  | "map"
  | "pool"
  | "atomic"
  | "context"
  | "group"
  | "flight"
  | "barrier"
  | "session"
  | "store"
  /** A lock over a store, held by a lease. */
  | "lease"
  | "recursive-mutex"
  | "queue"
  | "task"
  | "timer";

/** How the caller gives an acquired lock back. */
export type AcquireForm =
  /** By the matching release method: `lock()` … `unlock()`. */
  | "plain"
  /** By the guard that the call resolves to: `acquire()`. */
  | "guard"
  /** By itself, when the callback given as first argument has run: `withLock(fn)`. */
  | "section";

/** What an operation does besides waiting: for the rules that concern it. Named after Go's. */
export type EventKind =
  | "chan-send"
  | "chan-try-send"
  | "chan-receive"
  | "chan-try-receive"
  | "chan-close"
  /** `for await (const value of channel)`. */
  | "chan-range"
  | "select"
  | "select-receive"
  | "select-send"
  | "select-default"
  | "cond-wait"
  | "cond-signal"
  | "cond-broadcast"
  | "once-do"
  | "flight-do"
  | "map-load"
  | "map-store"
  | "pool-get"
  | "pool-put"
  | "context-with"
  | "group-go"
  | "group-wait"
  | "barrier-wait"
  | "task-join"
  /** A WaitGroup is waited for: it has an operation of its own, and this name where callers hear of it. */
  | "wg-wait"
  | "sleep"
  | "atomic-load"
  | "atomic-store"
  /** Read and written in one step: add, swap, compareAndSwap. The result is returned. */
  | "atomic-update"
  | "session-open";

export type Operation =
  | {
      readonly op: "acquire";
      readonly mode: LockMode;
      readonly form: AcquireForm;
      /** May reject even without a signal: then nothing is taken. */
      readonly rejects?: boolean;
      /** The guard releases when it is disposed of: `using guard = …`. */
      readonly disposable?: boolean;
      /** The guard is this element of the tuple that the call resolves to. */
      readonly element?: number;
      /** Where the function of a section stands among the arguments; first, unless it says so. */
      readonly callback?: number | "last";
      /** A section's function that names a parameter ends it by calling that: `acquire(key, (done) => …)`. */
      readonly calledBack?: boolean;
      /** The argument that says which of the object's locks is meant; a list means each. */
      readonly key?: number;
      /** The argument with options that change what the call does. */
      readonly options?: AcquireOptions;
      /** The argument that says how many permits are meant; one, where it is not passed. */
      readonly amount?: number;
    }
  | {
      readonly op: "try-acquire";
      readonly mode: LockMode;
      readonly amount?: number;
      /** Blocks the thread up to a time limit: `lockSync(timeoutMs)`. */
      readonly waits?: boolean;
    }
  | {
      readonly op: "release";
      readonly mode: LockMode;
      /** Gives back a promise, which may reject. */
      readonly async?: boolean;
      readonly amount?: number;
    }
  /** `guard.release()`: gives back what the guard stands for. `idempotent`: a second time does nothing. */
  | { readonly op: "guard-release"; readonly idempotent?: boolean }
  /** Another face of the same lock: `rw.rLocker()` locks its read side. */
  | { readonly op: "view"; readonly mode: LockMode }
  /** A function's result is another face of the lock in that argument. `impatient`: it rejects instead of waiting. */
  | { readonly op: "wrap"; readonly argument: number; readonly impatient: boolean }
  /** Asks for the lock's state, or sets it, by other means: what is known of it on this path ends here. */
  | { readonly op: "inspect" }
  | { readonly op: "wg-add" | "wg-done" | "wg-wait" | "wg-go" }
  /** Waits for something: its promise must not be dropped. `rejects`: even without a signal. */
  | { readonly op: "block"; readonly rejects: boolean; readonly event?: EventKind }
  /** Runs its argument of that position, now or after a wait, and waits for it: `once.do(fn)`. */
  | { readonly op: "runs"; readonly argument: number; readonly event: EventKind }
  /** Starts its first argument as a task of its own, after the caller's synchronous stretch. */
  | { readonly op: "spawn"; readonly event?: EventKind }
  /** Gives back a Disposable that runs its first argument. */
  | { readonly op: "defer" }
  | { readonly op: "harmless"; readonly event?: EventKind }
  /** Does not wait, and throws when it is misused: closing twice, `done` below zero. */
  | { readonly op: "throws"; readonly event: EventKind };

/** Options in an object literal; where they cannot be read the call is taken for one that says nothing. */
export interface AcquireOptions {
  readonly argument: number;
  /** `mode: "shared"`: this value of this property takes the read side. */
  readonly read?: { readonly property: string; readonly value: string };
  /** With one of these the call does not wait for its turn. */
  readonly impatient?: readonly string[];
}

export interface ClassModel {
  readonly kind: PrimitiveKind;
  /** What messages call it, where the name of its class would say less. */
  readonly title?: string;
  /** A second copy of it would be a different lock (Go's noCopy). */
  readonly noCopy: boolean;
  /** Two holders of it hold one: as in Go, a channel is handed round freely. A clone of it is still none. */
  readonly reference?: boolean;
  readonly methods: Readonly<Record<string, Operation>>;
  /** What calling the object itself does: a releaser function, `limit(fn)`. */
  readonly call?: Operation;
  /** There is one for the whole program, whatever it is reached by: `navigator.locks`. */
  readonly singleton?: boolean;
  /** An option of the constructor that lets a holder take it again. */
  readonly reentrantBy?: string;
}

export interface ModuleModel {
  readonly classes: Readonly<Record<string, ClassModel>>;
  readonly functions: Readonly<Record<string, Operation>>;
}

export interface LibraryModel {
  /** The npm package. */
  readonly name: string;
  /** By module specifier, as written in an import. */
  readonly modules: Readonly<Record<string, ModuleModel>>;
  /** Interfaces of the language's and the browser's own library. */
  readonly globals?: Readonly<Record<string, ClassModel>>;
  /** Declarations used instead of the package's own, so that a missing install changes nothing. */
  readonly declarations?: string;
  /** What a text that uses it holds, besides the name of the package: source of a regular expression. */
  readonly traces?: readonly string[];
}

/** Release methods are named for their mode, so that a fix can turn one into the other. */
export function methodFor(model: ClassModel, wanted: (operation: Operation) => boolean): string | undefined {
  return Object.entries(model.methods).find(([, operation]) => wanted(operation))?.[0];
}

/** Whether dropping the promise of this operation is a mistake (`missing-await`). */
export function mustBeAwaited(operation: Operation): boolean {
  switch (operation.op) {
    case "acquire":
      return operation.form !== "section";
    case "wg-wait":
    case "block":
    case "runs":
      return true;
    default:
      return false;
  }
}
