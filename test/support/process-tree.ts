import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

const running = new Set<ChildProcess>();

/** Starts a program whose children end with it: see {@link endTree}. They also end when this process does. */
export function spawnTree(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: process.platform !== "win32" });
  if (running.size === 0) process.on("exit", endAll);
  running.add(child);
  child.once("exit", () => {
    running.delete(child);
    if (running.size === 0) process.off("exit", endAll);
  });
  return child;
}

/** Ends a program started by {@link spawnTree} and everything it started; resolves when it is gone. */
export async function endTree(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    signalTree(child, "SIGKILL"); // its children may have stayed
    return;
  }
  const exited = once(child, "exit");
  signalTree(child, "SIGTERM");
  const force = setTimeout(() => signalTree(child, "SIGKILL"), 3000);
  await exited;
  clearTimeout(force);
  signalTree(child, "SIGKILL");
}

function endAll(): void {
  for (const child of running) signalTree(child, "SIGKILL");
}

/** To the whole process group, which `detached` made; on Windows `taskkill` knows the tree. */
function signalTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    if (running.has(child)) spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
