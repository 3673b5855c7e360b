import { fileURLToPath } from "node:url";
import { openWorkspace } from "@lockscope/analyzer";
import { afterAll, describe, expect, it } from "vitest";
import { wantsOf } from "../../analyzer/src/testing/wants.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const workspace = openWorkspace({ cwd: root });
afterAll(() => workspace.dispose());

/** Programs that nobody wrote for a rule: what is marked is found, and nothing else is said. */
describe.each(["test/corpus/goker", "examples"])("%s", (folder) => {
  const files = workspace.listFiles([folder]);
  it("has programs", () => expect(files.length).toBeGreaterThan(10));
  it.each(files.map((file) => [file.slice(root.length), file]))("%s", async (_, file) => {
    const { findings, errors } = await workspace.check([file]);
    const found = findings.map(({ rule, range }) => `${range.start.line + 1} ${rule}`);
    const wanted = wantsOf(file).map(({ line, rule }) => `${line} ${rule}`);
    expect({ found, errors }).toEqual({ found: wanted, errors: [] });
  });
});
