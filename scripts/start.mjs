// `npm start`: builds, prints the findings for the examples, then opens them in VS Code with the extension: the
// desktop one where `code` is installed, else one in the browser. `--no-open` stops after the findings.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const windows = process.platform === "win32";

/** Runs a program on our terminal and resolves to its exit status; null if it cannot be started. */
async function run(command, args, options = {}) {
  const child = spawn(command, args, { stdio: "inherit", ...options });
  // ^C reaches everybody on the terminal: what we started ends itself, and we wait for it.
  const wait = () => {};
  const pass = () => child.kill("SIGTERM");
  process.on("SIGINT", wait).on("SIGTERM", pass);
  try {
    const [status] = await once(child, "exit"); // rejects if the child emits "error"
    return status ?? 1;
  } catch {
    return null;
  } finally {
    process.off("SIGINT", wait).off("SIGTERM", pass);
  }
}

const node = (...args) => run(process.execPath, args);

async function start() {
  const built = await node("scripts/build.mjs");
  if (built !== 0) return built;

  console.log("\n$ npx lockscope check examples\n");
  const checked = await node("cli/bin/lockscope.mjs", "check", "examples");
  if (checked !== 0 && checked !== 1) return checked;

  if (process.argv.includes("--no-open")) return 0;
  const desktop = (await run("code", ["--version"], { stdio: "ignore", shell: windows })) === 0;
  if (!desktop) return node("--import", "tsx", "scripts/open-editor.ts", "examples");
  console.log("\nopening the examples in VS Code");
  return run("code", [`--extensionDevelopmentPath=${process.cwd()}`, "examples"], { shell: windows });
}

process.exitCode = (await start()) ?? 1;
