import { type Carried, carried, identifyForGood, type TaskRecord } from "./identity.js";
import { registry } from "./registry.js";

/** Something whose code runs, on the stack. */
interface Frame {
  readonly of: object;
  readonly below: Frame | null;
}

/** The same, as it travels with that code. */
class Scope implements Carried {
  constructor(
    readonly of: object,
    readonly task: TaskRecord,
    readonly outer: Carried | null,
  ) {}
}

/** The topmost of those whose first synchronous stretch is on the stack. */
let top: Frame | null = null;

/** Runs `fn`, which is then known to be inside of `of`: see {@link isInside}. */
export function runInside<R>(of: object, fn: () => R): R {
  const below = top;
  const task = identifyForGood();
  top = { of, below };
  try {
    return task === null ? fn() : registry.storage!.run(new Scope(of, task, carried()), fn);
  } finally {
    top = below;
  }
}

/**
 * Whether the running code was called from inside of `of`: by the same stack, which is always known, or
 * by the same task across awaits, which is known while identity is on. A task that was started inside is
 * not: whoever started it need not wait for it.
 */
export function isInside(of: object): boolean {
  for (let frame = top; frame !== null; frame = frame.below) if (frame.of === of) return true;
  for (let each = carried(); each !== null; each = each.outer) {
    if (each instanceof Scope && each.of === of) return true;
  }
  return false;
}
