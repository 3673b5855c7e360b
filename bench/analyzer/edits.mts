// From a keystroke to the findings of the edited file, as the language server asks for them.
// `npx tsx --conditions=@lockscope/source bench/analyzer/edits.mts [edits]`
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openWorkspace } from "@lockscope/analyzer";
import { makeProjects } from "./projects.mjs";

const edits = Number(process.argv[2] ?? 40);
const { dense, sparse } = makeProjects();

/** Of a hundred lines, of 4,500, and one that everybody imports. */
function subjects(project: string, parts: (n: number) => string): Record<string, string> {
  const leaf = join(project, parts(19));
  const large = join(project, "src/large.ts");
  const text = readFileSync(leaf, "utf8");
  const body = text.slice(text.indexOf("export interface"));
  const imports = text.slice(0, text.indexOf("export interface"));
  const copies = Array.from({ length: 45 }, (_, n) =>
    body.replaceAll(/(Entry|normalize|Store|shared|loads|load|report)19\b/g, `$1L${n}x`),
  );
  writeFileSync(large, imports + copies.join("\n"));
  return {
    "a leaf file": leaf,
    "a file of 4,500 lines": large,
    "a file that others import": join(project, parts(0)),
  };
}

function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

for (const [name, project, parts] of [
  ["sparse", sparse, (n: number) => `src/app/part${n}.ts`],
  ["dense", dense, (n: number) => `src/area${n % 50}/part${n}.ts`],
] as const) {
  console.log(`\n${name} (${pathToFileURL(project).pathname.split("/").at(-1)})`);
  const files = subjects(project, parts);
  const workspace = openWorkspace({ cwd: project, log: console.error });
  for (const [what, file] of Object.entries(files)) {
    const text = readFileSync(file, "utf8");
    await workspace.check([file]);
    const times: number[] = [];
    for (let n = 0; n < edits; n += 1) {
      const at = text.lastIndexOf("  await ");
      workspace.setText(file, `${text.slice(0, at)}  const typed${n} = ${n};\n${text.slice(at)}`);
      const start = performance.now();
      await workspace.check([file]);
      times.push(performance.now() - start);
    }
    workspace.clearText(file);
    console.log(
      `  ${what.padEnd(28)} median ${quantile(times, 0.5).toFixed(0).padStart(6)} ms   95th ${quantile(times, 0.95).toFixed(0).padStart(6)} ms`,
    );
  }
  workspace.dispose();
  rmSync(join(project, "src/large.ts"));
}
