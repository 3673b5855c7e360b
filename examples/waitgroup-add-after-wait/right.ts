// Three pages are fetched by three workers, and a reporter waits for all of them. Everything is counted before
// anybody waits.
// You should see: three fetches and then "all done: 3 pages".
import { go, sleep, WaitGroup } from "@lockscope/sync";

const pages = new Map<string, number>();
const wg = new WaitGroup({ name: "fetches" });

const urls = ["/home", "/about", "/contact"];
wg.add(urls.length);

const reporter = go(
  async () => {
    await wg.wait();
    console.log(`all done: ${pages.size} pages`);
  },
  { name: "reporter" },
);

for (const [index, url] of urls.entries()) {
  await sleep(5); // be polite to the server
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
