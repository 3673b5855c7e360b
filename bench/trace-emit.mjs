// What the seam costs when nothing is plugged in, and what the trace costs when it is.
// `npm run build && node bench/trace-emit.mjs [rounds]`; loopback and temporary files only.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleLibrary } from "./library.mjs";

const rounds = Number(process.argv[2] ?? 7);
const N = 100_000;
/** Rows of one operation: acquire and release; contended, block and unblock as well. */
const events = { main: 2, task: 2, ten: 4 };
const here = fileURLToPath(new URL(".", import.meta.url));
const register = import.meta.resolve("@lockscope/sync/register");
const folder = mkdtempSync(join(tmpdir(), "lockscope-bench-"));

function run({ library, flags = [], env = {} }) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...flags, join(here, "trace-emit-program.mjs")],
    { env: { ...process.env, LIBRARY: library, ...env }, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const library = await bundleLibrary(folder, "seam");
const traced = (stacks) => ({
  library,
  flags: ["--import", register],
  env: { LOCKSCOPE_TRACE: `file:${join(folder, "trace.locktrace")}`, LOCKSCOPE_STACKS: stacks },
});
const variants = {
  "without the seam": { library: await bundleLibrary(folder, "bare", { seam: false }) },
  off: { library },
  "watched, no trace, stacks off": {
    library,
    flags: ["--import", register],
    env: { LOCKSCOPE_TRACE: "", LOCKSCOPE_STACKS: "off" },
  },
  "traced, stacks off": traced("off"),
  "traced, stacks blocked": traced("blocked"),
  "traced, stacks all": traced("all"),
};

const times = Object.fromEntries(
  Object.keys(variants).map((name) => [name, { main: [], task: [], ten: [] }]),
);
for (let round = 0; round < rounds; round++) {
  for (const [name, variant] of Object.entries(variants)) {
    const result = run(variant);
    for (const way of Object.keys(events)) times[name][way].push(result[way]);
  }
}
rmSync(folder, { recursive: true });

const titles = {
  main: "the main program locks and unlocks, nobody else wants it",
  task: "a task does (on Node 20 its identity slows every await)",
  ten: "ten tasks do, each holding it over one await",
};
for (const [way, title] of Object.entries(titles)) {
  console.log(`\n${N.toLocaleString("en")} lock operations: ${title}`);
  const off = median(times.off[way]);
  for (const name of Object.keys(variants)) {
    const ms = median(times[name][way]);
    const perEvent = ((ms - off) * 1e6) / (N * events[way]);
    const cost =
      name === "off" || name === "without the seam" ? "" : `${perEvent.toFixed(0).padStart(6)} ns an event`;
    console.log(
      `  ${name.padEnd(32)} ${ms.toFixed(1).padStart(8)} ms ${(ms / off).toFixed(2).padStart(7)} x ${cost}`,
    );
  }
}
