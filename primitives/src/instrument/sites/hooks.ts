/**
 * Prepares the program's files as they are loaded. Built into a file of its own, which Node's thread for loader
 * hooks runs, and which other threads load when the first file needs it.
 */
import type { LoadHook, ResolveHook } from "node:module";
import { sep } from "node:path";
import { Adapters } from "./adapters.js";
import { prepared } from "./loaded.js";
import { isOwnFile } from "./own-files.js";
import { type TransformOptions, transformCalls } from "./transform.js";
import { mayCallLibrary, namesLibrary } from "./vocabulary.js";

export interface Settings {
  /** Calls are numbered. */
  readonly sites: boolean;
  /** See {@link Adapters}. */
  readonly adapt: readonly string[];
  /** The folder that we run from, whose files stay as they are. */
  readonly home: string;
}

let settings: Settings = { sites: false, adapt: [], home: "" };
let adapters = new Adapters("", []);
/** Files that a later one of these hooks, which sees what others have made of them, has in hand. */
const inHand = new Set<string>();
let failed = false;

export function initialize(given: Settings): void {
  settings = given;
  adapters = new Adapters(given.home, given.adapt);
}

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const resolved = await nextResolve(specifier, context);
  const url = adapters.urlFor(specifier, resolved.url, context.conditions);
  return url === undefined ? resolved : { url, format: "module", shortCircuit: true };
};

export const load: LoadHook = async (url, context, nextLoad) => {
  if (!settings.sites || !url.startsWith("file:") || inHand.has(url)) return nextLoad(url, context);
  inHand.add(url);
  try {
    return prepared(url, await nextLoad(url, context), (code, file, format) =>
      prepareFile(code, file, format, settings),
    );
  } finally {
    inHand.delete(url);
  }
};

/** `code` with the places of its calls; undefined where it stays as it is. */
export function prepareFile(
  code: string,
  file: string,
  format: TransformOptions["format"],
  { home }: Settings,
): string | undefined {
  if (!mayCallLibrary(code) || file.startsWith(home + sep)) return undefined;
  if (/[\\/]node_modules[\\/]/.test(file) && !namesLibrary(code)) return undefined;
  if (isOwnFile(file)) return undefined;
  try {
    return transformCalls(code, { file, format });
  } catch (error) {
    // What does not parse, Node says better; and what is newer than our parser runs as it is.
    if (!(error instanceof SyntaxError)) report(file, error);
    return undefined;
  }
}

/** One file's trouble is told, once, and its calls are found by their stacks. */
function report(file: string, error: unknown): void {
  if (failed) return;
  failed = true;
  process.stderr.write(
    `lockscope: ${file} runs as it is, its calls could not be numbered: ${String(error)}\n`,
  );
}
