import { registry } from "../runtime/registry.js";
import { callSites, fileOf } from "./call-sites.js";

/** Where a copy of the library keeps the module that the visit comes from; an adapter has it built in. */
const HOME = /^(.*[\\/])(?:runtime[\\/]hooks\.[cm]?[jt]s|(?<=[\\/]adapters[\\/])async-mutex\.[cm]js)$/;

/** Tells the library's own files from the program's: a lock is taken where the program asked for it. */
export class LibraryFiles {
  #known = 0;
  readonly #folders: string[] = [];

  readonly has = (file: string): boolean => {
    for (; this.#known < registry.copies.length; this.#known++) {
      const folder = folderOf(registry.copies[this.#known]!);
      if (folder !== undefined) this.#folders.push(folder);
    }
    return this.#folders.some((folder) => file.startsWith(folder));
  };
}

/** undefined: bundled into the program, where no file is the library's alone. */
function folderOf(copy: (typeof registry.copies)[number]): string | undefined {
  let file: string | undefined;
  const visitor = () => {
    const frame = callSites(visitor, 1)[0];
    file = frame && fileOf(frame);
  };
  copy.visit(visitor);
  return file === undefined ? undefined : HOME.exec(file)?.[1];
}
