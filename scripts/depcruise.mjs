// Holds the imports to the table of rooms in docs/architecture.md.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rooms = ["primitives", "trace", "analyzer", "server", "client", "viewer", "cli"];
const cli = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
const { status } = spawnSync(process.execPath, [cli, "--config", ".dependency-cruiser.cjs", ...rooms], {
  cwd: root,
  stdio: "inherit",
});
process.exitCode = status ?? 1;
