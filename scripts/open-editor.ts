// Opens a folder in VS Code with the extension, served to whatever browser there is, until it is stopped:
// `npx tsx scripts/open-editor.ts FOLDER`. The editor is fetched from npm at the first run.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { EditorServer } from "../test/support/editor-server.js";
import { chosenVersion } from "../test/support/editor-versions.js";
import { root } from "../test/support/paths.js";
import { quietEditor } from "../test/support/quiet-editor.js";

const workspace = resolve(process.argv[2] ?? ".");
const stopped = Promise.race(["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => once(process, signal)));
const dataFolder = await mkdtemp(join(tmpdir(), "lockscope-start-"));
let server: EditorServer | undefined;
try {
  server = await EditorServer.start({ version: chosenVersion(), dataFolder, settings: quietEditor });
  const ended = new Promise<never>((_, reject) => server?.onExit((why) => reject(new Error(why))));
  console.log(`
VS Code with Lockscope, on ${workspace}:

  ${server.url({ workspace, extension: root })}

Open this address in a browser on this machine. To stop: Ctrl-C, or end process ${process.pid}.`);
  await Promise.race([stopped, ended]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await server?.stop();
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
}
