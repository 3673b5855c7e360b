// moby-33293, mended: the channel has room for the error.
import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

async function containerWait(name: string): Promise<Channel<Error>> {
  const errors = new Channel<Error>(1, { name: "errC" });
  if (name === "") {
    await errors.send(new Error("no container given"));
    return errors;
  }
  errors.close();
  return errors;
}

export default async function scenario(): Promise<void> {
  const waiter = go(
    async () => {
      const errors = await containerWait("");
      return errors.receive();
    },
    { name: "container wait" },
  );
  await waiter.join();
}
