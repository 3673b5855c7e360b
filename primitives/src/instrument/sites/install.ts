import { existsSync } from "node:fs";
import Module, {
  createRequire,
  type LoadFnOutput,
  type ResolveFnOutput,
  syncBuiltinESMExports,
} from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Adapters } from "./adapters.js";
import type * as hooks from "./hooks.js";
import { type Prepare, prepared } from "./loaded.js";
import { mayCallLibrary } from "./vocabulary.js";

interface Context {
  readonly conditions: readonly string[];
}

type Load = (url: string, context: unknown) => LoadFnOutput;
type Resolve = (specifier: string, context: Context) => ResolveFnOutput;

interface SyncHooks {
  resolve(specifier: string, context: Context, nextResolve: Resolve): ResolveFnOutput;
  load(url: string, context: unknown, nextLoad: Load): LoadFnOutput;
}

/** How files can be seen before they run; `registerHooks` is of newer versions of Node. */
interface Loading {
  register: (script: URL, options: { data: hooks.Settings }) => unknown;
  registerHooks?: (hooks: SyncHooks) => unknown;
  _resolveFilename: (request: string, ...rest: unknown[]) => string;
  readonly prototype: { _compile(code: string, file: string, format?: string): unknown };
}

const loading = Module as unknown as Loading;

/**
 * From here on the files that this thread loads, ES modules and CommonJS, have their calls numbered (see
 * `transform.ts`), and import adapters for what is adapted.
 *
 * @param script the built `hooks.ts`; loaded by this thread when the first file needs it
 */
export function prepareFiles(script: URL, wanted: Pick<hooks.Settings, "sites" | "adapt">): void {
  const path = fileURLToPath(script);
  const home = dirname(path);
  const settings: hooks.Settings = { ...wanted, home };
  const adapters = new Adapters(home, wanted.adapt);
  if (!wanted.sites && !adapters.any) return;
  if (!existsSync(path)) {
    process.stderr.write(`lockscope: calls are found by their stacks only, ${path} is missing\n`);
    return;
  }

  const require = createRequire(script);
  const prepare: Prepare = (code, file, format) => {
    if (!wanted.sites || file === path || !mayCallLibrary(code)) return undefined;
    return (require(path) as typeof hooks).prepareFile(code, file, format, settings);
  };
  const { register, registerHooks } = loading;
  if (registerHooks === undefined) {
    stayLast("register", () => register.call(Module, script, { data: settings }));
  } else {
    const ours = syncHooks(prepare, adapters);
    stayLast("registerHooks", () => registerHooks.call(Module, ours));
  }
  prepareCommonJs(prepare, adapters);
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

function syncHooks(prepare: Prepare, adapters: Adapters): SyncHooks {
  /** Files that a later registration of ours has in hand. */
  const inHand = new Set<string>();
  return {
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const url = adapters.urlFor(specifier, resolved.url, context.conditions);
      if (url === undefined) return resolved;
      return { url, format: url.endsWith(".cjs") ? "commonjs" : "module", shortCircuit: true };
    },
    load(url, context, nextLoad) {
      if (!url.startsWith("file:") || inHand.has(url)) return nextLoad(url, context);
      inHand.add(url);
      try {
        return prepared(url, nextLoad(url, context), prepare);
      } finally {
        inHand.delete(url);
      }
    },
  };
}

/** What `require` finds, and the last thing that is done to a CommonJS file, by whomever it was read. */
function prepareCommonJs(prepare: Prepare, adapters: Adapters): void {
  const { prototype, _resolveFilename } = loading;
  const { _compile } = prototype;
  prototype._compile = function (this: unknown, code, file, format) {
    const kind = format === "module" ? format : "commonjs";
    const changed = typeof code === "string" ? prepare(code, file, kind) : undefined;
    return _compile.call(this, changed ?? code, file, format);
  };
  loading._resolveFilename = function (this: unknown, request, ...rest) {
    const file = _resolveFilename.call(this, request, ...rest);
    return adapters.fileFor(request, file, "commonjs") ?? file;
  };
}
