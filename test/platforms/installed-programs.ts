import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../support/paths.js";

const programs = join(root, "test/platforms/programs");

/** The programs, compiled file by file in either format, in a folder where the library is installed. */
export async function installPrograms(folder: string): Promise<{ esm: string; cjs: string }> {
  const entryPoints = (await readdir(programs)).map((name) => join(programs, name));
  const compile = async (format: "esm" | "cjs") => {
    const outdir = join(folder, format);
    await build({ entryPoints, outdir, format, platform: "node", target: "es2022", logLevel: "warning" });
    const type = format === "esm" ? "module" : "commonjs";
    await writeFile(join(outdir, "package.json"), JSON.stringify({ private: true, type }));
    return outdir;
  };
  const [esm, cjs] = await Promise.all([compile("esm"), compile("cjs")]);
  return { esm, cjs };
}

/** What a bundler makes of a compiled program and the library for a browser. */
export async function bundleForWeb(program: string, format: "esm" | "iife" | "cjs"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    write: false,
    format,
    platform: "browser",
    target: "es2022",
    external: ["vscode"],
    logLevel: "warning",
  });
  return outputFiles[0]!.text;
}
