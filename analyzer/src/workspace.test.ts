import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Workspace } from "./api.js";
import { openWorkspace } from "./index.js";
import { copiedLock } from "./rules/copied-lock/rule.js";

let cwd: string;
let workspace: Workspace;
const logged: string[] = [];

function write(name: string, text: string): string {
  const file = join(cwd, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

async function found(...files: string[]): Promise<string[]> {
  const { findings } = await workspace.check(files);
  return findings.map(({ rule, range }) => `${range.start.line + 1} ${rule}`);
}

const leaky = `import { Mutex } from "@lockscope/sync";
const mu = new Mutex();
export async function f(ok: boolean) {
  await mu.lock();
  if (!ok) return;
  mu.unlock();
}
`;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "lockscope-workspace-"));
  logged.length = 0;
  workspace = openWorkspace({ cwd, log: (message) => logged.push(message) });
});

afterEach(() => {
  workspace.dispose();
  rmSync(cwd, { recursive: true, force: true });
});

describe("projects", () => {
  it("needs no tsconfig, and no installed library", async () => {
    expect(await found(write("a.ts", leaky))).toEqual(["4 missing-unlock"]);
  });

  it.each(["a.js", "a.mjs", "a.tsx", "a.jsx", "a.mts"])("reads %s", async (name) => {
    expect(await found(write(name, leaky.replace(": boolean", "")))).toEqual(["4 missing-unlock"]);
  });

  it("reads CommonJS", async () => {
    const text = leaky
      .replace(/import .*\n/, 'const { Mutex } = require("@lockscope/sync");\n')
      .replace("export ", "");
    expect(await found(write("a.cjs", text.replace(": boolean", "")))).toEqual(["4 missing-unlock"]);
  });

  it("follows a tsconfig's paths to the file that owns the lock", async () => {
    write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { paths: { "~/*": ["./src/*"] } }, include: ["src"] }),
    );
    write(
      "src/store.ts",
      'import { Mutex } from "@lockscope/sync";\nexport class Store { readonly mu = new Mutex(); }\n',
    );
    const user = write(
      "src/user.ts",
      'import { Store } from "~/store";\nexport async function f(s: Store, ok: boolean) {\n  await s.mu.lock();\n  if (!ok) return;\n  s.mu.unlock();\n}\n',
    );
    expect(await found(user)).toEqual(["3 missing-unlock"]);
  });

  it("says what is wrong with a broken tsconfig, and goes on without it", async () => {
    const config = write("tsconfig.json", "{ not json");
    const { findings, errors } = await workspace.check([write("a.ts", leaky)]);
    expect(findings.map((finding) => finding.rule)).toEqual(["missing-unlock"]);
    expect(errors).toMatchObject([{ file: config }]);
    expect(logged).toEqual([]);
  });

  it("looks at files that use an imported lock without naming the library", async () => {
    const locks =
      'import { Mutex } from "@lockscope/sync";\nexport class Store { readonly mu = new Mutex(); }\n';
    write("src/store.ts", locks);
    write("src/index.ts", 'export * from "./inner/index.js";\nexport { Store } from "./store.js";\n');
    write("src/inner/index.ts", 'export * from "../index.js";\n');
    const copy = (from: string) =>
      `import { Store } from "${from}";\nexport const copy = (s: Store) => ({ ...s });\n`;
    const near = write("src/near.ts", copy("./store.js"));
    const far = write("src/far.ts", copy("./index.js"));
    const other = write("src/other.ts", copy("./unrelated.js"));
    expect(await found(near, far, other)).toEqual(["2 copied-lock", "2 copied-lock"]);
    expect((await workspace.check([near, far, other])).analyzed).toBe(2);
    workspace.filesChanged([write("src/unrelated.ts", locks)]);
    expect(await found(other)).toEqual(["2 copied-lock"]);
    workspace.filesChanged([write("src/store.ts", "export class Store { readonly mu = 1; }\n")]);
    expect(await found(near)).toEqual([]);
  });

  it("hears of callers that import an interface only, and of none in strangers' files", async () => {
    const store = write(
      "store.ts",
      `import { Mutex } from "@lockscope/sync";
export class Store {
  readonly #mu = new Mutex();
  /** @guardedBy #mu */
  #count = 0;
  bump() {
    this.#count += 1;
  }
  async safely() {
    await this.#mu.lock();
    try {
      this.bump();
    } finally {
      this.#mu.unlock();
    }
  }
}
`,
    );
    const stranger = write(
      "stranger.ts",
      `import { Mutex } from "@lockscope/sync";
export const mu = new Mutex();
class Other {
  bump() {}
}
export function other(it: Other) {
  it.bump();
}
`,
    );
    expect(await found(store, stranger)).toEqual([]);
    const user = write(
      "user.ts",
      `import { Mutex } from "@lockscope/sync";
export const mu = new Mutex();
export interface Bumper {
  bump(): void;
}
export function twice(it: Bumper) {
  it.bump();
}
`,
    );
    workspace.filesChanged([user]);
    expect(await found(store, user)).toEqual(["7 unguarded-access"]);
  });

  it("takes unresolved imports for what they are: unknown", async () => {
    const text = `import { helper } from "./nowhere";\nimport x from "not-installed";\n${leaky}helper(x);\n`;
    expect(await found(write("a.ts", text))).toEqual(["6 missing-unlock"]);
  });

  it("skips files in which no primitive is named", async () => {
    const result = await workspace.check([
      write("plain.ts", "export const lockless = 1;\n"),
      write("a.ts", leaky),
    ]);
    expect(result).toMatchObject({ analyzed: 1, skipped: 1 });
  });

  it("lists sources, and leaves node_modules, dist and declarations out", () => {
    const wanted = [write("a.ts", ""), write("src/b.tsx", "")];
    for (const name of ["node_modules/x/index.ts", "dist/a.js", "types.d.ts", ".git/hook.js", "README.md"])
      write(name, "");
    expect(workspace.listFiles(["."])).toEqual(wanted);
  });
});

describe("edits", () => {
  it("sees the editor's text before the disk's, and the disk's again when the editor lets go", async () => {
    const file = write("a.ts", leaky);
    workspace.setText(file, leaky.replace("return;", "{ mu.unlock(); return; }"));
    expect(await found(file)).toEqual([]);
    workspace.clearText(file);
    expect(await found(file)).toEqual(["4 missing-unlock"]);
  });

  it("keeps what it can say through syntax errors", async () => {
    const file = write("a.ts", leaky);
    workspace.setText(file, `${leaky}\nexport function broken( { if (`);
    expect(await found(file)).toEqual(["4 missing-unlock"]);
  });

  const service = `import { Mutex } from "@lockscope/sync";
export class Service {
  private readonly mu = new Mutex();
  async first() {
    await this.mu.lock();
    try {
      console.log("first");
    } finally {
      this.mu.unlock();
    }
  }
  async second(ok: boolean) {
    await this.mu.lock();
    if (!ok) return;
    this.mu.unlock();
  }
}
`;
  const halfTyped = {
    "a member": "const rest = await this.",
    "a block": "if (this.mu.locked) {",
    "a template": "console.log(`${",
    "a callback": "setTimeout(async () => {",
    "a brace too many": "}}",
  };
  for (const [what, typed] of Object.entries(halfTyped)) {
    it(`stands by the last text that parsed while somebody types ${what}`, async () => {
      const file = write("a.ts", service);
      expect(await found(file)).toEqual(["13 missing-unlock"]);
      workspace.setText(file, service.replace("    try {\n", `    ${typed}\n\n    try {\n`));
      expect(await found(file)).toEqual(["15 missing-unlock"]);
      const hover = workspace.hover(file, { line: 14, character: 18 });
      expect(hover?.range).toEqual({
        start: { line: 14, character: 18 },
        end: { line: 14, character: 22 },
      });
      workspace.setText(file, service.replace("if (!ok) return;", "console.log(ok);"));
      expect(await found(file)).toEqual([]);
    });
  }

  it("says nothing of a function that has never parsed, and what it can of the others", async () => {
    const text = service.replace('console.log("first");', "if (this.mu.locked && ");
    const file = write("a.ts", text);
    expect(await found(file)).toEqual(["13 missing-unlock"]);
  });

  it("looks at the callers again when the file that they call changes on disk", async () => {
    const owner = "import { Mutex } from '@lockscope/sync';\nexport const mu = new Mutex();\n";
    const locked = `${owner}export async function g() { await mu.lock(); mu.unlock(); }\n`;
    const callee = write("callee.ts", locked);
    const caller = write(
      "caller.ts",
      'import { g, mu } from "./callee";\nexport async function f() {\n  await mu.withLock(() => g());\n}\n',
    );
    expect(await found(caller)).toEqual(["3 reentrant-lock"]);
    expect(workspace.affectedBy(callee)).toContain(caller);
    write("callee.ts", `${owner}export async function g() {}\n`);
    workspace.filesChanged([callee]);
    expect(await found(caller)).toEqual([]);
  });

  it("finds nothing in a file that is gone", async () => {
    const file = write("a.ts", leaky);
    await found(file);
    rmSync(file);
    workspace.filesChanged([file]);
    expect(await found(file)).toEqual([]);
  });
});

describe("trouble", () => {
  it("stops when it is told to", async () => {
    const stop = new AbortController();
    const files = Array.from({ length: 20 }, (_, n) => write(`f${n}.ts`, leaky));
    const checking = workspace.check(files, {
      signal: stop.signal,
      onProgress: (done) => done === 3 && stop.abort(new Error("newer text")),
    });
    await expect(checking).rejects.toThrow("newer text");
  });

  it("contains a rule that throws: reported with its id, the others go on", async () => {
    const spy = vi.spyOn(copiedLock, "run").mockImplementation(() => {
      throw new Error("boom");
    });
    const { findings, errors } = await workspace.check([write("a.ts", leaky)]);
    spy.mockRestore();
    expect(findings.map((finding) => finding.rule)).toEqual(["missing-unlock"]);
    expect(errors).toMatchObject([{ rule: "copied-lock", message: "boom" }]);
  });

  it.each([
    ["blocks", (depth: number) => `${"{".repeat(depth)}${"}".repeat(depth)}`],
    ["parentheses", (depth: number) => `x = ${"(".repeat(depth)}1${")".repeat(depth)};`],
    ["conditions", (depth: number) => `${"if (x) ".repeat(depth)} x = 2;`],
    ["try", (depth: number) => `${"try {".repeat(depth)} g(); ${"} finally { g(); }".repeat(depth)}`],
  ])("does not fall over deep %s", async (_, nest) => {
    const text = `${leaky}let x: unknown;\nfunction g() {}\nexport async function deep() {\n${nest(600)}\n}\n`;
    const { findings } = await workspace.check([write("deep.ts", text), write("a.ts", leaky)]);
    expect(
      findings.filter((finding) => finding.file.endsWith("a.ts")).map((finding) => finding.rule),
    ).toEqual(["missing-unlock"]);
  });

  it("follows a chain of two thousand functions, and recursion without end", async () => {
    const chain = Array.from(
      { length: 2000 },
      (_, n) => `async function f${n}() { await f${n + 1}(); }`,
    ).join("\n");
    const text = `import { Mutex } from "@lockscope/sync";\nconst mu = new Mutex();\nasync function f2000() { await mu.withLock(() => f0()); }\n${chain}\n`;
    const { errors } = await workspace.check([write("chain.ts", text)]);
    expect(errors).toEqual([]);
  });
});

describe("hover", () => {
  it("says what the operation does", async () => {
    const file = write("a.ts", leaky);
    const hover = workspace.hover(file, { line: 3, character: 12 });
    expect(hover?.markdown).toContain("**Mutex** `mu`");
    expect(workspace.hover(file, { line: 0, character: 0 })).toBeUndefined();
    expect(workspace.hover(file, { line: 999, character: 0 })).toBeUndefined();
  });
});
