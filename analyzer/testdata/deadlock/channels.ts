import { go, sleep, WaitGroup } from "@lockscope/sync";
import { after, Channel, onReceive, onSend, otherwise, select } from "@lockscope/sync/channel";

export async function bothSendFirst(): Promise<void> {
  const left = new Channel<number>();
  const right = new Channel<number>();
  const a = go(async () => {
    await left.send(1); // want: deadlock
    await right.receive();
  });
  const b = go(async () => {
    await right.send(2);
    await left.receive();
  });
  await a.join();
  await b.join();
}

export async function oneSendsOneReceives(): Promise<void> {
  const left = new Channel<number>();
  const right = new Channel<number>();
  const a = go(async () => {
    await left.send(1);
    await right.receive();
  });
  const b = go(async () => {
    await left.receive();
    await right.send(2);
  });
  await a.join();
  await b.join();
}

export async function roomForOne(): Promise<void> {
  const left = new Channel<number>(1);
  const right = new Channel<number>(1);
  const a = go(async () => {
    await left.send(1);
    await right.receive();
  });
  const b = go(async () => {
    await right.send(2);
    await left.receive();
  });
  await a.join();
  await b.join();
}

/** A ring of three, each of which wants to be given something before it gives. */
export async function ringOfThree(): Promise<void> {
  const rings = [new Channel<number>(), new Channel<number>(), new Channel<number>()];
  const tasks = rings.map((ring, index) =>
    go(async () => {
      const before = rings[(index + 2) % 3];
      await before?.receive(); // want: deadlock
      await ring.send(index);
    }),
  );
  for (const task of tasks) await task.join();
}

export async function ringWithAStart(): Promise<void> {
  const rings = [new Channel<number>(), new Channel<number>(), new Channel<number>(1)];
  await rings[2]?.send(0);
  const tasks = rings.map((ring, index) =>
    go(async () => {
      const before = rings[(index + 2) % 3];
      await before?.receive();
      if (index < 2) await ring.send(index);
    }),
  );
  for (const task of tasks) await task.join();
}

export async function answersFillUp(): Promise<number> {
  const jobs = new Channel<number>();
  const results = new Channel<number>();
  const workers = new WaitGroup();
  for (let worker = 0; worker < 2; worker++) {
    workers.go(async () => {
      for await (const job of jobs) await results.send(job * 2); // want: deadlock
    });
  }
  for (let job = 0; job < 5; job++) await jobs.send(job);
  jobs.close();
  await workers.wait();
  results.close();
  let sum = 0;
  for await (const result of results) sum += result;
  return sum;
}

export async function answersTakenMeanwhile(): Promise<number> {
  const jobs = new Channel<number>();
  const results = new Channel<number>();
  const workers = new WaitGroup();
  for (let worker = 0; worker < 2; worker++) {
    workers.go(async () => {
      for await (const job of jobs) await results.send(job * 2);
    });
  }
  go(async () => {
    for (let job = 0; job < 5; job++) await jobs.send(job);
    jobs.close();
    await workers.wait();
    results.close();
  });
  let sum = 0;
  for await (const result of results) sum += result;
  return sum;
}

export async function eitherWay(): Promise<void> {
  const ping = new Channel<number>();
  const pong = new Channel<number>();
  const a = go(() => select(onSend(ping, 1, () => 0), onReceive(pong, () => 1)));
  const b = go(() => select(onReceive(ping, () => 0), onSend(pong, 2, () => 1)));
  await a.join();
  await b.join();
}

export async function triesFirst(): Promise<void> {
  const full = new Channel<number>(1);
  await full.send(1);
  await select(
    onSend(full, 2, () => undefined),
    otherwise(() => undefined),
  );
  await full.receive();
}

export async function givesUpInTime(): Promise<string> {
  const answer = new Channel<string>(1);
  go(async () => {
    await sleep(50);
    await answer.send("late");
  });
  return select(
    onReceive(answer, (text) => text ?? ""),
    onReceive(after(10), () => "timed out"),
  );
}

export async function closedByTheSender(): Promise<number> {
  const numbers = new Channel<number>();
  go(async () => {
    for (const n of [1, 2, 3]) await numbers.send(n);
    numbers.close();
  });
  let sum = 0;
  for await (const n of numbers) sum += n;
  return sum;
}

/** Somebody whom the search does not see is at the other end. */
export function handedOut(values: readonly number[]): Channel<number> {
  const out = new Channel<number>();
  go(async () => {
    for (const value of values) await out.send(value);
    out.close();
  });
  return out;
}

export async function toAStranger(consume: (from: Channel<number>) => void): Promise<void> {
  const out = new Channel<number>();
  consume(out);
  await out.send(1);
}
