import { identify } from "./runtime/identity.js";
import { SyncError } from "./sync-error.js";

/**
 * Stands in every primitive as a value that no structured clone can carry. Its description is what the
 * platform's error says: `DataCloneError: Symbol(…) could not be cloned.`
 */
const uncloneable: unique symbol = Symbol(
  "sync: a primitive is copied, but it lives in one thread; threads share those of @lockscope/sync/shared",
);

/**
 * What must not be copied (Go's `noCopy`, which `go vet` knows): the ancestor of every local primitive.
 *
 * {@link Resource} extends it, so whatever tasks wait for has it already; a class that is no resource
 * (a pool) extends it directly and says its `kind`. It costs one word an instance and nothing else:
 * - `structuredClone` and `postMessage`, of the primitive or of what contains it, come by the symbol and
 *   throw the platform's `DataCloneError` with our text. Without it they would make a plain object with
 *   the same id and none of the methods, silently. A getter could throw a `SyncError` instead, but it
 *   would do so too whenever a debugger or a test's comparison looks at the object's fields.
 * - `JSON.stringify` throws a `SyncError`.
 *
 * `Object.assign` and `{ ...mu }` cannot be told from reading; the compiler refuses the result where a
 * primitive is wanted, and the analyzer's rule `copied-lock` reports it.
 */
export abstract class NoCopy {
  /** @internal */
  readonly noCopy: symbol = uncloneable;

  /** @internal Go's name of the type: "Mutex". */
  abstract get kind(): string;

  /** The name given at construction, if any, else something that tells it from others. */
  get name(): string {
    return this.kind;
  }

  /**
   * @internal `JSON.stringify` asks it.
   * @throws {SyncError} `sync.Mutex is copied`
   */
  toJSON(): never {
    const task = identify();
    throw new SyncError(`sync.${this.kind} is copied`, "copied-lock", {
      primitive: this.name,
      ...(task && { task: task.name }),
    });
  }
}
