import { spawn } from "node:child_process";

/** Has the system's browser show `url`, which is ours: nothing in it means anything to a shell. */
export function openBrowser(url: string, failed: (reason: string) => void): void {
  const [command, ...args] = commandFor(process.platform, url);
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", (error) => failed(error.message));
  child.unref();
}

function commandFor(platform: NodeJS.Platform, url: string): [string, ...string[]] {
  if (platform === "darwin") return ["open", url];
  if (platform === "win32") return ["explorer.exe", url];
  return ["xdg-open", url];
}
