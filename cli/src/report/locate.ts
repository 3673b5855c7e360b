import { relative, sep } from "node:path";

/** A path as reports show it: relative to the working directory, with forward slashes on every system. */
export function displayPath(cwd: string, file: string): string {
  return (relative(cwd, file) || ".").split(sep).join("/");
}
