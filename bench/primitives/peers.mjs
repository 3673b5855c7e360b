// The peers from npm, each as a way to lock, to send, ... that the loops know. They are installed below
// .lockscope, out of the tree, at the versions of the package.json beside this file.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = fileURLToPath(new URL("../../.lockscope/bench-primitives", import.meta.url));

function install() {
  const manifest = readFileSync(new URL("package.json", import.meta.url), "utf8");
  const installed = join(folder, "package.json");
  if (existsSync(join(folder, "node_modules")) && readFileSync(installed, "utf8") === manifest) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(installed, manifest);
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], {
    cwd: folder,
    stdio: "inherit",
  });
}

install();
const require = createRequire(join(folder, "package.json"));
/** A peer as Node resolves it; an ES module where it ships one. */
const load = async (name, esm) =>
  esm === undefined ? require(name) : import(pathToFileURL(join(folder, "node_modules", name, esm)).href);

const asyncMutex = await load("async-mutex", "index.mjs");
const { Sema } = await load("async-sema");
const awaitSemaphore = await load("await-semaphore");
const AsyncLock = await load("async-lock");
const { default: pLimit } = await load("p-limit", "index.js");
const rocicorp = await load("@rocicorp/lock", "out/lock.js");
const mutexify = await load("mutexify/promise");
const { default: AwaitLock } = await load("await-lock", "build/AwaitLock.js");
const { AsyncMutex } = await load("@esfx/async-mutex", "dist/esm/index.mjs");
const { AsyncSemaphore } = await load("@esfx/async-semaphore", "dist/esm/index.mjs");
const medium = await load("medium");
const csp = await load("@thi.ng/csp", "index.js");
const tsChan = await load("ts-chan", "build/ts-chan.modern.mjs");

/**
 * Mutexes: `lock` and `unlock`; or `acquire`, which gives what unlocks; or `run`, which takes the section.
 * Each call makes one of its own.
 */
export const mutexes = {
  "async-mutex acquire": () => {
    const mu = new asyncMutex.Mutex();
    return { acquire: () => mu.acquire() };
  },
  "async-mutex runExclusive": () => {
    const mu = new asyncMutex.Mutex();
    return { run: (fn) => mu.runExclusive(fn) };
  },
  "async-sema": () => {
    const sema = new Sema(1);
    return { lock: () => sema.acquire(), unlock: () => sema.release() };
  },
  "await-semaphore": () => {
    const mu = new awaitSemaphore.Mutex();
    return { acquire: () => mu.acquire() };
  },
  "async-lock": () => {
    const lock = new AsyncLock({ maxPending: Infinity });
    return { run: (fn) => lock.acquire("key", fn) };
  },
  "p-limit": () => {
    const limit = pLimit(1);
    return { run: (fn) => limit(fn) };
  },
  "@rocicorp/lock": () => {
    const lock = new rocicorp.Lock();
    return { acquire: () => lock.lock() };
  },
  mutexify: () => ({ acquire: mutexify() }),
  "await-lock": () => {
    const lock = new AwaitLock();
    return { lock: () => lock.acquireAsync(), unlock: () => lock.release() };
  },
  "@esfx/async-mutex": () => {
    const mu = new AsyncMutex();
    return { lock: () => mu.lock(), unlock: () => mu.unlock() };
  },
};

/** Semaphores, by their number of permits; the ways as above. */
export const semaphores = {
  "async-mutex": (permits) => {
    const sema = new asyncMutex.Semaphore(permits);
    return { lock: () => sema.acquire(), unlock: () => sema.release() };
  },
  "async-sema": (permits) => {
    const sema = new Sema(permits);
    return { lock: () => sema.acquire(), unlock: () => sema.release() };
  },
  "await-semaphore": (permits) => {
    const sema = new awaitSemaphore.Semaphore(permits);
    return { acquire: () => sema.acquire() };
  },
  "p-limit": (permits) => {
    const limit = pLimit(permits);
    return { run: (fn) => limit(fn) };
  },
  "@esfx/async-semaphore": (permits) => {
    const sema = new AsyncSemaphore(permits);
    return { lock: () => sema.wait(), unlock: () => sema.release() };
  },
};

/** Channels: `send` and `receive` by capacity; one that can have none is left out at zero. */
export const channels = {
  medium: (capacity) => {
    const ch = capacity === 0 ? medium.chan() : medium.chan(capacity);
    return { send: (value) => medium.put(ch, value), receive: () => medium.take(ch) };
  },
  "@thi.ng/csp (at least one slot)": (capacity) => {
    const ch = csp.channel(Math.max(capacity, 1));
    return { send: (value) => ch.write(value), receive: () => ch.read() };
  },
  "ts-chan, unsafe": (capacity) => {
    const ch = new tsChan.Chan(capacity).setUnsafe(true);
    return { send: (value) => ch.send(value), receive: () => ch.recv() };
  },
};
