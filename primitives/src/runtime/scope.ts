import { carried, identify, type Storage, type TaskRecord } from "./identity.js";

/** Something whose code runs, as seen from within. */
interface Scope {
  readonly of: object;
  readonly task: TaskRecord | null;
  readonly outer: Scope | null;
}

/** The innermost of those whose first synchronous stretch is on the stack. */
let onStack: Scope | null = null;
/** The innermost one across awaits; once identity is on. */
let storage: Storage<Scope> | null = null;

/** Runs `fn`, which is then known to be inside of `of`: see {@link isInside}. */
export function runInside<R>(of: object, fn: () => R): R {
  storage ??= carried();
  const before = onStack;
  const scope = { of, task: identify(), outer: storage?.getStore() ?? before };
  onStack = scope;
  try {
    return storage === null ? fn() : storage.run(scope, fn);
  } finally {
    onStack = before;
  }
}

/**
 * Whether the running code was called from inside of `of`: by the same stack, which is always known, or
 * by the same task across awaits, which is known while identity is on. A task that was started inside is
 * not: whoever started it need not wait for it.
 */
export function isInside(of: object): boolean {
  if (includes(onStack, of, null)) return true;
  const task = identify();
  return task !== null && includes(storage?.getStore() ?? null, of, task);
}

function includes(innermost: Scope | null, of: object, task: TaskRecord | null): boolean {
  for (let scope = innermost; scope !== null; scope = scope.outer) {
    if (scope.of === of && (task === null || scope.task === task)) return true;
  }
  return false;
}
