import { createRequire } from "node:module";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";

const typescript = new Set([".ts", ".tsx", ".mts", ".cts"]);

/** Does Node need help to run this program? From 22.18 on it strips types by itself, before that it cannot. */
export function needsLoader(program: string): boolean {
  return typescript.has(extname(program));
}

/** The URL of the `tsx` that the program's own project has installed, or undefined. */
export function findTsx(program: string): string | undefined {
  try {
    return pathToFileURL(createRequire(program).resolve("tsx")).href;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "MODULE_NOT_FOUND" || code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return undefined;
    throw error;
  }
}
