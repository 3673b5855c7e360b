// A traced program that starts another one with the same environment.
import { spawnSync } from "node:child_process";
import { Mutex } from "@lockscope/sync";

await new Mutex({ name: "of the parent" }).lock();
if (process.env.CHILD === undefined) {
  const { status } = spawnSync(process.execPath, process.argv.slice(1), {
    env: { ...process.env, CHILD: "1" },
    stdio: "inherit",
  });
  process.exit(status ?? 9);
}
