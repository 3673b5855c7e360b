import type { EventKind, LockMode, PrimitiveKind } from "../model/index.js";

/** The JSON form of the models, as tables: validation and the schema are both made from them. */
export const modes: readonly LockMode[] = ["write", "read", "permit"];
export const forms = ["plain", "guard", "section"] as const;

/** Every kind, by a table that the compiler holds to be whole. */
const kindTable: Readonly<Record<PrimitiveKind, true>> = {
  mutex: true,
  rwmutex: true,
  locker: true,
  guard: true,
  waitgroup: true,
  channel: true,
  cond: true,
  once: true,
  semaphore: true,
  map: true,
  pool: true,
  atomic: true,
  context: true,
  group: true,
  flight: true,
  barrier: true,
  session: true,
  store: true,
  lease: true,
  "recursive-mutex": true,
  queue: true,
  task: true,
  timer: true,
};
export const kinds: readonly string[] = Object.keys(kindTable);

const eventTable: Readonly<Record<EventKind, true>> = {
  "chan-send": true,
  "chan-try-send": true,
  "chan-receive": true,
  "chan-try-receive": true,
  "chan-close": true,
  "chan-range": true,
  select: true,
  "select-receive": true,
  "select-send": true,
  "select-default": true,
  "cond-wait": true,
  "cond-signal": true,
  "cond-broadcast": true,
  "once-do": true,
  "flight-do": true,
  "map-load": true,
  "map-store": true,
  "pool-get": true,
  "pool-put": true,
  "context-with": true,
  "group-go": true,
  "group-wait": true,
  "barrier-wait": true,
  "task-join": true,
  sleep: true,
  "atomic-load": true,
  "atomic-store": true,
  "atomic-update": true,
  "session-open": true,
  "wg-wait": true,
};
export const events: readonly string[] = Object.keys(eventTable);

/** What a field of an operation may hold. */
export type Shape = "mode" | "form" | "event" | "boolean" | "index" | "callback" | "options";

export interface OperationShape {
  readonly fields: Readonly<Record<string, Shape>>;
  /** Fields that have no default. */
  readonly required?: readonly string[];
  /** What a field is that is not given. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly description: string;
}

const plain = (description: string): OperationShape => ({ fields: {}, description });

export const operationShapes: Readonly<Record<string, OperationShape>> = {
  acquire: {
    description: "Takes the lock, after a wait.",
    fields: {
      mode: "mode",
      form: "form",
      rejects: "boolean",
      disposable: "boolean",
      element: "index",
      callback: "callback",
      calledBack: "boolean",
      key: "index",
      options: "options",
    },
    defaults: { mode: "write", form: "plain" },
  },
  "try-acquire": {
    description: "Takes the lock if it is free, and answers whether it did.",
    fields: { mode: "mode", waits: "boolean" },
    defaults: { mode: "write" },
  },
  release: {
    description: "Gives the lock back.",
    fields: { mode: "mode", async: "boolean" },
    defaults: { mode: "write" },
  },
  "guard-release": {
    description: "Gives back what the guard stands for.",
    fields: { idempotent: "boolean" },
  },
  view: { description: "Another face of the same lock.", fields: { mode: "mode" }, required: ["mode"] },
  wrap: {
    description: "A function whose result is another face of the lock that it is given.",
    fields: { argument: "index", impatient: "boolean" },
    defaults: { argument: 0, impatient: false },
  },
  inspect: plain("Asks for the lock's state, or sets it, by other means."),
  "wg-add": plain("Counts tasks that are about to start."),
  "wg-done": plain("One counted task has ended."),
  "wg-wait": plain("Waits until the counter is zero."),
  "wg-go": plain("Counts a function, and runs it as a task."),
  block: {
    description: "Waits for something; its promise must not be dropped.",
    fields: { rejects: "boolean", event: "event" },
    defaults: { rejects: true },
  },
  runs: {
    description: "Runs a function that it is given, and waits for it.",
    fields: { argument: "index", event: "event" },
    required: ["event"],
    defaults: { argument: 0 },
  },
  spawn: { description: "Starts its first argument as a task of its own.", fields: { event: "event" } },
  defer: plain("Gives back a Disposable that runs its first argument."),
  harmless: { description: "Neither waits nor throws.", fields: { event: "event" } },
  throws: {
    description: "Does not wait, and throws when it is misused.",
    fields: { event: "event" },
    required: ["event"],
  },
};
