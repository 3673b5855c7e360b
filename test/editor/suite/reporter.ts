import Mocha from "mocha";
import { outside } from "./outside.js";

/** Mocha's results as lines on the terminal outside. */
export class Reporter extends Mocha.reporters.Base {
  /** Settles when everything has been said. */
  static said: Promise<void> = Promise.resolve();

  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const { EVENT_SUITE_BEGIN, EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_RUN_END } = Mocha.Runner.constants;
    runner.on(EVENT_SUITE_BEGIN, (suite) => {
      if (suite.title !== "") say(`\n${suite.title}`);
    });
    runner.on(EVENT_TEST_PASS, (test) => say(`  ✓ ${test.title} (${test.duration ?? 0} ms)`));
    runner.on(EVENT_TEST_FAIL, (test, error: Error) => {
      picture(`failed-${test.title}`);
      say(`  ✗ ${test.title}\n${(error.stack ?? error.message).replace(/^/gm, "      ")}`);
    });
    runner.on(EVENT_RUN_END, () => {
      const { passes = 0, failures = 0 } = runner.stats ?? {};
      Reporter.said = Reporter.said.then(() => outside.finished({ passed: passes, failed: failures }));
    });
  }
}

function say(line: string): void {
  Reporter.said = Reporter.said.then(() => outside.say(line));
}

/** How the window looks when a test has failed, or a moment later: the next test does not wait for it. */
function picture(name: string): void {
  const file = name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60);
  Reporter.said = Reporter.said.then(() => outside.screenshot(file));
}
