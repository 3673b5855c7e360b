import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { libraryModules } from "../../scripts/bundles.mjs";
import { root } from "./paths.js";

/**
 * `@lockscope/sync` in the folder `node_modules` as it is published, made from the sources as they are now;
 * without its types, for which the analyzer has declarations of its own.
 *
 * @returns its folder
 */
export async function installLibrary(modules: string): Promise<string> {
  const folder = join(modules, "@lockscope/sync");
  await mkdir(join(folder, "dist/cjs"), { recursive: true });
  await Promise.all([
    cp(join(root, "primitives/package.json"), join(folder, "package.json")),
    writeFile(join(folder, "dist/cjs/package.json"), '{ "type": "commonjs" }\n'),
    build({ ...libraryModules(root, "esm"), outdir: join(folder, "dist/esm") }),
    build({ ...libraryModules(root, "cjs"), outdir: join(folder, "dist/cjs") }),
  ]);
  return folder;
}
