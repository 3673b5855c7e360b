import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { openWorkspace } from "./index.js";
import { wantsOf } from "./testing/wants.js";

const folder = fileURLToPath(new URL("../testdata", import.meta.url));
const workspace = openWorkspace({ cwd: folder });
afterAll(() => workspace.dispose());

describe("test data: every wanted finding is there, and no other", () => {
  for (const file of workspace.listFiles(["."])) {
    it(relative(folder, file), async () => {
      const { findings, errors } = await workspace.check([file]);
      const found = findings.map(({ rule, range, message }) => ({
        at: `${range.start.line + 1} ${rule}`,
        message,
      }));
      const wanted = wantsOf(file).map(({ line, rule }) => `${line} ${rule}`);
      const unexpected = found.filter(({ at }) => !wanted.includes(at));
      const missing = wanted.filter((want) => !found.some(({ at }) => at === want));
      expect({ unexpected, missing, errors }).toEqual({ unexpected: [], missing: [], errors: [] });
    });
  }
});
