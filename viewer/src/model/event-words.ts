import {
  EventKind,
  endReasonText,
  Mode,
  nameOf,
  restatedMode,
  Status,
  type TraceEvent,
} from "@lockscope/trace";
import { waitVerb } from "./describe.js";

/** What an event says, without the names of its task and its lock. */
export function eventWords({ kind, arg, value }: Pick<TraceEvent, "kind" | "arg" | "value">): string {
  switch (kind) {
    case EventKind.taskStart:
      return "starts";
    case EventKind.taskEnd:
      return arg === 1 ? "ends with an error" : "ends";
    case EventKind.acquire:
      return `${arg === Mode.shared ? "gets, to read" : "gets"}${times(value)}`;
    case EventKind.release:
      return `gives back${times(value)}`;
    case EventKind.block:
      return waitVerb(arg);
    case EventKind.unblock:
      return "may go on";
    case EventKind.tryFail:
      return "tries, and does not get";
    case EventKind.cancel:
      return "gives up (aborted)";
    case EventKind.timeout:
      return "gives up (time is over)";
    case EventKind.send:
      return "sends";
    case EventKind.recv:
      return arg === 1 ? "finds it closed" : "receives";
    case EventKind.close:
      return "closes";
    case EventKind.add:
      return added(value ?? (arg << 24) >> 24);
    case EventKind.signal:
      return "wakes one";
    case EventKind.broadcast:
      return "wakes all";
    case EventKind.selectEnd:
      return `chooses case ${arg}`;
    case EventKind.mark:
      return "notes";
    case EventKind.stop:
      return "is stopped by a lock breakpoint";
    case EventKind.forget:
      return "has done with many locks";
    case EventKind.status:
      return statusWords(arg, value);
    case EventKind.programEnd:
      return `the program ends (${endReasonText(arg, value)})`;
    default:
      return nameOf(EventKind, kind) ?? `event ${kind}`;
  }
}

const times = (value: number | undefined) => (value === undefined || value === 1 ? "" : ` ×${value}`);

const added = (delta: number) => (delta < 0 ? `counts down by ${-delta}` : `counts up by ${delta}`);

function statusWords(arg: number, value: number | undefined): string {
  if (arg >= Status.waits) return `already ${waitVerb(restatedMode(arg))}`;
  switch (arg) {
    case Status.holdsExclusive:
      return `already holds${times(value)}`;
    case Status.holdsShared:
      return `already reads${times(value)}`;
    case Status.running:
      return "already runs";
    case Status.forked:
      return "already runs several calls";
    case Status.count:
      return `is at ${value ?? 0}`;
    case Status.closed:
      return "is closed";
    default:
      return `status ${arg}`;
  }
}
