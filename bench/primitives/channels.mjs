import { channels as peers } from "./peers.mjs";
import { group, loops } from "./table.mjs";

export async function channels({ Channel, onReceive, select }) {
  for (const capacity of [0, 10, 100]) {
    const pipe = async (way) => {
      const l = await loops();
      return (n) => l.pipe(way, n);
    };
    const c = new Channel(capacity);
    const limit = await loops();
    const rows = {};
    for (const [name, make] of Object.entries(peers)) rows[name] = await pipe(make(capacity));
    await group(
      `channel of capacity ${capacity}: an item from task to task`,
      10_000,
      {
        limits: { "limit: two awaits": (n) => limit.repeat(() => limit.turn, n * 2) },
        ours: { Channel: await pipe({ send: (value) => c.send(value), receive: () => c.receive() }) },
        peers: rows,
      },
      [{ of: "Channel", against: "best peer", atLeast: 0.9 }],
    );
  }
  await selects({ Channel, onReceive, select });
}

async function selects({ Channel, onReceive, select }) {
  const cases = (...own) => [
    ...Array.from({ length: 4 - own.length }, () => onReceive(new Channel(), () => {})),
    ...own,
  ];
  const [full, alsoFull] = [new Channel(1), new Channel(1)];
  const ready = cases(onReceive(alsoFull, () => {}));
  const receive = "Channel receive";
  await group(
    "select of four, one ready, beside a receive (each with its send)",
    10_000,
    {
      ours: {
        [receive]: async (n) => {
          for (let i = 0; i < n; i++) {
            full.trySend(i);
            await full.receive();
          }
        },
        select: async (n) => {
          for (let i = 0; i < n; i++) {
            alsoFull.trySend(i);
            await select(...ready);
          }
        },
      },
    },
    [{ of: "select", against: receive, atLeast: 1 / 3 }],
  );

  const [awaited, selected] = [new Channel(), new Channel()];
  const parked = cases(onReceive(selected, () => {}));
  await group(
    "select of four that waits, beside a receive that waits",
    10_000,
    {
      ours: {
        [receive]: async (n) => {
          for (let i = 0; i < n; i++) {
            const received = awaited.receive();
            awaited.trySend(i);
            await received;
          }
        },
        select: async (n) => {
          for (let i = 0; i < n; i++) {
            const received = select(...parked);
            selected.trySend(i);
            await received;
          }
        },
      },
    },
    [{ of: "select", against: receive, atLeast: 1 / 3 }],
  );
}
