import { once } from "node:events";
import { print, printError } from "../output.js";
import { ExitStatus } from "../usage.js";
import { openBrowser } from "./open-browser.js";
import { TraceServer } from "./server.js";

/** Serves `file` until we are told to stop; see {@link TraceServer}. */
export async function serve(file: string, options: { readonly open: boolean }): Promise<number> {
  const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await using server = await TraceServer.start(file);
  print(server.url);
  if (options.open) {
    openBrowser(server.url, (reason) => void printError(`cannot open a browser: ${reason}`));
  }
  await stopped;
  return ExitStatus.ok;
}
