import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callSites } from "./esbuild.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lockscope-esbuild-"));
});
afterAll(() => rm(folder, { recursive: true }));

const library = `export class Mutex { lock() { return globalThis.told; } }\nexport const go = (fn: () => void) => fn();\n`;
const program = `import { go, Mutex } from "@lockscope/sync";
enum Way { In, Out }
interface Named { readonly name: string }
class Store implements Named {
  readonly name = "store";
  private readonly mu: Mutex = new Mutex();
  async put(_way: Way): Promise<unknown> {
    const element = <b>x</b>;
    return [await this.mu.lock(), element];
  }
}
export const ran = go(() => new Store().put(Way.Out));
`;

describe("the esbuild plugin", () => {
  it("numbers the calls of TypeScript with JSX, at the lines of the source", async () => {
    await writeFile(join(folder, "main.tsx"), program);
    await writeFile(join(folder, "library.ts"), library);
    const { outputFiles } = await build({
      entryPoints: [join(folder, "main.tsx")],
      bundle: true,
      write: false,
      format: "cjs",
      sourcemap: "inline",
      minify: true,
      jsxFactory: "String",
      alias: { "@lockscope/sync": join(folder, "library.ts") },
      plugins: [callSites()],
    });
    const key = Symbol.for("@lockscope/sync");
    const host = globalThis as { [key]?: unknown };
    const before = host[key];
    const registry = { sites: [] as unknown[], site: 0, siteOf: null };
    host[key] = registry;
    try {
      const module = { exports: {} as { ran: Promise<unknown> } };
      new Function("module", "exports", outputFiles[0]!.text)(module, module.exports);
      await module.exports.ran;
    } finally {
      host[key] = before;
    }
    const file = join(folder, "main.tsx");
    expect(registry.sites).toEqual([
      { file, line: 6, column: 32, func: "<instance_members_initializer>", name: "mu" },
      { file, line: 9, column: 27, func: "put", name: undefined },
      { file, line: 12, column: 20, func: "", name: undefined },
    ]);
    expect(registry.site).toBe(1);
  });

  it("leaves a program that does not know the library as it is", async () => {
    await writeFile(join(folder, "plain.ts"), "export const set = new Set<number>().add(1);\n");
    const bundled = async (plugins: Plugin[]) => {
      const entryPoints = [join(folder, "plain.ts")];
      const { outputFiles } = await build({ entryPoints, bundle: true, write: false, plugins });
      return outputFiles[0]!.text;
    };
    expect(await bundled([callSites()])).toBe(await bundled([]));
  });

  it("takes a script that is no module, and one that it cannot parse as it is", async () => {
    const sloppy = 'const { go } = require("@lockscope/sync");\nwith ({}) go();\n';
    await writeFile(join(folder, "sloppy.cjs"), sloppy);
    await writeFile(join(folder, "element.js"), 'import { go } from "@lockscope/sync";\ngo(<b/>);\n');
    for (const [name, text] of [
      ["sloppy.cjs", 'Symbol.for("@lockscope/sync")'],
      ["element.js", "createElement"],
    ] as const) {
      const { outputFiles } = await build({
        entryPoints: [join(folder, name)],
        bundle: true,
        write: false,
        packages: "external",
        loader: { ".js": "jsx" },
        plugins: [callSites()],
      });
      expect(outputFiles[0]!.text).toContain(text);
    }
  });

  it("leaves mistakes in the source to esbuild", async () => {
    await writeFile(join(folder, "wrong.ts"), "const mu = ;\nmu.lock();\n");
    const failed = build({
      entryPoints: [join(folder, "wrong.ts")],
      write: false,
      logLevel: "silent",
      bundle: true,
      plugins: [callSites()],
    });
    await expect(failed).rejects.toThrow(/wrong\.ts:1:11: ERROR: Unexpected ";"/);
  });
});
