// Three pages are fetched by three workers, and a reporter waits for all of them. The reporter starts first:
// it finds a count of zero and does not wait at all.
// You should see: "all done: 0 pages" before any page has arrived.
import { go, sleep, WaitGroup } from "@lockscope/sync";

const pages = new Map<string, number>();
const wg = new WaitGroup({ name: "fetches" });

const reporter = go(
  async () => {
    await wg.wait();
    console.log(`all done: ${pages.size} pages`);
  },
  { name: "reporter" },
);

for (const [index, url] of ["/home", "/about", "/contact"].entries()) {
  await sleep(5); // be polite to the server
  wg.add(1); // want: waitgroup-add-after-wait
  go(
    async () => {
      await sleep(10 * (index + 1));
      pages.set(url, 200);
      console.log(`fetched ${url}`);
      wg.done();
    },
    { name: `fetch ${url}` },
  );
}
await reporter.join();
