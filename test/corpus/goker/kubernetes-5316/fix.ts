// kubernetes-5316, mended: each channel has room for the one value that it will ever carry.
import { go, sleep } from "@lockscope/sync";
import { after, Channel, onReceive, select } from "@lockscope/sync/channel";

async function finishRequest(timeoutMs: number, fn: () => Promise<string>): Promise<string> {
  const result = new Channel<string>(1, { name: "ch" });
  const failure = new Channel<Error>(1, { name: "errCh" });
  go(
    async () => {
      let value: string;
      try {
        value = await fn();
      } catch (error) {
        await failure.send(error as Error);
        return;
      }
      await result.send(value);
    },
    { name: "request" },
  );
  return select(
    onReceive(result, (value) => value ?? ""),
    onReceive(failure, (error) => {
      throw error;
    }),
    onReceive(after(timeoutMs), () => "timed out"),
  );
}

export default async function scenario(): Promise<void> {
  await finishRequest(2, async () => {
    await sleep(4);
    return "late";
  });
}
