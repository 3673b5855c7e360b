import { SyncError } from "../sync-error.js";
import { isSharedMemory } from "./memory.js";

/**
 * What another thread rebuilds a primitive from: post it to a worker and call `from` there. It holds no
 * more than the memory that both share, so it may be posted as often as one likes.
 */
export interface SharedHandle {
  /** The class that made it: "SharedMutex". */
  readonly kind: string;
  readonly buffer: SharedArrayBuffer;
  readonly name: string;
  /** Who of the program's threads has ended; see `watchWorker`. Atomic variables have no need of it. */
  readonly deaths?: SharedArrayBuffer;
}

/** Stands in shared primitives where local ones say that they cannot be shared: these can, by their handle. */
export const postTheHandle: unique symbol = /* @__PURE__ */ Symbol(
  "sync: a shared primitive is copied; post its handle and rebuild it with from()",
);

/**
 * Returns `handle` if it is one of `kind`.
 *
 * @throws {SyncError} `wrong-handle`
 */
export function expectHandle(handle: SharedHandle, kind: string): SharedHandle {
  const given: unknown = handle;
  if (!isHandle(given)) throw new SyncError(`sync: ${kind}.from: not a handle`, "wrong-handle");
  if (given.kind !== kind) {
    throw new SyncError(`sync: ${kind}.from: handle of a ${given.kind}`, "wrong-handle", {
      primitive: given.name,
    });
  }
  return given;
}

function isHandle(value: unknown): value is SharedHandle {
  const { kind, buffer, name } = (value ?? {}) as Partial<SharedHandle>;
  return typeof kind === "string" && typeof name === "string" && isSharedMemory(buffer);
}
