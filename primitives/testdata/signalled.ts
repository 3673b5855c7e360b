// Takes a lock a thousand times, and then is ended by a signal in one of several ways, or sees to it itself.
import { writeSync } from "node:fs";
import { Mutex } from "@lockscope/sync";

const [, , how, late] = process.argv;
const mu = new Mutex({ name: "mu" });
const say = (text: string) => writeSync(1, `${text}\n`);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const stay = () => setInterval(() => {}, 1000);

for (let i = 0; i < 1000; i++) {
  await mu.lock();
  mu.unlock();
}
if (late === "late") await wait(300);

const ways: Record<string, () => void> = {
  idles: stay,
  "kills itself": () => {
    process.kill(process.pid, "SIGTERM");
    say("not reached");
  },
  "is busy"() {
    say("ready");
    for (;;);
  },
  "is busy for a while"() {
    stay();
    say("ready");
    for (const until = Date.now() + 1500; Date.now() < until; );
  },
  "is frozen"() {
    say("ready");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
  "listens to the end"() {
    stay();
    process.on("SIGTERM", async () => {
      await wait(200);
      await mu.lock();
      say("cleaned");
      process.exit(7);
    });
  },
  "listens once"() {
    stay();
    process.once("SIGTERM", async () => {
      await wait(200);
      say("cleaned");
      process.exit(7);
    });
  },
  "ends as libraries do it"() {
    stay();
    const listener = () => {
      if (process.listeners("SIGTERM").length > 1) return;
      say("cleaned");
      process.off("SIGTERM", listener);
      process.kill(process.pid, "SIGTERM");
      say("not reached");
    };
    process.on("SIGTERM", listener);
  },
  "does not listen any more"() {
    stay();
    const listener = () => say("not reached");
    process.on("SIGTERM", listener);
    process.off("SIGTERM", listener);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  },
  aborts: () => process.abort(),
};
ways[how!]!();
say("ready");
