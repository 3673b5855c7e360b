import { dirname, relative, sep } from "node:path";
import picomatch from "picomatch";
import type { InternalError } from "../api.js";
import type { RuleLevels } from "./levels.js";
import { findLockscopeConfig, type LockscopeConfig, readLockscopeConfig } from "./lockscope-config.js";

/** What the configurations of a workspace say of its files: the nearest one upwards counts, alone. */
export interface Settings {
  levels(file: string): RuleLevels;
  isExcluded(file: string): boolean;
  /** What is wrong in the configuration that a file falls under. */
  errors(file: string): readonly InternalError[];
  /** The configuration that a file falls under. */
  configOf(file: string): LockscopeConfig | undefined;
  /** A configuration changed on disk, or there is one more or less. */
  forget(): void;
}

interface Loaded {
  readonly config: LockscopeConfig;
  readonly excludes: (path: string) => boolean;
}

/** `given` comes from the command line and wins over what is on disk. */
export function createSettings(given: RuleLevels = {}): Settings {
  const byFolder = new Map<string, Loaded | undefined>();
  const byPath = new Map<string, Loaded>();

  function loadedFor(file: string): Loaded | undefined {
    const folder = dirname(file);
    if (!byFolder.has(folder)) {
      const path = findLockscopeConfig(folder);
      byFolder.set(folder, path === undefined ? undefined : load(path));
    }
    return byFolder.get(folder);
  }

  function load(path: string): Loaded {
    let loaded = byPath.get(path);
    if (loaded === undefined) {
      const config = readLockscopeConfig(path);
      // "generated" and "generated/" mean what lies below, as in tsconfig.json.
      const globs = config.exclude.flatMap((glob) => {
        const plain = glob.replace(/^\.\//, "").replace(/\/$/, "");
        return [plain, `${plain}/**`];
      });
      loaded = { config, excludes: globs.length === 0 ? () => false : picomatch(globs, { dot: true }) };
      byPath.set(path, loaded);
    }
    return loaded;
  }

  return {
    levels: (file) => ({ ...loadedFor(file)?.config.levels, ...given }),
    isExcluded(file) {
      const loaded = loadedFor(file);
      return loaded?.excludes(relative(dirname(loaded.config.path), file).split(sep).join("/")) ?? false;
    },
    errors: (file) => loadedFor(file)?.config.errors ?? [],
    configOf: (file) => loadedFor(file)?.config,
    forget() {
      byFolder.clear();
      byPath.clear();
    },
  };
}
