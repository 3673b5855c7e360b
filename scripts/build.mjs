// Builds every room. `node scripts/build.mjs [--watch]`; a build takes seconds, so there is no cache to go stale.
import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import ts from "typescript";
import { bundles, common, libraryModules } from "./bundles.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const watch = process.argv.includes("--watch");

async function library() {
  await Promise.all([
    esbuild.build(libraryModules(root, "esm")),
    esbuild.build(libraryModules(root, "cjs")),
    run("node_modules/typescript/bin/tsc", ["-p", "primitives/tsconfig.build.json"]),
  ]);
  await writeFile("primitives/dist/cjs/package.json", '{ "type": "commonjs" }\n');
  await copyTypes("primitives/dist/esm", "primitives/dist/cjs");
  const plugin = await readFile("primitives/src/instrument/sites/esbuild.ts", "utf8");
  await writeFile("primitives/dist/esbuild.d.mts", ts.transpileDeclaration(plugin, {}).outputText);
}

async function copyTypes(from, to) {
  for (const file of await readdir(from, { recursive: true })) {
    if (!file.endsWith(".d.ts")) continue;
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(from, file), join(to, file));
  }
}

async function run(script, args) {
  try {
    await promisify(execFile)(process.execPath, [script, ...args]);
  } catch (error) {
    throw new Error(
      `${relative(root, script)} ${args.join(" ")}\n${error.stdout ?? ""}${error.stderr ?? error.message}`,
    );
  }
}

/** The extension and the command line each carry the files they hand to a traced program; both have the page. */
async function shipAssets() {
  await mkdir("dist/register", { recursive: true });
  for (const file of ["register.mjs", "sites.cjs", "adapters"]) {
    await cp(`primitives/dist/${file}`, `dist/register/${file}`, { recursive: true });
    await cp(`primitives/dist/${file}`, `cli/dist/${file}`, { recursive: true });
  }
  await mkdir("cli/dist/viewer", { recursive: true });
  for (const file of ["viewer.js", "viewer.css"]) await cp(`dist/viewer/${file}`, `cli/dist/viewer/${file}`);
}

async function build() {
  const started = performance.now();
  await Promise.all(
    ["dist", "cli/dist", "primitives/dist"].map((dir) => rm(dir, { recursive: true, force: true })),
  );
  await Promise.all([
    library(),
    ...Object.values(bundles).map((options) => esbuild.build({ ...common, bundle: true, ...options })),
  ]);
  await shipAssets();
  console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

async function watchAll() {
  for (const [name, options] of Object.entries(bundles)) {
    const context = await esbuild.context({ ...common, bundle: true, ...options, logLevel: "info" });
    await context.watch();
    console.log(`watching ${name}`);
  }
}

try {
  await build();
  if (watch) await watchAll();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
