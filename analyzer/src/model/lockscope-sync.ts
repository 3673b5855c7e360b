import { declarations } from "./lockscope-sync.declarations.js";
import type { ClassModel, LibraryModel } from "./model.js";
import {
  acquire,
  attempt,
  blocks,
  counted,
  guarded,
  harmless,
  release,
  runs,
  section,
  throws,
} from "./operations.js";

/** A send rejects on a closed channel, a join with what the task threw. */
const rejects = true;

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

const waitGroup: ClassModel = {
  kind: "waitgroup",
  noCopy: true,
  methods: {
    add: { op: "wg-add" },
    done: { op: "wg-done" },
    wait: { op: "wg-wait" },
    go: { op: "wg-go" },
  },
};

const semaphore: ClassModel = {
  kind: "semaphore",
  noCopy: true,
  methods: {
    acquire: counted(acquire("permit"), 0),
    tryAcquire: counted(attempt("permit"), 0),
    release: counted(release("permit"), 0),
    withPermit: counted(section("permit"), 1),
  },
};

const sending: ClassModel["methods"] = {
  send: blocks("chan-send", rejects),
  trySend: harmless("chan-try-send"),
  close: throws("chan-close"),
};

const receiving: ClassModel["methods"] = {
  receive: blocks("chan-receive"),
  receiveOk: blocks("chan-receive"),
  tryReceive: harmless("chan-try-receive"),
  // Receives for as long as its iterator is asked, and not by itself.
  values: harmless("chan-try-receive"),
};

const channel = (methods: ClassModel["methods"]): ClassModel => ({
  kind: "channel",
  noCopy: true,
  reference: true,
  methods,
});

const atomic: ClassModel = {
  kind: "atomic",
  noCopy: true,
  methods: {
    load: harmless("atomic-load"),
    store: harmless("atomic-store"),
    add: harmless("atomic-update"),
    swap: harmless("atomic-update"),
    compareAndSwap: harmless("atomic-update"),
    and: harmless("atomic-update"),
    or: harmless("atomic-update"),
  },
};

const atomicValue: ClassModel = {
  ...atomic,
  methods: {
    load: harmless("atomic-load"),
    store: harmless("atomic-store"),
    swap: harmless("atomic-update"),
    compareAndSwap: harmless("atomic-update"),
  },
};

const barrier: ClassModel = {
  kind: "barrier",
  noCopy: true,
  methods: { wait: blocks("barrier-wait", rejects), reset: harmless() },
};

const plainHarmless = (...names: string[]) => Object.fromEntries(names.map((name) => [name, harmless()]));

/** `@lockscope/sync`: names follow Go's sync package. */
export const lockscopeSync: LibraryModel = {
  name: "@lockscope/sync",
  declarations,
  modules: {
    "@lockscope/sync": {
      classes: {
        Mutex: mutex,
        RWMutex: rwMutex,
        RecursiveMutex: {
          kind: "recursive-mutex",
          noCopy: true,
          methods: {
            lock: acquire("permit"),
            tryLock: attempt("permit"),
            unlock: release("permit"),
            acquire: guarded("permit"),
            withLock: section("permit"),
          },
        },
        Locker: {
          kind: "locker",
          noCopy: false,
          methods: { lock: acquire("write"), unlock: release("write") },
        },
        Guard: { kind: "guard", noCopy: false, methods: { release: { op: "guard-release" } } },
        WaitGroup: waitGroup,
        Cond: {
          kind: "cond",
          noCopy: true,
          methods: {
            wait: blocks("cond-wait"),
            signal: harmless("cond-signal"),
            broadcast: harmless("cond-broadcast"),
          },
        },
        Once: { kind: "once", noCopy: true, methods: { do: runs(0, "once-do") } },
        SyncMap: {
          kind: "map",
          noCopy: true,
          methods: {
            load: harmless("map-load"),
            store: harmless("map-store"),
            loadOrCompute: blocks("flight-do", rejects),
            ...plainHarmless(
              "loadOrStore",
              "loadAndDelete",
              "delete",
              "swap",
              "compareAndSwap",
              "compareAndDelete",
              "range",
              "clear",
            ),
          },
        },
        Pool: {
          kind: "pool",
          noCopy: true,
          methods: { get: harmless("pool-get"), put: harmless("pool-put") },
        },
        Task: { kind: "task", noCopy: false, methods: { join: blocks("task-join", rejects) } },
      },
      functions: {
        go: { op: "spawn" },
        defer: { op: "defer" },
        onceFunc: harmless(),
        onceValue: harmless(),
        onceValues: harmless(),
        detectRelock: harmless(),
        sleep: blocks("sleep"),
        gosched: blocks(),
        currentTask: harmless(),
        numTasks: harmless(),
      },
    },
    "@lockscope/sync/shared": {
      classes: {
        SharedMutex: {
          ...mutex,
          methods: { ...mutex.methods, lockSync: { op: "try-acquire", mode: "write", waits: true } },
        },
        SharedRWMutex: {
          ...rwMutex,
          methods: {
            ...rwMutex.methods,
            lockSync: { op: "try-acquire", mode: "write", waits: true },
            rLockSync: { op: "try-acquire", mode: "read", waits: true },
          },
        },
        SharedWaitGroup: {
          ...waitGroup,
          methods: {
            add: { op: "wg-add" },
            done: { op: "wg-done" },
            wait: { op: "wg-wait" },
            waitSync: harmless(),
          },
        },
        SharedSemaphore: {
          ...semaphore,
          methods: {
            acquire: counted(acquire("permit"), 0),
            acquireSync: { op: "try-acquire", mode: "permit", waits: true, amount: 0 },
            tryAcquire: counted(attempt("permit"), 0),
            release: counted(release("permit"), 0),
          },
        },
        SharedBarrier: {
          ...barrier,
          methods: { wait: blocks("barrier-wait", rejects), waitSync: harmless("barrier-wait") },
        },
        SharedQueue: { kind: "queue", noCopy: true, methods: plainHarmless("tryPush", "tryPop") },
        SharedChannel: channel({
          send: blocks("chan-send", rejects),
          sendSync: harmless("chan-try-send"),
          receive: blocks("chan-receive"),
          receiveSync: harmless("chan-try-receive"),
          trySend: harmless("chan-try-send"),
          receiveOk: blocks("chan-receive"),
          tryReceive: harmless("chan-try-receive"),
          close: throws("chan-close"),
        }),
      },
      functions: { watchWorker: harmless() },
    },
    "@lockscope/sync/atomic": {
      classes: {
        AtomicNumber: atomic,
        Int32: atomic,
        Uint32: atomic,
        Int64: atomic,
        Uint64: atomic,
        Bool: atomicValue,
        Value: atomicValue,
      },
      functions: {},
    },
    "@lockscope/sync/channel": {
      classes: {
        Channel: channel({ ...sending, ...receiving }),
        SendChannel: channel(sending),
        ReceiveChannel: channel(receiving),
        Timer: { kind: "timer", noCopy: false, methods: plainHarmless("stop", "reset") },
      },
      functions: {
        select: blocks("select", rejects),
        onReceive: harmless("select-receive"),
        onSend: harmless("select-send"),
        otherwise: harmless("select-default"),
        after: harmless(),
        tick: harmless(),
      },
    },
    "@lockscope/sync/context": {
      classes: { Context: { kind: "context", noCopy: false, methods: plainHarmless("value") } },
      functions: {
        ...plainHarmless(
          "background",
          "todo",
          "withValue",
          "withoutCancel",
          "afterFunc",
          "cause",
          "fromSignal",
        ),
        withCancel: harmless("context-with"),
        withCancelCause: harmless("context-with"),
        withDeadline: harmless("context-with"),
        withTimeout: harmless("context-with"),
        withDeadlineCause: harmless("context-with"),
        withTimeoutCause: harmless("context-with"),
      },
    },
    "@lockscope/sync/group": {
      classes: {
        Semaphore: semaphore,
        SingleFlight: {
          kind: "flight",
          noCopy: true,
          methods: { do: runs(1, "flight-do"), doChan: harmless(), forget: harmless() },
        },
        CyclicBarrier: barrier,
        ErrGroup: {
          kind: "group",
          noCopy: true,
          methods: {
            go: { op: "spawn", event: "group-go" },
            tryGo: { op: "spawn", event: "group-go" },
            withContext: harmless(),
            wait: blocks("group-wait", rejects),
            setLimit: harmless(),
          },
        },
      },
      functions: {},
    },
    "@lockscope/sync/orchestrate": {
      classes: {
        SchedGroup: {
          kind: "group",
          noCopy: true,
          methods: { wait: blocks("group-wait", rejects), ...plainHarmless("delay", "schedule") },
        },
      },
      functions: Object.fromEntries(
        ["settle", "race", "retry", "all", "take", "last", "waterfall"].map((name) => [
          name,
          blocks(undefined, rejects),
        ]),
      ),
    },
    "@lockscope/sync/patterns": {
      classes: {},
      functions: {
        ...plainHarmless(
          "or",
          "orDone",
          "fanIn",
          "fanOut",
          "tee",
          "bridge",
          "stream",
          "take",
          "takeWhile",
          "skip",
          "skipWhile",
          "map",
          "filter",
        ),
        reduce: blocks(undefined, rejects),
      },
    },
    "@lockscope/sync/distributed": {
      classes: {
        Store: { kind: "store", noCopy: false, methods: {} },
        Session: {
          kind: "session",
          noCopy: false,
          methods: { open: blocks("session-open", rejects), close: blocks(undefined, rejects) },
        },
        Mutex: {
          kind: "lease",
          noCopy: true,
          methods: {
            lock: acquire("write", rejects),
            tryLock: blocks(undefined, rejects),
            unlock: { op: "release", mode: "write", async: true },
          },
        },
        RWMutex: {
          kind: "lease",
          noCopy: true,
          methods: {
            lock: acquire("write", rejects),
            unlock: { op: "release", mode: "write", async: true },
            rLock: acquire("read", rejects),
            rUnlock: { op: "release", mode: "read", async: true },
          },
        },
        Election: {
          kind: "queue",
          noCopy: false,
          methods: {
            campaign: blocks(undefined, rejects),
            proclaim: blocks(undefined, rejects),
            resign: blocks(undefined, rejects),
            leader: blocks(undefined, rejects),
            observe: harmless(),
          },
        },
        Queue: {
          kind: "queue",
          noCopy: false,
          methods: { enqueue: blocks(undefined, rejects), dequeue: blocks(undefined, rejects) },
        },
        PriorityQueue: {
          kind: "queue",
          noCopy: false,
          methods: { enqueue: blocks(undefined, rejects), dequeue: blocks(undefined, rejects) },
        },
        Barrier: {
          kind: "barrier",
          noCopy: false,
          methods: {
            hold: blocks(undefined, rejects),
            release: blocks(undefined, rejects),
            wait: blocks("barrier-wait", rejects),
          },
        },
        DoubleBarrier: {
          kind: "barrier",
          noCopy: false,
          methods: { enter: blocks("barrier-wait", rejects), leave: blocks("barrier-wait", rejects) },
        },
        Counter: {
          kind: "queue",
          noCopy: false,
          methods: { add: blocks(undefined, rejects), load: blocks(undefined, rejects) },
        },
      },
      functions: { memoryStore: harmless(), etcdStore: harmless(), stm: blocks(undefined, rejects) },
    },
  },
};
