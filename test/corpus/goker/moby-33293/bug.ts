// moby-33293: containerWait puts the error into an unbuffered channel before it returns that channel to the one who
// would receive it.
import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

async function containerWait(name: string): Promise<Channel<Error>> {
  const errors = new Channel<Error>(0, { name: "errC" });
  if (name === "") {
    await errors.send(new Error("no container given")); // want: stuck-channel
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
