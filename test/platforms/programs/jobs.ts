import { Int32, Int64 } from "@lockscope/sync/atomic";
import {
  SharedBarrier,
  SharedChannel,
  type SharedHandle,
  SharedMutex,
  SharedQueue,
  SharedRWMutex,
  SharedSemaphore,
  SharedWaitGroup,
} from "@lockscope/sync/shared";

/** What a worker is given to do: its name, and what it needs. */
export interface Job {
  readonly name: keyof typeof jobs;
  readonly data: JobData;
}

/** The handles that a job needs, and memory of the program's own. */
export interface JobData {
  readonly handles: readonly SharedHandle[];
  readonly memory?: Int32Array;
}

/** What a worker does with primitives that came with a message. What it returns is posted. */
export const jobs = {
  /** Half of it blocking the thread, half of it as tasks do. */
  async mutex({ handles, memory }: JobData): Promise<string> {
    const mu = SharedMutex.from(handles[0]!);
    for (let i = 0; i < 500; i++) {
      mu.lockSync();
      memory![0]!++;
      mu.unlock();
      await mu.withLock(() => memory![0]!++);
    }
    return mu.name;
  },

  rwmutex({ handles, memory }: JobData): boolean {
    const mu = SharedRWMutex.from(handles[0]!);
    let torn = false;
    for (let i = 0; i < 200; i++) {
      mu.rLockSync();
      torn ||= memory![0] !== memory![1];
      mu.rUnlock();
      mu.lockSync();
      memory![0]!++;
      memory![1]!++;
      mu.unlock();
    }
    return torn;
  },

  atomic({ handles }: JobData): void {
    const [small, large] = [Int32.from(handles[0]!), Int64.from(handles[1]!)];
    for (let i = 0; i < 1000; i++) {
      small.add(1);
      large.add(2n ** 40n);
    }
  },

  /** Sends back what it receives, blocking. */
  channel({ handles }: JobData): string {
    const [requests, replies] = handles.map((handle) => SharedChannel.from<unknown>(handle));
    for (;;) {
      const request = requests!.receiveSync();
      if (request === undefined) return "end";
      replies!.sendSync({ echo: request });
    }
  },

  /** The same without blocking. */
  async channelOfTasks({ handles }: JobData): Promise<string> {
    const [requests, replies] = handles.map((handle) => SharedChannel.from<unknown>(handle));
    for await (const request of requests!) await replies!.send({ echo: request });
    return "end";
  },

  async queue({ handles }: JobData): Promise<void> {
    const queue = SharedQueue.from(handles[0]!);
    for (let n = 1; n <= 100; n++) {
      while (!queue.tryPush(n)) await new Promise((resolve) => setTimeout(resolve));
    }
  },

  meeting({ handles }: JobData): readonly [number, boolean] {
    const semaphore = SharedSemaphore.from(handles[0]!);
    const permitted = semaphore.acquireSync(1, 10_000);
    const missing = SharedBarrier.from(handles[1]!).waitSync(10_000);
    semaphore.release();
    SharedWaitGroup.from(handles[2]!).done();
    return [missing, permitted];
  },

  /** Ends, or is ended, with the lock in its hands. */
  hold({ handles }: JobData): boolean {
    return SharedMutex.from(handles[0]!).tryLock();
  },
};

/** Does `job`, which came with a message; the answer to it, or what went wrong. */
export async function answer({ name, data }: Job): Promise<unknown> {
  return jobs[name](data);
}
