import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Packages of others that have an adapter, and the version that it stands for. */
const adapted: ReadonlyMap<string, RegExp> = new Map([["async-mutex", /^0\.5\./]]);

/** The names of the packages that can be adapted. */
export const adaptable: readonly string[] = [...adapted.keys()];

/** Lets a program's import of a package that it has installed find the adapter instead. */
export class Adapters {
  readonly #names: ReadonlySet<string>;

  /**
   * @param home where the built adapters are
   * @param names packages that shall be adapted
   */
  constructor(
    private readonly home: string,
    names: readonly string[],
  ) {
    this.#names = new Set(names);
  }

  get any(): boolean {
    return this.#names.size > 0;
  }

  /** The adapter's file, for `specifier` that leads to `file`; undefined where that stays what it is. */
  fileFor(specifier: string, file: string, format: "module" | "commonjs"): string | undefined {
    if (!this.#names.has(specifier)) return undefined;
    const version = versionOf(specifier, file);
    if (version === undefined || !adapted.get(specifier)!.test(version)) return undefined;
    return join(this.home, "adapters", `${specifier}.${format === "module" ? "mjs" : "cjs"}`);
  }

  /** The same for URLs, as ES modules are resolved. */
  urlFor(specifier: string, url: string, conditions: readonly string[]): string | undefined {
    if (!this.#names.has(specifier) || !url.startsWith("file:")) return undefined;
    const format = conditions.includes("require") ? "commonjs" : "module";
    const file = this.fileFor(specifier, fileURLToPath(url), format);
    return file && pathToFileURL(file).href;
  }
}

/** The version of the package `name` that `file` is part of. */
function versionOf(name: string, file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
      if (found.name === name) return String(found.version);
    } catch {
      // No package here: perhaps further up.
    }
    if (folder === dirname(folder)) return undefined;
  }
}
