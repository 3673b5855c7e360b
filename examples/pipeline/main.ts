// A healthy, busy program to look at in the trace view: producers, workers, a cache behind an RWMutex, channels
// between the stages, and a WaitGroup at each end.
// You should see: a progress line now and then, and after about two seconds how many answers each worker gave.
import { go, WaitGroup } from "@lockscope/sync";
import { Channel, onReceive, select, tick } from "@lockscope/sync/channel";
import { Cache } from "./cache.js";
import { type Answer, produce, type Request, work } from "./stages.js";

const requests = new Channel<Request>(4, { name: "requests" });
const answers = new Channel<Answer>(4, { name: "answers" });
const cache = new Cache();

const producers = new WaitGroup({ name: "producers" });
for (const name of ["reader 1", "reader 2", "reader 3"]) {
  producers.add(1);
  go(
    async () => {
      try {
        await produce(name, requests, 160);
      } finally {
        producers.done();
      }
    },
    { name },
  );
}

const workers = new WaitGroup({ name: "workers" });
for (const name of ["worker 1", "worker 2", "worker 3", "worker 4"]) {
  workers.add(1);
  go(
    async () => {
      try {
        await work(name, requests, answers, cache);
      } finally {
        workers.done();
      }
    },
    { name },
  );
}

// Each stage closes the channel that it was the only one to fill.
go(
  async () => {
    await producers.wait();
    requests.close();
    await workers.wait();
    answers.close();
  },
  { name: "foreman" },
);

const given = new Map<string, number>();
using clock = tick(500);
for (let open = true; open; ) {
  open = await select(
    onReceive(answers, (answer) => {
      if (answer) given.set(answer.worker, (given.get(answer.worker) ?? 0) + 1);
      return answer !== undefined;
    }),
    onReceive(clock, async () => {
      console.log("so far:", await cache.report());
      return true;
    }),
  );
}
for (const [worker, count] of given) console.log(`${worker}: ${count} answers`);
console.log("at the end:", await cache.report());
