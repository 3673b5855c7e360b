import Module, { createRequire, type LoadFnOutput, syncBuiltinESMExports } from "node:module";
import { fileURLToPath } from "node:url";
import type * as hooks from "./hooks.js";
import { type Prepare, prepared } from "./loaded.js";
import { mayCallLibrary } from "./vocabulary.js";

type Load = (url: string, context: unknown) => LoadFnOutput;

/** How files can be seen before they run; `registerHooks` is of newer versions of Node. */
interface Loading {
  register: (script: URL, options: { data: hooks.Settings }) => unknown;
  registerHooks?: (hooks: { load(url: string, context: unknown, nextLoad: Load): LoadFnOutput }) => unknown;
  readonly prototype: { _compile(code: string, file: string, format?: string): unknown };
}

const loading = Module as unknown as Loading;

/**
 * From here on the files that this thread loads are prepared (see `transform.ts`), ES modules and CommonJS.
 *
 * @param script the built `hooks.ts`; loaded by this thread when the first file needs it
 */
export function prepareFiles(script: URL): void {
  const settings: hooks.Settings = { maps: process.sourceMapsEnabled };
  const require = createRequire(script);
  const path = fileURLToPath(script);
  const prepare: Prepare = (code, file, kind) => {
    if (file === path || !mayCallLibrary(code)) return undefined;
    const { prepareFile } = require(path) as typeof hooks;
    return prepareFile(code, { file, format: kind, map: settings.maps });
  };
  const { register, registerHooks } = loading;
  if (registerHooks === undefined) {
    stayLast("register", () => register.call(Module, script, { data: settings }));
  } else {
    const load = loadWith(prepare);
    stayLast("registerHooks", () => registerHooks.call(Module, { load }));
  }
  prepareCommonJs(prepare);
}

/**
 * Loaders come one behind the other, and who registers last sees what the others have made. A loader that turns
 * TypeScript into JavaScript may be registered after us: then we go behind it again.
 */
function stayLast(name: "register" | "registerHooks", registerOurs: () => void): void {
  const theirs = loading[name] as (...args: unknown[]) => unknown;
  loading[name] = function (this: unknown, ...args: unknown[]) {
    const result = theirs.apply(this, args);
    registerOurs();
    return result;
  };
  syncBuiltinESMExports();
  registerOurs();
}

function loadWith(prepare: Prepare) {
  /** Files that a later registration of ours has in hand. */
  const inHand = new Set<string>();
  return (url: string, context: unknown, nextLoad: Load): LoadFnOutput => {
    if (!url.startsWith("file:") || inHand.has(url)) return nextLoad(url, context);
    inHand.add(url);
    try {
      return prepared(url, nextLoad(url, context), prepare);
    } finally {
      inHand.delete(url);
    }
  };
}

/** The last thing that is done to a CommonJS file, by whomever it was read. */
function prepareCommonJs(prepare: Prepare): void {
  const { prototype } = loading;
  const { _compile } = prototype;
  prototype._compile = function (this: unknown, code, file, format) {
    const kind = format === "module" ? format : "commonjs";
    const changed = typeof code === "string" ? prepare(code, file, kind) : undefined;
    return _compile.call(this, changed ?? code, file, format);
  };
}
