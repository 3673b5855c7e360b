import { once } from "node:events";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/browser.js";
import { endOf, InstalledCli } from "../support/installed-cli.js";

let cli: InstalledCli;
let browser: Browser;
beforeAll(async () => {
  [cli, browser] = await Promise.all([InstalledCli.install(), launchChromium()]);
  await cli.write({ "package.json": '{ "private": true, "type": "module" }\n', ...programs });
  const runs = ["work", "more"].map((name) => cli.run(["run", "--trace", `${name}.locktrace`, `${name}.ts`]));
  for (const { code, stderr } of await Promise.all(runs)) if (code !== 0) throw new Error(stderr);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await cli[Symbol.asyncDispose]();
});

const work = (rounds: number) => `import { go, Mutex, sleep } from "@lockscope/sync";
const mu = new Mutex();
const task = async () => {
  for (let round = 0; round < ${rounds}; round++) await mu.withLock(() => sleep(1));
};
for (const each of [go(task, { name: "one" }), go(task, { name: "two" })]) await each.join();
`;
const programs = {
  "work.ts": work(2),
  "more.ts": work(5),
  "lasting.ts": `import { Mutex } from "@lockscope/sync";
const mu = new Mutex({ name: "lasting" });
const lock = async () => {
  await mu.lock();
  mu.unlock();
};
await lock();
process.stdin.on("data", lock);
process.stdin.on("end", () => {});
`,
};

describe("trace --format", () => {
  it("prints JSON for Perfetto, and events as a table", async () => {
    const chrome = await cli.run(["trace", "work.locktrace", "--format", "chrome"]);
    expect([chrome.code, chrome.stderr]).toEqual([0, ""]);
    const { traceEvents } = JSON.parse(chrome.stdout) as { traceEvents: { ph: string; name: string }[] };
    expect(traceEvents.filter(({ ph }) => ph === "X").length).toBeGreaterThan(8);

    const csv = await cli.run(["trace", "work.locktrace", "--format", "csv"]);
    const text = await cli.run(["trace", "work.locktrace", "--format", "text"]);
    const lines = (text.stdout.match(/\n/g) ?? []).length;
    expect(csv.code).toBe(0);
    expect(csv.stdout.trim().split(/\r?\n/)).toHaveLength(lines); // A line of titles for the header line.
  });

  it("says which formats there are, and what does not go together", async () => {
    expect(await cli.run(["trace", "work.locktrace", "--format", "xml"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: "lockscope: unknown format xml; there are text, chrome, csv\n",
    });
    const both = await cli.run(["trace", "work.locktrace", "--serve", "--compare", "more.locktrace"]);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("exclude each other")]);
  });
});

describe("trace --compare", () => {
  it("sets the locks of two traces side by side", async () => {
    const { code, stdout, stderr } = await cli.run([
      "trace",
      "work.locktrace",
      "--compare",
      "more.locktrace",
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^before {2}.* 3 tasks, 1 lock\nafter {3}.* 3 tasks, 1 lock\n\nlock +uses/);
    expect(stdout).toMatch(/^Mutex "mu" more\.ts:2 +4 → 10 /m);
  });
});

/** A server that has said where it is. */
async function serve(trace: string) {
  const child = cli.start(["trace", trace, "--serve"]);
  const ended = endOf(child);
  const [line] = (await once(child.stdout, "data")) as [string];
  const url = new URL(line.trim());
  return { child, ended, url };
}

/** The status and headers that a request gets, made by hand: `fetch` would not send another's Host. */
async function ask(url: URL, path: string, headers: Record<string, string> = {}, method = "GET") {
  const { port } = url;
  const sent = request({ host: "127.0.0.1", port, path, method, headers }).end();
  const [response] = (await once(sent, "response")) as [import("node:http").IncomingMessage];
  response.resume();
  return { status: response.statusCode, headers: response.headers };
}

async function shown(url: URL): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 } });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(url.href);
  return { page, complaints };
}

describe("trace --serve", () => {
  it("shows the trace in a browser, and ends when told to", async () => {
    const { child, ended, url } = await serve("work.locktrace");
    expect(url.hostname).toBe("127.0.0.1");
    const { page, complaints } = await shown(url);
    const events = (await cli.run(["trace", "work.locktrace"])).stdout.match(/\n/g)!.length - 1;
    await page.locator(`body[data-events="${events}"]`).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  });

  it("follows a trace that is still being written", async () => {
    const program = cli.start(["run", "--trace", "lasting.locktrace", "lasting.ts"]);
    const over = endOf(program);
    const file = join(cli.folder, "lasting.locktrace");
    await expect
      .poll(
        () =>
          readFile(file).then(
            ({ length }) => length > 200,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    const { child, url } = await serve("lasting.locktrace");
    const { page } = await shown(url);
    await page.locator('body[data-events="2"]').waitFor();
    program.stdin.write("again\n");
    await page.locator('body[data-events="4"]').waitFor();
    program.stdin.end();
    await over;
    await page.locator('body[data-events="5"]').waitFor();
    await page.close();
    child.kill("SIGINT");
  });

  it("answers nobody who does not know the token, or comes by another name", async () => {
    const { child, url } = await serve("work.locktrace");
    const own = url.pathname;
    const host = url.host;
    const statuses = await Promise.all([
      ask(url, own),
      ask(url, `${own}work.locktrace`, {}, "HEAD"),
      ask(url, own, { host: "rebound.example.org" }),
      ask(url, own, { host: `localhost:${url.port}` }),
      ask(url, "/"),
      ask(url, "/viewer.js"),
      ask(url, "/work.locktrace"),
      ask(url, `${own.slice(0, -2)}x/`),
      ask(url, `${own}../package.json`),
      ask(url, `${own}..%2fpackage.json`),
      ask(url, `${own}more.locktrace`),
      ask(url, own, { host }, "POST"),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([
      ...[200, 200, 403, 403],
      ...[404, 404, 404, 404, 404, 404, 404, 405],
    ]);
    const policy = statuses[0]!.headers["content-security-policy"];
    expect(policy).toMatch(/^default-src 'none'; script-src 'nonce-[\w-]{22}';/);
    child.kill("SIGTERM");
  });

  it("shows what can be read of a damaged file, and says why there is no more", async () => {
    const bytes = await readFile(join(cli.folder, "work.locktrace"));
    await writeFile(join(cli.folder, "damaged.locktrace"), bytes);
    await appendFile(join(cli.folder, "damaged.locktrace"), Buffer.alloc(64, 0xff));
    const { child, url } = await serve("damaged.locktrace");
    const { page } = await shown(url);
    const events = (await cli.run(["trace", "work.locktrace"])).stdout.match(/\n/g)!.length - 1;
    await page.locator(`body[data-events="${events}"]`).waitFor();
    await expect.poll(() => page.locator("body").innerText()).toMatch(/damaged|magic|not a batch|malformed/i);
    await page.close();
    child.kill("SIGTERM");
  });
});
