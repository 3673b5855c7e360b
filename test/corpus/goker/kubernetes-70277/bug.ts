// kubernetes-70277: waitFor hands the caller's `done` channel to a poller and returns as soon as the condition holds,
// without closing anything. Who then waits for the poller's `done` waits for what only its own clean-up would close.
import { go, sleep } from "@lockscope/sync";
import { after, Channel, onReceive, select, tick } from "@lockscope/sync/channel";

type WaitFunc = (done: Channel<never>) => Channel<void>;

function poller(intervalMs: number, timeoutMs: number): WaitFunc {
  return (done) => {
    const ticks = new Channel<void>(0, { name: "ticks" });
    go(
      async () => {
        using ticker = tick(intervalMs);
        const deadline = after(timeoutMs);
        let polling = true;
        while (polling) {
          polling = await select(
            onReceive(ticker, () => {
              ticks.trySend(undefined);
              return true;
            }),
            onReceive(deadline, () => false),
            onReceive(done, () => false),
          );
        }
        ticks.close();
      },
      { name: "poller" },
    );
    return ticks;
  };
}

async function waitFor(
  wait: WaitFunc,
  condition: () => Promise<boolean>,
  done: Channel<never>,
): Promise<boolean> {
  const ticks = wait(done);
  for (;;) {
    const [, open] = await ticks.receiveOk();
    if (await condition()) return true;
    if (!open) return false;
  }
}

export default async function scenario(): Promise<void> {
  const stop = new Channel<never>(0, { name: "stopCh" });
  const poll = poller(1, 20);
  let pollersDone: Channel<never> | undefined;
  try {
    await waitFor(
      (done) => {
        pollersDone = done;
        return poll(done);
      },
      async () => {
        await sleep(2);
        return true;
      },
      stop,
    );
    await pollersDone?.receive(); // want: stuck-channel
  } finally {
    stop.close();
  }
}
