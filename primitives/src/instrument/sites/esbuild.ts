/**
 * `@lockscope/sync/esbuild`: an esbuild plugin that numbers a program's calls of the library while it is bundled,
 * for traces that name source lines at no cost. Without an instrument the bundle behaves as without the plugin.
 *
 * ```js
 * import { callSites } from "@lockscope/sync/esbuild";
 * await esbuild.build({ entryPoints: ["src/main.ts"], bundle: true, plugins: [callSites()] });
 * ```
 */
import { readFile } from "node:fs/promises";
import type { BuildOptions, OnLoadArgs, Plugin, PluginBuild } from "esbuild";
import { isOwnFile } from "./own-files.js";
import { transformCalls } from "./transform.js";
import { mayCallLibrary, namesLibrary } from "./vocabulary.js";

/** Options of the build that say what becomes of one file's syntax. */
const ofSyntax = [
  ...["jsx", "jsxDev", "jsxFactory", "jsxFragment", "jsxImportSource", "jsxSideEffects"],
  ...["tsconfig", "tsconfigRaw", "keepNames", "loader"],
] as const satisfies readonly (keyof BuildOptions)[];

/** The plugin. Files in `node_modules` are left alone unless they import the library themselves. */
export function callSites(): Plugin {
  return {
    name: "lockscope-call-sites",
    setup(build) {
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, async ({ path }: OnLoadArgs) => {
        const source = await readFile(path, "utf8");
        if (!mayCallLibrary(source) || isOwnFile(path)) return undefined;
        if (/[\\/]node_modules[\\/]/.test(path) && !namesLibrary(source)) return undefined;
        const contents = numbered(await asJavaScript(build, path, source), path);
        return contents === undefined ? undefined : { contents, loader: "js" };
      });
    },
  };
}

/** Undefined where there is nothing to do, or the file does not parse: then esbuild has the word. */
function numbered(code: string, file: string): string | undefined {
  for (const format of ["module", "commonjs"] as const) {
    try {
      return transformCalls(code, { file, format });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/** The file without types and JSX, as this build would have it, with the map that leads back. */
async function asJavaScript(build: PluginBuild, path: string, source: string): Promise<string> {
  if (/\.[cm]?js$/.test(path)) return source;
  const { initialOptions, esbuild } = build;
  const syntax = Object.fromEntries(ofSyntax.map((name) => [name, initialOptions[name]]));
  const { outputFiles } = await esbuild.build({
    ...(syntax as BuildOptions),
    entryPoints: [path],
    absWorkingDir: initialOptions.absWorkingDir ?? process.cwd(),
    outdir: ".",
    write: false,
    sourcemap: "inline",
    target: "esnext",
    format: "esm",
    logLevel: "silent",
  });
  return outputFiles![0]!.text;
}
