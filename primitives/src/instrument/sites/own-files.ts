import { readFileSync } from "node:fs";
import { dirname, sep } from "node:path";

const packages = new Map<string, string | undefined>();

/** Whether `file` is the library's own code: a lock is taken where the program asked for it. */
export function isOwnFile(file: string): boolean {
  const home = homeOf(dirname(file));
  if (home === undefined) return false;
  return ["src", "dist"].some((folder) => file.startsWith(`${home}${sep}${folder}${sep}`));
}

/** The folder of the library's package that `folder` is in. */
function homeOf(folder: string): string | undefined {
  if (packages.has(folder)) return packages.get(folder);
  const name = packageName(folder);
  const up = dirname(folder);
  const home =
    name === undefined
      ? up === folder
        ? undefined
        : homeOf(up)
      : name === "@lockscope/sync"
        ? folder
        : undefined;
  packages.set(folder, home);
  return home;
}

/** The name of the package whose root is `folder`; undefined where none is. */
function packageName(folder: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(`${folder}${sep}package.json`, "utf8")) as { name?: unknown };
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined; // No package, or one that Node will complain of.
  }
}
