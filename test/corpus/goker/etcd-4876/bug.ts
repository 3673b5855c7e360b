// etcd-4876: how often a watch stream reports its progress is a global variable, which a test sets while the send loop
// of a stream reads it: here before and after an await, so the loop works with two values at once.
import { go, gosched } from "@lockscope/sync";

const settings = { progressReportInterval: 600 };

async function sendLoop(): Promise<number> {
  const ticksEvery = settings.progressReportInterval;
  await gosched(); // the stream is opened
  const reportsAfter = settings.progressReportInterval;
  if (ticksEvery !== reportsAfter) {
    throw new Error(`a ticker of ${ticksEvery} s and reports after ${reportsAfter} s`);
  }
  return ticksEvery;
}

export default async function scenario(): Promise<void> {
  const loop = go(() => sendLoop(), { name: "sendLoop" });
  const test = go(
    async () => {
      settings.progressReportInterval = 3;
    },
    { name: "test" },
  );
  await test.join();
  await loop.join();
}
