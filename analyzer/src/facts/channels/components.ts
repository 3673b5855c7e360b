import { dirname, join } from "node:path";
import type ts from "typescript";

const relative = /["'`](\.{1,2}\/[^"'`\n]+)["'`]/g;

/**
 * Files that import each other, over any number of steps, have one number: names of properties mean the
 * same only within such a group. Found out from the texts; a path that leads nowhere joins nothing.
 */
export function componentsOf(files: readonly ts.SourceFile[]): (file: ts.SourceFile) => number {
  const byPath = new Map(files.map((file, index) => [stem(file.fileName), index]));
  const parents = files.map((_, index) => index);
  const find = (index: number): number => {
    let at = index;
    for (let up = parents[at]; up !== undefined && up !== at; up = parents[at]) at = up;
    return at;
  };
  files.forEach((file, index) => {
    for (const [, path = ""] of file.text.matchAll(relative)) {
      const target = stem(join(dirname(file.fileName), path));
      const other = byPath.get(target) ?? byPath.get(`${target}/index`);
      if (other !== undefined) parents[find(index)] = find(other);
    }
  });
  const numbers = new Map(files.map((file, index) => [file, find(index)]));
  return (file) => numbers.get(file) ?? -1;
}

function stem(path: string): string {
  return path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, "");
}
