import Module, { createRequire, type LoadFnOutput, syncBuiltinESMExports } from "node:module";
import { fileURLToPath } from "node:url";
import type * as hooks from "./hooks.js";
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
  const tools = () => require(fileURLToPath(script)) as typeof hooks;
  const { register, registerHooks } = loading;
  if (registerHooks === undefined) {
    stayLast("register", () => register.call(Module, script, { data: settings }));
  } else {
    const load = loadWith(tools, settings);
    stayLast("registerHooks", () => registerHooks.call(Module, { load }));
  }
  prepareCommonJs(tools, settings);
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

function loadWith(tools: () => typeof hooks, settings: hooks.Settings) {
  /** Files that a later registration of ours has in hand. */
  const inHand = new Set<string>();
  return (url: string, context: unknown, nextLoad: Load): LoadFnOutput => {
    if (!url.startsWith("file:") || inHand.has(url)) return nextLoad(url, context);
    inHand.add(url);
    try {
      const loaded = nextLoad(url, context);
      return mayCallLibrary(textOf(loaded)) ? tools().withPlaces(url, loaded, settings) : loaded;
    } finally {
      inHand.delete(url);
    }
  };
}

function textOf({ source }: LoadFnOutput): string {
  return typeof source === "string" ? source : source ? new TextDecoder().decode(source) : "";
}

/** The last thing that is done to a CommonJS file, by whomever it was read. */
function prepareCommonJs(tools: () => typeof hooks, settings: hooks.Settings): void {
  const { prototype } = loading;
  const { _compile } = prototype;
  prototype._compile = function (this: unknown, code, file, format) {
    const kind = format === "module" ? format : "commonjs";
    const prepared =
      typeof code === "string" && mayCallLibrary(code)
        ? tools().prepare(code, { file, format: kind, map: settings.maps })
        : undefined;
    return _compile.call(this, prepared ?? code, file, format);
  };
}
