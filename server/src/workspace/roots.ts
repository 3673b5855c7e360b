import { posix } from "node:path";
import { type OpenWorkspace, Root } from "./root.js";

/**
 * The workspace folders, each with a workspace of its own, and the files that lie outside of all of them: those
 * are looked at from the directory they are in.
 */
export class Roots {
  readonly #folders = new Map<string, Root>();
  readonly #strays = new Map<string, Root>();

  constructor(
    private readonly open: OpenWorkspace,
    private readonly log: (message: string) => void,
  ) {}

  /** The root that answers for a file: the innermost folder around it. */
  of(file: string): Root {
    let best: Root | undefined;
    for (const root of this.#folders.values()) {
      if (contains(root.cwd, file) && root.cwd.length > (best?.cwd.length ?? 0)) best = root;
    }
    return best ?? this.#stray(posix.dirname(file));
  }

  all(): Root[] {
    return [...this.#folders.values(), ...this.#strays.values()];
  }

  addFolder(folder: string): void {
    const cwd = withoutSlash(folder);
    if (!this.#folders.has(cwd)) this.#folders.set(cwd, this.#root(cwd));
  }

  removeFolder(folder: string): void {
    const cwd = withoutSlash(folder);
    this.#folders.get(cwd)?.reload();
    this.#folders.delete(cwd);
  }

  /** Forgets a file's text, and the root of a stray file with its last text. */
  clearText(file: string): void {
    for (const root of this.all()) root.clearText(file);
    for (const [cwd, root] of this.#strays) {
      if (!root.empty) continue;
      root.reload();
      this.#strays.delete(cwd);
    }
  }

  dispose(): void {
    for (const root of this.all()) root.reload();
    this.#folders.clear();
    this.#strays.clear();
  }

  #stray(cwd: string): Root {
    const root = this.#strays.get(cwd) ?? this.#root(cwd);
    this.#strays.set(cwd, root);
    return root;
  }

  #root(cwd: string): Root {
    return new Root(cwd, this.open, this.log);
  }
}

function contains(folder: string, file: string): boolean {
  return file.startsWith(folder === "/" ? folder : `${folder}/`);
}

function withoutSlash(folder: string): string {
  return folder.length > 1 && folder.endsWith("/") ? folder.slice(0, -1) : folder;
}
