import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace } from "../workspace.js";
import { rules } from "./index.js";
import { ruleIndex, ruleInfos } from "./page.js";

const folder = fileURLToPath(new URL("../../../docs/rules", import.meta.url));

describe("docs/rules is what the rules say (node scripts/rule-docs.mjs writes it)", () => {
  it.each(ruleInfos())("$id", ({ id, markdown }) => {
    expect(readFileSync(join(folder, `${id}.md`), "utf8")).toBe(markdown);
  });
  it("has no page of a rule that is gone", () => {
    expect(readdirSync(folder).sort()).toEqual(
      [...ruleInfos().map(({ id }) => `${id}.md`), "README.md"].sort(),
    );
    expect(readFileSync(join(folder, "README.md"), "utf8")).toBe(ruleIndex());
  });
});

describe("the examples in a rule's page", () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "lockscope-docs-"));
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  it.each(rules.map((rule) => [rule.id, rule.doc] as const))(
    "%s: wrong is found, right is clean",
    async (id, doc) => {
      const cwd = join(scratch, id);
      const [wrong, right] = [join(cwd, "wrong.ts"), join(cwd, "right.ts")];
      await mkdir(cwd);
      await writeFile(wrong, doc.wrong);
      await writeFile(right, doc.right);
      const workspace = openWorkspace({ cwd });
      const found = await workspace.check([wrong]);
      const clean = await workspace.check([right]);
      workspace.dispose();
      expect(found.errors.concat(clean.errors)).toEqual([]);
      expect(found.findings.map((finding) => finding.rule)).toContain(id);
      expect(clean.findings).toEqual([]);
    },
  );
});
