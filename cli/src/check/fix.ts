import { readFileSync, writeFileSync } from "node:fs";
import {
  applyEdits,
  type CheckResult,
  type Finding,
  type Fix,
  type TextEdit,
  type Workspace,
} from "@lockscope/analyzer";

/** A fix can bring up the next one; a pair that undid each other would go on for ever. */
const maxRounds = 10;

export interface Fixed {
  readonly result: CheckResult;
  /** How many findings were mended, and in how many files. */
  readonly count: number;
  readonly files: number;
}

/**
 * Mends what can be mended on disk, checks again, and goes on until nothing changes. Of fixes that
 * touch the same lines the first goes in; the others have their turn in the next round.
 */
export async function fixAll(
  workspace: Workspace,
  check: () => Promise<CheckResult>,
  wanted: "safe" | "unsafe",
): Promise<Fixed> {
  const touched = new Set<string>();
  let count = 0;
  let result = await check();
  for (let round = 0; round < maxRounds; round += 1) {
    const { fixes, files } = chosen(result.findings, wanted);
    if (fixes === 0) break;
    for (const [file, edits] of files) {
      writeFileSync(file, applyEdits(readFileSync(file, "utf8"), edits));
      touched.add(file);
    }
    count += fixes;
    workspace.filesChanged([...files.keys()]);
    result = await check();
  }
  return { result, count, files: touched.size };
}

function chosen(findings: readonly Finding[], wanted: "safe" | "unsafe") {
  const files = new Map<string, TextEdit[]>();
  let fixes = 0;
  for (const finding of findings) {
    const fix = finding.fixes.find((each) => wanted === "unsafe" || each.safety === "safe");
    if (fix === undefined || fix.edits.length === 0 || collides(fix, files)) continue;
    fixes += 1;
    for (const edit of fix.edits) files.set(edit.file, [...(files.get(edit.file) ?? []), edit]);
  }
  return { fixes, files };
}

/** Fixes that meet in a line may rely on each other's text. */
function collides(fix: Fix, files: ReadonlyMap<string, readonly TextEdit[]>): boolean {
  return fix.edits.some(({ file, range }) =>
    (files.get(file) ?? []).some(
      (other) => other.range.start.line <= range.end.line && range.start.line <= other.range.end.line,
    ),
  );
}
