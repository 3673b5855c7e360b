// What the seam costs when nothing is plugged in, and what the trace costs when it is.
// `node bench/trace/emit.mjs [rounds]`, and `node bench/trace/live.mjs` for what arrives; temporary files only.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleInstrument, bundleLibrary } from "../library.mjs";

const rounds = Number(process.argv[2] ?? 5);
/** Rows of one operation: acquire and release; contended, block and unblock as well. */
const events = { main: 2, task: 2, ten: 4, work: 4 };
const program = fileURLToPath(new URL("emit-program.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lockscope-bench-"));
const file = join(folder, "trace.locktrace");

const library = await bundleLibrary(folder, "seam");
const register = await bundleInstrument(folder);
const traced = (env) => ({
  library,
  flags: ["--import", register],
  env: { LOCKSCOPE_TRACE: `file:${file}`, ...env },
});
const variants = {
  "without the seam": { library: await bundleLibrary(folder, "bare", { seam: false }) },
  off: { library },
  "off, asked who runs": { library, env: { IDENTITY: "1" } },
  "on, without stacks": traced({ LOCKSCOPE_STACKS: "off", LOCKSCOPE_SITES: "stack" }),
  "same, relocks wait": traced({
    LOCKSCOPE_STACKS: "off",
    LOCKSCOPE_SITES: "stack",
    LOCKSCOPE_RELOCK: "wait",
  }),
  "on, with site ids": traced({ LOCKSCOPE_STACKS: "all" }),
  "on, stacks on block": traced({ LOCKSCOPE_STACKS: "blocked", LOCKSCOPE_SITES: "stack" }),
  "on, stacks everywhere": traced({ LOCKSCOPE_STACKS: "all", LOCKSCOPE_SITES: "stack" }),
};

function run({ library, flags = [], env = {} }) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, program], {
    env: { ...process.env, LIBRARY: library, ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Of each variant the quietest nanoseconds of one operation. */
const quietest = Object.fromEntries(Object.keys(variants).map((name) => [name, {}]));
for (let round = 0; round < rounds; round++) {
  for (const [name, variant] of Object.entries(variants)) {
    const best = quietest[name];
    for (const [way, ns] of Object.entries(run(variant))) best[way] = Math.min(best[way] ?? ns, ns);
  }
}
const bytes = bytesPerEvent(readFileSync(file));
rmSync(folder, { recursive: true });

const titles = {
  main: "the main program locks and unlocks, nobody else wants it",
  task: "a task does",
  ten: "ten tasks do, each holding it over one await",
  work: "the same with ten microseconds of work in each section: a contended program",
};
for (const [way, title] of Object.entries(titles)) {
  console.log(`\n${title}: nanoseconds of one lock and unlock`);
  // Who runs must be known across awaits as soon as there is a task, and that costs every await on Node 20.
  const base = way === "main" ? "off" : "off, asked who runs";
  for (const name of Object.keys(variants)) {
    const ns = quietest[name][way];
    const perEvent = (ns - quietest[base][way]) / events[way];
    const cost =
      name.startsWith("on") || name.startsWith("same") ? `${perEvent.toFixed(0).padStart(6)} an event` : "";
    const ratio = (ns / quietest.off[way]).toFixed(2);
    console.log(`  ${name.padEnd(24)} ${ns.toFixed(1).padStart(8)} ${ratio.padStart(7)} x ${cost}`);
  }
}
console.log(`\nof that, reading the clock: ${quietest.off.now.toFixed(0)}`);
console.log(`bytes an event, as written: ${bytes.toFixed(1)}`);

/** Headers, definitions and all, by the rows that the batches' headers count. */
function bytesPerEvent(trace) {
  let rows = 0;
  let at = trace.indexOf(0x0a) + 1;
  const start = at;
  while (at < trace.length) {
    const count = trace.readUInt16LE(at + 28);
    rows += count;
    at += 32 + trace.readUInt32LE(at + 24) + count * 16;
  }
  return (at - start) / rows;
}
