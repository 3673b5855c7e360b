import {
  EndReason,
  EventKind,
  encodePrelude,
  LockKind,
  Mode,
  StreamReader,
  TraceBuilder,
} from "@lockscope/trace";
import { TraceSession } from "../trace/session.js";

const meta = { program: "bank.ts", script: "/app/bank.ts", node: "v20.0.0", cwd: "/app", start: 0 };

export function prelude(token?: string, start = 0): Uint8Array {
  return encodePrelude({ pid: 4711, meta: { ...meta, start }, ...(token !== undefined && { token }) });
}

/**
 * A session that has read its first line, as the trace server makes it.
 * @param options.start when its program was started, in milliseconds since 1970; 0: it does not say
 */
export function newSession(
  id = "1",
  { limit, token, start }: { limit?: number; token?: string; start?: number } = {},
): TraceSession {
  const reader = new StreamReader();
  reader.push(prelude(token, start));
  return new TraceSession(id, reader, reader.prelude!, limit === undefined ? {} : { limit });
}

/** Two tasks take two locks in opposite order. */
export function deadlockedTrace(ending?: keyof typeof EndReason): TraceBuilder {
  const trace = new TraceBuilder();
  const at = (line: number) => trace.site("/app/bank.ts", line, 3, "transfer");
  const alice = trace.lock(LockKind.mutex, "alice", at(1));
  const bob = trace.lock(LockKind.mutex, "bob", at(2));
  const first = trace.task("alice pays bob");
  const second = trace.task("bob pays alice");
  const exclusive = { arg: Mode.exclusive };
  trace.time = 5;
  trace.row({ kind: EventKind.acquire, task: first, lock: alice, site: at(10), ...exclusive });
  trace.row({ kind: EventKind.acquire, task: second, lock: bob, site: at(10), ...exclusive });
  trace.row({ kind: EventKind.block, task: first, lock: bob, site: at(12), ...exclusive });
  trace.row({ kind: EventKind.block, task: second, lock: alice, site: at(12), ...exclusive });
  if (ending !== undefined) trace.row({ kind: EventKind.programEnd, arg: EndReason[ending] });
  trace.flush();
  return trace;
}

/** A program whose one task waits for a channel that nobody uses. */
export function leakedTrace(): TraceBuilder {
  const trace = new TraceBuilder();
  const jobs = trace.lock(LockKind.channel, "jobs");
  const task = trace.task("worker");
  trace.row({ kind: EventKind.block, task, lock: jobs, arg: Mode.receive, site: trace.site("/app/w.ts", 7) });
  trace.row({ kind: EventKind.programEnd, arg: EndReason.stuck });
  trace.flush();
  return trace;
}

/** `pairs` times a lock taken and given back, and an orderly end. */
export function busyTrace(pairs: number): TraceBuilder {
  const trace = new TraceBuilder();
  const lock = trace.lock(LockKind.mutex, "mu");
  const task = trace.task("busy");
  for (let i = 0; i < pairs; i++) {
    trace.time += 0.001;
    trace.row({ kind: EventKind.acquire, task, lock });
    trace.row({ kind: EventKind.release, task, lock });
  }
  trace.row({ kind: EventKind.programEnd, arg: EndReason.exit });
  trace.flush();
  return trace;
}
