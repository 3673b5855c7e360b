// Ratios of the primitives against their limits and against peers from npm, side by side in one run.
// `node bench/primitives/main.mjs [locks|channels|memory|shared|seam ...]`
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleLibrary } from "../library.mjs";
import { channels } from "./channels.mjs";
import { locks } from "./locks.mjs";
import { memory } from "./memory.mjs";
import { seam } from "./seam.mjs";
import { shared } from "./shared.mjs";
import { summary } from "./table.mjs";

const folder = mkdtempSync(join(tmpdir(), "lockscope-bench-"));
const modules = ["channel", "group"];
const library = await import(await bundleLibrary(folder, "library", { modules }));
const seamless = await import(await bundleLibrary(folder, "seamless", { modules, seam: false }));
rmSync(folder, { recursive: true });

const parts = { locks, channels, memory, shared, seam: () => seam(library, seamless) };
const asked = process.argv.slice(2);
for (const [name, run] of Object.entries(parts)) {
  if (asked.length === 0 || asked.includes(name)) await run(library);
}
summary();
