// Times subjects side by side and prints them as ratios; keeps the account of the targets.
import { Bench } from "tinybench";

const rounds = 5;
let copies = 0;

/** The loops, compiled for one subject alone. */
export const loops = () => import(`./loops.mjs?${copies++}`);

const accounts = [];

/**
 * Prints nanoseconds an operation, and the speed relative to the first limit and to the fastest peer. A subject
 * is `run(n)`. Rounds alternate between the subjects, and the quietest round's median counts: what the neighbours
 * on the machine do should concern nobody.
 *
 * A target says how fast one of `ours` has to be: `{ of, against, atLeast }`, against a row or "best peer".
 */
export async function group(title, n, { limits = {}, ours, peers = {} }, targets = []) {
  const subjects = { ...limits, ...ours, ...peers };
  const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ time: 50, iterations: 3, warmupTime: 20, warmupIterations: 2 });
    for (const [name, run] of Object.entries(subjects)) bench.add(name, () => run(n));
    await bench.run();
    for (const { name, result } of bench.tasks) {
      if (result.error !== undefined) throw result.error;
      times[name].push((result.latency.p50 * 1e6) / n);
    }
  }
  const ns = Object.fromEntries(Object.entries(times).map(([name, each]) => [name, Math.min(...each)]));
  report(title, ns, { limits, ours, peers }, targets);
}

/** The table of what was measured, in nanoseconds or bytes: the less the better. */
export function report(title, measured, { limits = {}, ours, peers = {} }, targets = [], unit = "ns") {
  const reference = Object.keys(limits)[0] ?? Object.keys(ours)[0];
  const byMeasure = Object.keys(peers).sort((a, b) => measured[a] - measured[b]);
  const best = byMeasure[0];
  console.log(`\n${title}`);
  console.log(`  ${"".padEnd(46)} ${unit.padStart(9)}  of first ${best === undefined ? "" : "of best peer"}`);
  for (const name of [...Object.keys(limits), ...Object.keys(ours), ...byMeasure]) {
    const ratio = (to) => (to === undefined ? "" : (measured[to] / measured[name]).toFixed(2));
    console.log(
      `  ${name.padEnd(46)} ${measured[name].toFixed(1).padStart(9)} ${ratio(reference).padStart(9)} ${ratio(best).padStart(13)}`,
    );
  }
  for (const { of, against, atLeast } of targets) {
    const to = against === "best peer" ? best : against;
    accounts.push({ title, of, to, atLeast, reached: measured[to] / measured[of] });
  }
}

/** All targets, with what was reached in this run. */
export function summary() {
  console.log("\nTargets");
  for (const { title, of, to, atLeast, reached } of accounts) {
    const verdict = reached >= atLeast ? "      " : "MISSED";
    console.log(
      `  ${verdict} ${reached.toFixed(2).padStart(7)} (at least ${atLeast})  ${title}: ${of} against ${to}`,
    );
  }
}
