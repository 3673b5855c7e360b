import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

// What esbuild makes of each room: the build takes all of it, tests take what they need into a folder of their own.

/** Bundles read our own TypeScript, never a stale `dist/` of another room. */
export const common = {
  conditions: ["@lockscope/source"],
  sourcemap: true,
  logLevel: "warning",
  legalComments: "none",
  keepNames: true,
};

/**
 * The library ships module by module, so that users' bundlers shake it and both formats share one runtime each.
 * From the project's root, as what `format` tells.
 */
export function libraryModules(root, format) {
  const sources = readdirSync(join(root, "primitives/src"), { recursive: true })
    .map((file) => join("primitives/src", file))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.includes("instrument"));
  return {
    ...common,
    conditions: undefined,
    // Modules are not bundled, so no name changes; the helper would only be in the way of shaking.
    keepNames: false,
    absWorkingDir: root,
    entryPoints: sources,
    outbase: "primitives/src",
    outdir: `primitives/dist/${format}`,
    target: "es2022",
    format,
  };
}

/** The compiler's own library, which it reads from the folder that it runs in. */
const typescriptLibrary = {
  name: "typescript-library",
  setup(build) {
    build.onEnd(() => {
      const from = fileURLToPath(new URL("../node_modules/typescript/lib/", import.meta.url));
      const to = resolve(
        build.initialOptions.absWorkingDir ?? ".",
        build.initialOptions.outdir,
        "typescript-lib",
      );
      mkdirSync(to, { recursive: true });
      for (const name of readdirSync(from))
        if (/^lib\..*d\.ts$/.test(name)) copyFileSync(join(from, name), join(to, name));
    });
  },
};

/** Lets CommonJS dependencies (TypeScript is one) run inside an ES module bundle. */
const commonJsInEsm = `import { createRequire as __createRequire } from "node:module";
import { fileURLToPath as __fileURLToPath } from "node:url";
const require = __createRequire(import.meta.url);
const __filename = __fileURLToPath(import.meta.url);
const __dirname = __fileURLToPath(new URL(".", import.meta.url));`;

const forNode = { platform: "node", target: "node20" };
const esmForNode = { ...forNode, format: "esm", outExtension: { ".js": ".mjs" } };
const cjsForNode = { ...forNode, format: "cjs", outExtension: { ".js": ".cjs" } };

export const bundles = {
  "client (the VS Code side)": {
    entryPoints: { extension: "client/src/extension.ts" },
    outdir: "dist/client",
    ...cjsForNode,
    external: ["vscode"],
  },
  "server (the language server)": {
    entryPoints: { server: "server/src/main.ts" },
    outdir: "dist/server",
    ...cjsForNode,
    keepNames: false,
    plugins: [typescriptLibrary],
  },
  "viewer (the trace page)": {
    entryPoints: { viewer: "viewer/src/main.tsx" },
    outdir: "dist/viewer",
    platform: "browser",
    format: "iife",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
  },
  "register (what a traced program preloads)": {
    entryPoints: { register: "primitives/src/instrument/register.ts" },
    outdir: "primitives/dist",
    ...esmForNode,
  },
  "sites (what numbers the calls of a traced program)": {
    entryPoints: { sites: "primitives/src/instrument/sites/hooks.ts" },
    outdir: "primitives/dist",
    ...cjsForNode,
    keepNames: false,
    minify: true,
  },
  "esbuild (the plugin that numbers calls while bundling)": {
    entryPoints: { esbuild: "primitives/src/instrument/sites/esbuild.ts" },
    outdir: "primitives/dist",
    ...esmForNode,
    external: ["esbuild"],
  },
  "adapters (for import)": {
    entryPoints: { "async-mutex": "primitives/src/adapters/async-mutex.ts" },
    outdir: "primitives/dist/adapters",
    ...esmForNode,
  },
  "adapters (for require)": {
    entryPoints: { "async-mutex": "primitives/src/adapters/async-mutex.ts" },
    outdir: "primitives/dist/adapters",
    ...cjsForNode,
  },
  "cli (the terminal)": {
    entryPoints: { main: "cli/src/main.ts", crew: "cli/src/commands/crew.ts" },
    outdir: "cli/dist",
    ...esmForNode,
    splitting: true,
    external: ["tsx"],
    keepNames: false,
    plugins: [typescriptLibrary],
    banner: { js: commonJsInEsm },
  },
};
