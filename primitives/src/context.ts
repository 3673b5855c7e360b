/** What tells work when to stop, and why: Go's `context`. */
export { afterFunc } from "./context/after-func.js";
export type { Context } from "./context/context.js";
export {
  background,
  type CancelCauseFunc,
  type CancelFunc,
  cause,
  todo,
  withCancel,
  withCancelCause,
  withDeadline,
  withDeadlineCause,
  withoutCancel,
  withTimeout,
  withTimeoutCause,
  withValue,
} from "./context/derive.js";
export { CanceledError, DeadlineExceededError } from "./context/errors.js";
export { fromSignal } from "./context/signal-context.js";
