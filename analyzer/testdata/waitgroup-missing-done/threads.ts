// Counted down in the thread that gets the handle, which nobody here can see.
import { type SharedHandle, SharedWaitGroup } from "@lockscope/sync/shared";

export async function inAWorker(post: (handle: SharedHandle) => void): Promise<void> {
  const wg = new SharedWaitGroup();
  wg.add(1);
  post(wg.handle);
  await wg.wait();
}

export async function inNoThread(): Promise<void> {
  const wg = new SharedWaitGroup();
  wg.add(1); // want: waitgroup-missing-done
  await wg.wait();
}
