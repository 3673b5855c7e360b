// kubernetes-5316: a request runs in a task of its own and reports over unbuffered channels. When it times out,
// nobody is left to receive what the task sends.
import { go, sleep } from "@lockscope/sync";
import { after, Channel, onReceive, select } from "@lockscope/sync/channel";

async function finishRequest(timeoutMs: number, fn: () => Promise<string>): Promise<string> {
  const result = new Channel<string>(0, { name: "ch" });
  const failure = new Channel<Error>(0, { name: "errCh" });
  go(
    async () => {
      let value: string;
      try {
        value = await fn();
      } catch (error) {
        await failure.send(error as Error); // want: stuck-channel
        return;
      }
      await result.send(value); // want: stuck-channel
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
