// Writes docs/rules/ and the configuration's schema from the rules themselves: `node scripts/rule-docs.mjs`. The
// analyzer's tests hold the pages to them.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = join(root, "node_modules/.cache/lockscope/rules.mjs");

await esbuild.build({
  stdin: {
    contents: 'export * from "./rules/page.js"; export { configSchema } from "./config/schema.js";',
    resolveDir: join(root, "analyzer/src"),
    loader: "ts",
  },
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "warning",
});
const { ruleInfos, ruleIndex, configSchema } = await import(pathToFileURL(bundle).href);
const folder = join(root, "docs/rules");
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const { id, markdown } of ruleInfos()) await writeFile(join(folder, `${id}.md`), markdown);
await writeFile(join(folder, "README.md"), ruleIndex());
const schema = JSON.stringify(configSchema(), undefined, 2);
await writeFile(join(root, "cli/lockscope.schema.json"), `${schema}\n`);
console.log(`${ruleInfos().length} rules written to docs/rules`);
