// The library from its source, as one file: what a bundler makes of it for a program.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { bundles, common } from "../scripts/bundles.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("..", import.meta.url));

/** Without the seam its checks are constant, and the bundler drops them. */
const noSeam = {
  name: "no-seam",
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]runtime[\\/]hooks\.ts$/ }, () => ({
      contents: "export const instrument = null;",
    })),
};

/** Bundles the modules of the library that are named ("channel" for "@lockscope/sync/channel") into `folder`. */
export async function bundleLibrary(folder, name, { seam = true, modules = [] } = {}) {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}.mjs`);
  const imports = ["@lockscope/sync", ...modules.map((each) => `@lockscope/sync/${each}`)];
  await build({
    stdin: { contents: imports.map((each) => `export * from "${each}";`).join("\n"), resolveDir: here },
    bundle: true,
    format: "esm",
    target: "es2022",
    minifySyntax: true,
    conditions: ["@lockscope/source"],
    outfile,
    plugins: seam ? [] : [noSeam],
  });
  return pathToFileURL(outfile).href;
}

/** Bundles what a traced program preloads into `folder`. */
export async function bundleInstrument(folder) {
  for (const [name, options] of Object.entries(bundles)) {
    if (!/^(?:register|sites) /.test(name)) continue;
    await build({ ...common, ...options, bundle: true, absWorkingDir: root, outdir: folder });
  }
  return pathToFileURL(join(folder, "register.mjs")).href;
}
