// Two projects of more than 250,000 lines of TypeScript to measure the analyzer on, made anew when asked for:
// `sparse`: the sources of packages that ship them, and a hundred files that use primitives, as in life;
// `dense`: every file uses primitives.
// `node bench/analyzer/projects.mjs` makes both below .lockscope/bench and prints their sizes.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
export const folder = join(here, "../../.lockscope/bench");

const sparseModules = 100;
const denseModules = 2600;

const tsconfig = {
  compilerOptions: {
    target: "ES2023",
    lib: ["ESNext", "DOM", "DOM.Iterable"],
    module: "ESNext",
    moduleResolution: "bundler",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    types: ["node"],
  },
  include: ["src"],
};

/** The tools and packages, and both projects. Kept between runs; `fresh` makes the projects anew. */
export function makeProjects({ fresh = false } = {}) {
  mkdirSync(folder, { recursive: true });
  const manifest = readFileSync(join(here, "package.json"), "utf8");
  const installed = join(folder, "package.json");
  if (!existsSync(join(folder, "node_modules")) || readFileSync(installed, "utf8") !== manifest) {
    writeFileSync(installed, manifest);
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], {
      cwd: folder,
      stdio: "inherit",
    });
    for (const [name, version] of Object.entries(JSON.parse(manifest).sources)) unpack(name, version);
    fresh = true;
  }
  const sparse = join(folder, "sparse");
  const dense = join(folder, "dense");
  if (fresh) for (const project of [sparse, dense]) rmSync(project, { recursive: true, force: true });
  if (!existsSync(sparse)) makeSparse(sparse);
  if (!existsSync(dense)) makeDense(dense);
  return { sparse, dense };
}

/** The package's own files only: what it depends on is not what is measured. */
function unpack(name, version) {
  const to = join(folder, "sources", name.replace(/\W+/g, "-"));
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const packed = execFileSync("npm", ["pack", "--silent", `${name}@${version}`], {
    cwd: folder,
    encoding: "utf8",
  }).trim();
  execFileSync("tar", ["xzf", join(folder, packed), "-C", to, "--strip-components", "1"]);
  rmSync(join(folder, packed));
}

function makeSparse(project) {
  start(project);
  const unpacked = join(folder, "sources");
  for (const name of readdirSync(unpacked)) {
    const from = join(unpacked, name);
    for (const file of sources(from)) {
      const to = join(project, "src", name, file);
      mkdirSync(dirname(to), { recursive: true });
      cpSync(join(from, file), to);
    }
  }
  for (let n = 0; n < sparseModules; n += 1)
    write(project, `src/app/part${n}.ts`, lockModule(n, sparseModules));
}

function makeDense(project) {
  start(project);
  for (let n = 0; n < denseModules; n += 1) {
    write(project, `src/area${n % 50}/part${n}.ts`, lockModule(n, denseModules, "../area"));
  }
}

function start(project) {
  mkdirSync(join(project, "src"), { recursive: true });
  write(project, "tsconfig.json", JSON.stringify(tsconfig, undefined, 2));
  write(
    project,
    "node_modules/@lockscope/sync/package.json",
    JSON.stringify({ name: "@lockscope/sync", version: "0.0.0", types: "index.d.ts" }),
  );
  write(project, "node_modules/@lockscope/sync/index.d.ts", libraryTypes);
}

function write(project, name, text) {
  const file = join(project, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function sources(root, below = "") {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const name = join(below, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sources(root, name);
    return /(?<!\.d)\.[cm]?ts$/.test(entry.name) ? [name] : [];
  });
}

/** What tsc and eslint see of the library: the part that the modules use. */
const libraryTypes = `export interface Guard extends Disposable { release(): void }
export declare class Mutex {
  lock(): Promise<void>; tryLock(): boolean; unlock(): void; acquire(): Promise<Guard>;
  withLock<T>(fn: () => T | PromiseLike<T>): Promise<T>;
}
export declare class RWMutex extends Mutex { rLock(): Promise<void>; rUnlock(): void }
export declare class WaitGroup { add(n: number): void; done(): void; wait(): Promise<void> }
export declare function go(fn: () => unknown): unknown;
`;

/** About a hundred lines of a service in the usual style: two locks, state, helpers, calls into its neighbours. */
function lockModule(n, total, areas) {
  // Rings of twenty: a chain through all of them overflows the stack of tsc.
  const neighbour = Math.min(n % 20 === 19 ? n - 19 : n + 1, total - 1);
  const path =
    areas === undefined ? `./part${neighbour}.js` : `${areas}${neighbour % 50}/part${neighbour}.js`;
  return `import { go, Mutex, RWMutex, WaitGroup } from "@lockscope/sync";
import type { Entry${neighbour} } from "${path}";
import { normalize${neighbour} } from "${path}";

export interface Entry${n} {
  readonly id: string;
  readonly amount: number;
  readonly tags: readonly string[];
  readonly next?: Entry${neighbour};
}

export function normalize${n}(entry: Entry${n}): Entry${n} {
  const tags = [...new Set(entry.tags.map((tag) => tag.trim().toLowerCase()))].sort();
  return { ...entry, amount: Math.round(entry.amount * 100) / 100, tags };
}

export class Store${n} {
  readonly #mu = new Mutex();
  readonly #index = new RWMutex();
  readonly #entries = new Map<string, Entry${n}>();
  #total = 0;

  async put(entry: Entry${n}): Promise<void> {
    await this.#mu.lock();
    try {
      const known = this.#entries.get(entry.id);
      this.#entries.set(entry.id, normalize${n}(entry));
      this.#total += entry.amount - (known?.amount ?? 0);
      if (entry.next !== undefined) normalize${neighbour}(entry.next);
    } finally {
      this.#mu.unlock();
    }
  }

  async find(id: string): Promise<Entry${n} | undefined> {
    await this.#index.rLock();
    try {
      return this.#entries.get(id);
    } finally {
      this.#index.rUnlock();
    }
  }

  async total(): Promise<number> {
    return this.#mu.withLock(() => this.#total);
  }

  async remove(id: string): Promise<boolean> {
    using guard = await this.#mu.acquire();
    const known = this.#entries.get(id);
    if (known === undefined) return false;
    this.#total -= known.amount;
    return this.#entries.delete(id);
  }

  async all(ids: readonly string[]): Promise<Entry${n}[]> {
    const found: Entry${n}[] = [];
    const wg = new WaitGroup();
    for (const id of ids) {
      wg.add(1);
      go(async () => {
        try {
          const entry = await this.find(id);
          if (entry !== undefined) found.push(entry);
        } finally {
          wg.done();
        }
      });
    }
    await wg.wait();
    return found.sort((a, b) => a.amount - b.amount);
  }

  tryClear(): boolean {
    if (!this.#mu.tryLock()) return false;
    this.#entries.clear();
    this.#total = 0;
    this.#mu.unlock();
    return true;
  }
}

const shared${n} = new Store${n}();
let loads${n} = 0;

export async function load${n}(lines: readonly string[]): Promise<number> {
  for (const line of lines) {
    const [id = "", amount = "0", ...tags] = line.split(",");
    if (id === "" || Number.isNaN(Number(amount))) continue;
    await shared${n}.put({ id, amount: Number(amount), tags });
    loads${n} += 1;
  }
  return loads${n};
}

export async function report${n}(): Promise<string> {
  const total = await shared${n}.total();
  return \`\${loads${n}} loads, total \${total.toFixed(2)}\`;
}
`;
}

export function sizeOf(project) {
  const files = sources(join(project, "src"));
  const lines = files.reduce(
    (sum, file) => sum + readFileSync(join(project, "src", file), "utf8").split("\n").length,
    0,
  );
  return { files: files.length, lines };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const projects = makeProjects({ fresh: true });
  for (const [name, project] of Object.entries(projects)) console.log(name, sizeOf(project));
}
