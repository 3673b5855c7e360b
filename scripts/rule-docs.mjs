// Writes docs/rules/ from the rules themselves: `node scripts/rule-docs.mjs`. The analyzer's tests hold the pages to them.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = join(root, "node_modules/.cache/lockscope/rules.mjs");

await esbuild.build({
  entryPoints: [join(root, "analyzer/src/rules/page.ts")],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  external: ["typescript"],
  logLevel: "warning",
});
const { ruleInfos, ruleIndex } = await import(pathToFileURL(bundle).href);
const folder = join(root, "docs/rules");
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const { id, markdown } of ruleInfos()) await writeFile(join(folder, `${id}.md`), markdown);
await writeFile(join(folder, "README.md"), ruleIndex());
console.log(`${ruleInfos().length} rules written to docs/rules`);
