// try, catch and finally, nested and interleaved with returns.
import { Mutex } from "@lockscope/sync";

declare function load(id: string): Promise<string>;
declare function save(id: string, text: string): Promise<void>;

const mu = new Mutex({ name: "documents" });
const open = new Set<string>();

export async function finallyOnEveryPath(id: string): Promise<string> {
  await mu.lock();
  try {
    if (open.has(id)) return "";
    const text = await load(id);
    if (text === "") throw new Error(`${id} is empty`);
    open.add(id);
    return text;
  } finally {
    mu.unlock();
  }
}

export async function lockInsideTheTry(id: string): Promise<void> {
  try {
    await mu.lock();
    await save(id, "");
  } finally {
    mu.unlock();
  }
}

export async function catchSwallows(id: string): Promise<void> {
  await mu.lock(); // want: missing-unlock
  try {
    await save(id, "");
    mu.unlock();
  } catch (error) {
    console.error(error);
  }
}

export async function catchReturns(id: string): Promise<string | undefined> {
  await mu.lock(); // want: missing-unlock
  let text: string;
  try {
    text = await load(id);
  } catch {
    return undefined;
  }
  mu.unlock();
  return text;
}

export async function catchRethrows(id: string): Promise<void> {
  await mu.lock(); // want: missing-unlock
  try {
    await save(id, "");
  } catch (error) {
    throw new Error(`cannot save ${id}`, { cause: error });
  }
  mu.unlock();
}

export async function onlyTheCatchUnlocks(id: string): Promise<void> {
  await mu.lock(); // want: missing-unlock
  try {
    await save(id, "");
  } catch (error) {
    mu.unlock();
    throw error;
  }
}

export async function tryAndCatchBothUnlock(id: string): Promise<void> {
  await mu.lock();
  try {
    await save(id, "");
    mu.unlock();
  } catch (error) {
    mu.unlock();
    throw error;
  }
}

export async function catchUnlocksAndRethrows(id: string): Promise<string> {
  await mu.lock();
  let text: string;
  try {
    text = await load(id);
  } catch (error) {
    mu.unlock();
    throw error;
  }
  mu.unlock();
  return text;
}

export async function catchFallsThroughToTheUnlock(id: string): Promise<void> {
  await mu.lock();
  try {
    await save(id, "");
  } catch (error) {
    console.error("not saved", error);
  }
  mu.unlock();
}

export async function catchReturnsUnderAFinally(id: string): Promise<string | undefined> {
  await mu.lock();
  try {
    try {
      return await load(id);
    } catch {
      return undefined;
    }
  } finally {
    mu.unlock();
  }
}

export async function finallyOfAnotherConcern(id: string): Promise<void> {
  await mu.lock(); // want: missing-unlock
  try {
    if (!open.has(id)) return;
    await save(id, "");
  } finally {
    open.delete(id);
  }
  mu.unlock();
}

export async function innerFinallyUnlocksBeforeTheOuterWork(id: string): Promise<void> {
  try {
    await mu.lock();
    try {
      open.add(id);
    } finally {
      mu.unlock();
    }
    await save(id, "");
  } finally {
    console.log("saved", id);
  }
}

export async function loopInsideTryInsideLock(ids: readonly string[]): Promise<number> {
  let saved = 0;
  for (const id of ids) {
    await mu.lock();
    try {
      if (open.has(id)) continue;
      if (id === "stop") break;
      await save(id, "");
      saved++;
    } catch {
      continue;
    } finally {
      mu.unlock();
    }
  }
  return saved;
}
