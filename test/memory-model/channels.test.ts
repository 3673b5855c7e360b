import { go } from "@lockscope/sync";
import { Channel, onReceive, onSend, select } from "@lockscope/sync/channel";
import { describe, expect, it } from "vitest";

describe("Channel", () => {
  it("A `send` happens before the `receive` of its value returns.", async () => {
    const log: string[] = [];
    const ch = new Channel<string>();
    const received = ch.receive().then((value) => log.push(`received ${value}`));
    await null;
    log.push("send");
    await Promise.all([ch.send("a"), received]);
    expect(log).toEqual(["send", "received a"]);
  });

  it("Without a buffer, a `receive` happens before the `send` of its value returns.", async () => {
    const log: string[] = [];
    const ch = new Channel<string>();
    const sent = ch.send("a").then(() => log.push("sent"));
    await null;
    log.push("receive");
    await Promise.all([ch.receive(), sent]);
    expect(log).toEqual(["receive", "sent"]);
  });

  it.each([1, 2, 5])(
    "The k-th `receive` on a channel of capacity C happens before the (k+C)-th `send` returns. (C = %i)",
    async (capacity) => {
      const ch = new Channel<number>(capacity);
      let received = 0;
      const sender = go(async () => {
        for (let sent = 1; sent <= 20; sent++) {
          await ch.send(sent);
          expect(received).toBeGreaterThanOrEqual(sent - capacity);
        }
        ch.close();
      });
      for (;;) {
        received++;
        if ((await ch.receive()) === undefined) break;
      }
      await sender.join();
      expect(received).toBe(21);
    },
  );

  it("Values are received in the order in which they were sent.", async () => {
    const ch = new Channel<number>(2);
    const sends = [1, 2, 3, 4].map((n) => ch.send(n));
    const received: number[] = [];
    for (let i = 0; i < 4; i++) received.push((await ch.receive())!);
    await Promise.all(sends);
    expect(received).toEqual([1, 2, 3, 4]);
  });

  it("A `close` happens before a `receive` that returns because of it.", async () => {
    const log: string[] = [];
    const ch = new Channel<string>();
    const received = ch.receiveOk().then(([, ok]) => log.push(`end: ${!ok}`));
    await null;
    log.push("close");
    ch.close();
    await received;
    expect(log).toEqual(["close", "end: true"]);
  });

  it("What was sent before a `close` is received before the end.", async () => {
    const ch = new Channel<number>(2);
    await ch.send(1);
    await ch.send(2);
    ch.close();
    const received: number[] = [];
    for await (const value of ch) received.push(value);
    expect(received).toEqual([1, 2]);
  });
});

describe("select", () => {
  it("Exactly one of its cases takes place, as if it had been called by itself.", async () => {
    const [a, b] = [new Channel<string>(1), new Channel<string>(1)];
    await a.send("from a");
    const took = await select(
      onReceive(a, () => "a"),
      onSend(b, "to b", () => "b"),
    );
    expect([a.length, b.length]).toEqual(took === "a" ? [0, 0] : [1, 1]);
  });

  it("What the other side did before its case took place happens before the handler runs.", async () => {
    const log: string[] = [];
    const ch = new Channel<string>();
    const selected = select(onReceive(ch, (value) => log.push(`handler: ${value}`)));
    await null;
    log.push("send");
    await ch.send("a");
    await selected;
    expect(log).toEqual(["send", "handler: a"]);
  });
});
