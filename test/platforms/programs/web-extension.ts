import { env, extensions, UIKind, Uri, workspace } from "vscode";
import { type Cases, report, reportMark } from "./case.js";
import { tasks } from "./tasks.js";
import { threads, unshared } from "./threads.js";
import { ask } from "./web-worker.js";

const scope = globalThis as { crossOriginIsolated?: boolean; process?: unknown };

/** The script is read through the editor: it may be where a worker cannot load it from. */
async function workerScript(): Promise<string> {
  const { extensionUri } = extensions.getExtension("lockscope.library-in-a-worker")!;
  const text = await workspace.fs.readFile(Uri.joinPath(extensionUri, "worker.js"));
  return URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
}

async function cases(): Promise<Cases> {
  if (scope.crossOriginIsolated !== true) return { ...tasks(false), ...unshared };
  const script = await workerScript();
  return { ...tasks(false), ...threads((job) => ask([script, "classic"], job), false) };
}

/** Called by the editor where the extension runs, as it calls a suite of tests. */
export async function run(): Promise<void> {
  const where = {
    web: env.uiKind === UIKind.Web,
    node: scope.process !== undefined,
    isolated: scope.crossOriginIsolated === true,
  };
  const seen = await report(await cases());
  console.log(`${reportMark}${JSON.stringify({ where, ...seen })}`);
}
