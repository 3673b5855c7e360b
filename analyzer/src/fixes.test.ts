import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import type { Finding, Workspace } from "./api.js";
import { applyEdits } from "./edits.js";
import { openWorkspace } from "./index.js";
import { changedLines } from "./testing/apply.js";

const folder = fileURLToPath(new URL("../testdata", import.meta.url));
const everything = openWorkspace({ cwd: folder });
const scratch = mkdtempSync(join(tmpdir(), "lockscope-fixes-"));
const workspaces = new Map<string, Workspace>();
afterAll(() => {
  for (const workspace of [everything, ...workspaces.values()]) workspace.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

/** A project for each folder of test data: an edit has to do with that folder alone. */
function workspaceFor(file: string): Workspace {
  const own = dirname(file);
  let workspace = workspaces.get(own);
  if (workspace === undefined) {
    const tsconfig = join(scratch, `${basename(own)}.json`);
    const typeRoots = [join(folder, "../../node_modules/@types")];
    const config = {
      extends: join(folder, "tsconfig.json"),
      compilerOptions: { typeRoots },
      include: [`${own}/**/*`, `${folder}/*.d.ts`],
    };
    writeFileSync(tsconfig, JSON.stringify(config));
    workspace = openWorkspace({ cwd: folder, tsconfig });
    workspaces.set(own, workspace);
  }
  return workspace;
}

/** Findings by rule, wherever a fix moves them. */
function byRule(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}

function syntaxErrors(file: string, text: string): string[] {
  const { diagnostics = [] } = ts.transpileModule(text, { fileName: file, reportDiagnostics: true });
  return diagnostics.map((each) => ts.flattenDiagnosticMessageText(each.messageText, "\n"));
}

/** A fixed file, analysed again, is clean: one finding less, and no other in its place. */
describe("fixes", () => {
  for (const file of everything.listFiles(["."])) {
    it(relative(folder, file), async () => {
      const workspace = workspaceFor(file);
      const text = readFileSync(file, "utf8");
      const { findings } = await workspace.check([file]);
      const golden: string[] = [];
      for (const finding of findings) {
        for (const fix of finding.fixes) {
          const fixed = applyEdits(text, fix.edits);
          const name = `${finding.range.start.line + 1} ${finding.rule}: ${fix.title} (${fix.safety})`;
          golden.push(`${name}\n${changedLines(text, fixed)}`);
          expect({ name, syntax: syntaxErrors(file, fixed) }).toEqual({ name, syntax: [] });
          workspace.setText(file, fixed);
          const after = byRule((await workspace.check([file])).findings);
          workspace.clearText(file);
          const before = byRule(findings);
          before.set(finding.rule, (before.get(finding.rule) ?? 0) - 1);
          for (const [rule, count] of after)
            expect(`${name} -> ${rule} ${count}`).toBe(
              `${name} -> ${rule} ${Math.min(count, before.get(rule) ?? 0)}`,
            );
        }
      }
      if (golden.length === 0) return;
      await expect(`${golden.join("\n\n")}\n`).toMatchFileSnapshot(file.replace(/\.\w+$/, ".fixes.txt"));
    });
  }
});
