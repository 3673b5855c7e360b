// Loops: continue, break, labels, for await, and locks that a whole loop takes or gives back.
import { Mutex, sleep } from "@lockscope/sync";

interface Job {
  readonly id: string;
  readonly cancelled: boolean;
  readonly parts: readonly number[];
}

const mu = new Mutex({ name: "jobs" });
const done = new Set<string>();
let sum = 0;

// The next turn of the loop would also wait for itself; the cause is one, and so is the finding.
export async function continueSkipsTheUnlock(jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) {
    await mu.lock(); // want: missing-unlock
    if (job.cancelled) continue;
    done.add(job.id);
    mu.unlock();
  }
}

export async function continueUnlocksFirst(jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) {
    await mu.lock();
    if (job.cancelled) {
      mu.unlock();
      continue;
    }
    done.add(job.id);
    mu.unlock();
  }
}

export async function breakSkipsTheUnlock(jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) {
    await mu.lock(); // want: missing-unlock
    if (job.cancelled) break;
    done.add(job.id);
    mu.unlock();
  }
}

export async function breakOutOfWhileTrue(next: () => Job | undefined): Promise<void> {
  while (true) {
    const job = next();
    await mu.lock(); // want: missing-unlock
    if (!job) {
      break;
    }
    done.add(job.id);
    mu.unlock();
    await sleep(1);
  }
}

export async function breakToTheUnlock(jobs: readonly Job[]): Promise<void> {
  await mu.lock();
  for (const job of jobs) {
    if (job.cancelled) break;
    done.add(job.id);
  }
  mu.unlock();
}

export async function continueInsideTheLock(jobs: readonly Job[]): Promise<void> {
  await mu.lock();
  for (const job of jobs) {
    if (job.cancelled) continue;
    done.add(job.id);
  }
  mu.unlock();
}

export async function labelledContinue(jobs: readonly Job[]): Promise<void> {
  outer: for (const job of jobs) {
    await mu.lock(); // want: missing-unlock
    for (const part of job.parts) {
      if (part < 0) continue outer;
      sum += part;
    }
    mu.unlock();
  }
}

export async function labelledBreak(jobs: readonly Job[]): Promise<void> {
  outer: for (const job of jobs) {
    await mu.lock(); // want: missing-unlock
    for (const part of job.parts) {
      if (part < 0) break outer;
      sum += part;
    }
    mu.unlock();
  }
}

export async function innerBreakStaysInside(jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) {
    await mu.lock();
    for (const part of job.parts) {
      if (part < 0) break;
      sum += part;
    }
    mu.unlock();
  }
}

export async function labelledBlock(job: Job): Promise<void> {
  await mu.lock();
  record: {
    if (job.cancelled) break record;
    done.add(job.id);
  }
  mu.unlock();
}

export async function retryUntilDone(job: Job): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    await mu.lock();
    if (!done.has(job.id) || attempt > 3) {
      done.add(job.id);
      mu.unlock();
      return;
    }
    mu.unlock();
    await sleep(attempt);
  }
}

export async function doWhile(jobs: Job[]): Promise<void> {
  let job: Job | undefined;
  do {
    await mu.lock();
    job = jobs.pop();
    mu.unlock();
  } while (job);
}

// What `cond.wait` would do: give the lock up while waiting, look again under the lock.
export async function unlocksWhileItWaits(jobs: Job[]): Promise<Job | undefined> {
  await mu.lock();
  try {
    while (jobs.length === 0) {
      mu.unlock();
      await sleep(1);
      await mu.lock();
    }
    return jobs.shift();
  } finally {
    mu.unlock();
  }
}

export async function forAwaitReturns(jobs: AsyncIterable<Job>): Promise<string | undefined> {
  for await (const job of jobs) {
    await mu.lock(); // want: missing-unlock
    if (job.cancelled) return job.id;
    done.add(job.id);
    mu.unlock();
  }
  return undefined;
}

export async function forAwaitFinally(jobs: AsyncIterable<Job>): Promise<string | undefined> {
  for await (const job of jobs) {
    await mu.lock();
    try {
      if (job.cancelled) return job.id;
      done.add(job.id);
    } finally {
      mu.unlock();
    }
  }
  return undefined;
}
