import Mocha from "mocha";
import { Reporter } from "./reporter.js";

/** Called by VS Code in the extension host; it fails if a test fails. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 120_000, reporter: Reporter });
  const only = process.env.LOCKSCOPE_TEST_GREP;
  if (only) mocha.grep(new RegExp(only));
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  await import("./findings.test.js");
  await import("./fixes.test.js");
  await import("./typing.test.js");
  await import("./debug.test.js");
  await import("./trace-file.test.js");
  await import("./source.test.js");
  await import("./stops.test.js");
  await import("./runs.test.js");
  const runner = await new Promise<Mocha.Runner>((resolve) => {
    const started = mocha.run(() => resolve(started));
  });
  await Reporter.said;
  const { passes = 0, failures = 0 } = runner.stats ?? {};
  if (failures > 0) throw new Error(`${failures} of ${passes + failures} tests failed`);
  if (passes === 0) throw new Error("no test ran");
}
