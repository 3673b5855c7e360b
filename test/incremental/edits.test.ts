import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type CheckResult, openWorkspace, type Workspace } from "@lockscope/analyzer";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usedAfterCollection } from "../support/heap.js";
import { randomEdits } from "./random-edits.js";
import { shelves } from "./shelves.js";

const testdata = fileURLToPath(new URL("../../analyzer/testdata", import.meta.url));
const folders = readdirSync(testdata, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "lockscope-edits-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const fail = (message: string) => {
  throw new Error(message);
};

function parses(file: string, text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true, fileName: file });
  return diagnostics.length === 0;
}

/** In an order of their own. */
function findingsOf({ findings, errors }: CheckResult): string[] {
  expect(errors).toEqual([]);
  return findings.map((finding) => JSON.stringify(finding)).sort();
}

/** What somebody finds who opens the folder with these texts. */
async function fromNothing(cwd: string, texts: ReadonlyMap<string, string>): Promise<string[]> {
  const workspace = openWorkspace({ cwd, log: fail });
  for (const [file, text] of texts) workspace.setText(file, text);
  const result = await workspace.check([...texts.keys()]);
  workspace.dispose();
  return findingsOf(result);
}

describe("edits one after the other", () => {
  const edits = randomEdits(20261121);
  const few = Array.from({ length: 24 }, () => edits.pick(folders));

  /** As many edits, and after each what is found is what somebody finds who opens the folder with its texts. */
  async function editAndCompare(cwd: string, count: number): Promise<void> {
    const workspace = openWorkspace({ cwd, log: fail });
    const files = workspace.listFiles(["."]);
    const originals = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
    const texts = new Map(originals);
    await workspace.check(files);
    for (let n = 0; n < count; n += 1) {
      const file = edits.pick(files);
      const original = originals.get(file) ?? "";
      const edited = edits.next(texts.get(file) ?? "", original);
      // What does not parse is shown as what did last: nobody who opens the folder sees that.
      const text = parses(file, edited) ? edited : original;
      texts.set(file, text);
      workspace.setText(file, text);
      expect(findingsOf(await workspace.check(files))).toEqual(await fromNothing(cwd, texts));
    }
    workspace.dispose();
  }

  it.each([...new Set(few)])(
    "%s: the findings are those of a fresh look",
    { timeout: 60_000 },
    async (name) => {
      const cwd = join(root, name);
      cpSync(join(testdata, name), cwd, { recursive: true });
      await editAndCompare(cwd, 6);
    },
  );

  it("a program of several files: the findings are those of a fresh look", { timeout: 120_000 }, async () => {
    const cwd = join(root, "shelves");
    mkdirSync(cwd);
    for (const [name, text] of Object.entries(shelves)) writeFileSync(join(cwd, name), text);
    await editAndCompare(cwd, 60);
  });
});

describe("functions explored for an edit", () => {
  const store = `import { Mutex } from "@lockscope/sync";
export class Store {
  readonly mu = new Mutex();
  #count = 0;
  async add() {
    await this.mu.lock();
    this.#count += 1;
    this.mu.unlock();
  }
  size() { return this.#count; }
  async take() {
    await this.mu.lock();
  }
}
`;
  const user = (n: number) => `import { Store } from "./store.js";
const store = new Store();
export async function twice${n}() { await store.add(); await store.add(); }
export async function keep${n}() { await store.take(); store.mu.unlock(); }
export function size${n}() { return store.size(); }
`;
  const alone = `import { Mutex } from "@lockscope/sync";
const mu = new Mutex();
export async function one() { await mu.lock(); mu.unlock(); }
export async function two() { await mu.withLock(async () => {}); }
`;
  let workspace: Workspace;
  let files: Record<"store" | "user0" | "user1" | "alone", string>;

  beforeAll(async () => {
    const cwd = join(root, "counted");
    mkdirSync(cwd);
    const write = (name: string, text: string) => {
      writeFileSync(join(cwd, name), text);
      return join(cwd, name);
    };
    files = {
      store: write("store.ts", store),
      user0: write("user0.ts", user(0)),
      user1: write("user1.ts", user(1)),
      alone: write("alone.ts", alone),
    };
    workspace = openWorkspace({ cwd, log: fail });
    // Three methods, three functions twice, two functions and a callback, and the files' own top levels.
    expect((await workspace.check(Object.values(files))).explored).toBe(16);
  });
  afterAll(() => workspace.dispose());

  async function explored(file: string, text: string): Promise<number> {
    workspace.setText(file, text);
    return (await workspace.check(Object.values(files))).explored;
  }

  it("are none where nothing changed", async () => {
    expect(await explored(files.alone, alone)).toBe(0);
  });

  it("are the function that was edited and the file's top level", async () => {
    const edited = alone.replace("mu.unlock();", "const n = 1; void n; mu.unlock();");
    expect(await explored(files.alone, edited)).toBe(2);
  });

  it("are also those who call it, and nobody who calls them", async () => {
    const edited = store.replace("return this.#count;", "return this.#count + 0;");
    expect(await explored(files.store, edited)).toBe(2 + 2);
    expect(await explored(files.store, store)).toBe(2 + 2);
  });

  it("are those of the files that import it where its declarations changed", async () => {
    expect(await explored(files.store, store.replace("readonly mu", "public mu"))).toBe(4 + 4 + 4);
    expect(await explored(files.store, store)).toBe(4 + 4 + 4);
  });

  it("are those of the files that import it where what a function returns changed", async () => {
    const edited = store.replace("return this.#count;", "return String(this.#count);");
    expect(await explored(files.store, edited)).toBe(4 + 4 + 4);
  });
});

describe("a thousand edits", () => {
  it("leave nothing behind", { timeout: 120_000 }, async () => {
    const cwd = join(root, "thousand");
    cpSync(join(testdata, "missing-unlock"), cwd, { recursive: true });
    const workspace = openWorkspace({ cwd, log: fail });
    const files = workspace.listFiles(["."]);
    const originals = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
    const texts = new Map(originals);
    const edits = randomEdits(7);
    const sizes: number[] = [];
    for (let n = 1; n <= 1_000; n += 1) {
      const file = edits.pick(files);
      const original = originals.get(file) ?? "";
      // Files must not grow: every now and then all is undone.
      const text = n % 25 === 0 ? original : edits.next(texts.get(file) ?? "", original);
      texts.set(file, text);
      workspace.setText(file, text);
      const { errors } = await workspace.check([file]);
      expect(errors).toEqual([]);
      // As an editor's edits do, each comes in a turn of its own: weak references let go between turns.
      await setImmediate();
      if (n % 250 === 0) sizes.push(usedAfterCollection());
    }
    workspace.dispose();
    const [first = 0, ...later] = sizes;
    expect(Math.max(...later) / first).toBeLessThan(1.05);
  });
});
