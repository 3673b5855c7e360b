import { dirname, join } from "node:path";
import type ts from "typescript";

const relative = /["'`](\.{1,2}\/[^"'`\n]+)["'`]/g;

/**
 * Files that import each other, over any number of steps, have one number: names of properties mean the
 * same only within such a group. Found out from the texts; a path that leads nowhere joins nothing.
 * `linked`: other files, by name, that a file has to do with.
 */
export function componentsOf(
  files: readonly ts.SourceFile[],
  linked: (file: ts.SourceFile) => Iterable<string> = () => [],
): (file: string) => number {
  const byPath = new Map(files.map((file, index) => [stem(file.fileName), index]));
  const parents = files.map((_, index) => index);
  const find = (index: number): number => {
    let at = index;
    for (let up = parents[at]; up !== undefined && up !== at; up = parents[at]) at = up;
    return at;
  };
  files.forEach((file, index) => {
    const join = (other: number | undefined) => {
      if (other !== undefined) parents[find(index)] = find(other);
    };
    for (const target of targetsOf(file)) join(byPath.get(target) ?? byPath.get(`${target}/index`));
    for (const name of linked(file)) join(byPath.get(stem(name)));
  });
  const numbers = new Map(files.map((file, index) => [file.fileName, find(index)]));
  return (file) => numbers.get(file) ?? -1;
}

const targets = new WeakMap<ts.SourceFile, readonly string[]>();

function targetsOf(file: ts.SourceFile): readonly string[] {
  let found = targets.get(file);
  if (found === undefined) {
    const folder = dirname(file.fileName);
    found = [...file.text.matchAll(relative)].map(([, path = ""]) => stem(join(folder, path)));
    targets.set(file, found);
  }
  return found;
}

function stem(path: string): string {
  return path.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, "");
}
