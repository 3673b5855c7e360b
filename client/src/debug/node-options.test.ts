import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { isTraced, tracedEnvironment, withImport } from "./node-options.js";

const register = "file:///ext/register.mjs";
const flag = `--import ${register}`;

describe("NODE_OPTIONS with the instrument", () => {
  it.each([
    [undefined, flag],
    [null, flag],
    ["  ", flag],
    ["--require /x.js", `--require /x.js ${flag}`],
    [flag, flag],
    [`${flag} --inspect`, `${flag} --inspect`],
    [`${flag}.other`, `${flag}.other ${flag}`],
  ])("%j", (before, after) => {
    expect(withImport(before, register)).toBe(after);
  });

  it("is added to what the program would inherit, unless the configuration says otherwise", () => {
    const variables = { LOCKSCOPE_TRACE: "pipe:/s", LOCKSCOPE_TOKEN: "t" };
    const inherited = { NODE_OPTIONS: "--no-warnings", PATH: "/bin" };
    const traced = (env?: Record<string, string | null>) =>
      tracedEnvironment(env, inherited, register, variables);
    expect(traced()).toEqual({ ...variables, NODE_OPTIONS: `--no-warnings ${flag}` });
    expect(traced({ A: "1", NODE_OPTIONS: "--inspect" })).toEqual({
      ...variables,
      A: "1",
      NODE_OPTIONS: `--inspect ${flag}`,
    });
    expect(traced({ NODE_OPTIONS: null }).NODE_OPTIONS).toBe(flag);
    expect(isTraced(traced())).toBe(true);
    expect(isTraced({ NODE_OPTIONS: flag })).toBe(false);
  });

  it("reaches a real Node from a folder with spaces, quotes and letters beyond ASCII", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lock 'scope' äß "));
    try {
      const module = join(folder, "register me.mjs");
      await writeFile(module, "globalThis.registered = true;");
      const env = tracedEnvironment({ NODE_OPTIONS: "--no-warnings" }, {}, pathToFileURL(module).href, {});
      const { stdout } = await promisify(execFile)(process.execPath, ["-p", "globalThis.registered"], {
        env: { ...process.env, ...(env as Record<string, string>) },
      });
      expect(stdout.trim()).toBe("true");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
