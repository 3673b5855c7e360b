import { declarations } from "./lockscope-sync.declarations.js";
import type { ClassModel, LibraryModel, LockMode, Operation } from "./model.js";

const acquire = (mode: LockMode): Operation => ({ op: "acquire", mode, form: "plain" });
const guarded = (mode: LockMode): Operation => ({ op: "acquire", mode, form: "guard" });
const section = (mode: LockMode): Operation => ({ op: "acquire", mode, form: "section" });
const attempt = (mode: LockMode): Operation => ({ op: "try-acquire", mode });
const release = (mode: LockMode): Operation => ({ op: "release", mode });
const waits: Operation = { op: "block", rejects: false };
/** A send rejects on a closed channel, a join with what the task threw. */
const waitsOrRejects: Operation = { op: "block", rejects: true };
const harmless: Operation = { op: "harmless" };

const mutex: ClassModel = {
  kind: "mutex",
  noCopy: true,
  methods: {
    lock: acquire("write"),
    tryLock: attempt("write"),
    unlock: release("write"),
    acquire: guarded("write"),
    withLock: section("write"),
  },
};

const rwMutex: ClassModel = {
  kind: "rwmutex",
  noCopy: true,
  methods: {
    ...mutex.methods,
    rLock: acquire("read"),
    tryRLock: attempt("read"),
    rUnlock: release("read"),
    rLocker: { op: "view", mode: "read" },
    acquireRead: guarded("read"),
    withRLock: section("read"),
  },
};

/** `@lockscope/sync`: names follow Go's sync package. */
export const lockscopeSync: LibraryModel = {
  name: "@lockscope/sync",
  declarations,
  modules: {
    "@lockscope/sync": {
      classes: {
        Mutex: mutex,
        RWMutex: rwMutex,
        Locker: {
          kind: "locker",
          noCopy: false,
          methods: { lock: acquire("write"), unlock: release("write") },
        },
        Guard: { kind: "guard", noCopy: false, methods: { release: { op: "guard-release" } } },
        WaitGroup: {
          kind: "waitgroup",
          noCopy: true,
          methods: {
            add: { op: "wg-add" },
            done: { op: "wg-done" },
            wait: { op: "wg-wait" },
            go: { op: "wg-go" },
          },
        },
        Task: { kind: "task", noCopy: false, methods: { join: waitsOrRejects } },
      },
      functions: {
        go: { op: "spawn" },
        defer: { op: "defer" },
        sleep: waits,
        gosched: waits,
        currentTask: harmless,
        numTasks: harmless,
      },
    },
    "@lockscope/sync/channel": {
      classes: {
        Channel: {
          kind: "channel",
          noCopy: true,
          reference: true,
          methods: {
            send: waitsOrRejects,
            receive: waits,
            receiveOk: waits,
            tryReceive: harmless,
          },
        },
        Timer: { kind: "timer", noCopy: false, methods: { stop: harmless, reset: harmless } },
      },
      functions: {
        select: waitsOrRejects,
        onReceive: harmless,
        onSend: harmless,
        otherwise: harmless,
        after: harmless,
        tick: harmless,
      },
    },
  },
};
