import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const skipped = new Set(["node_modules", "dist", "out", "build", "coverage", "bower_components"]);
const source = /\.[cm]?[jt]sx?$/;
const declaration = /\.d\.[cm]?ts$/;

export function isSource(file: string): boolean {
  return source.test(file) && !declaration.test(file) && !/\.min\.js$/.test(file);
}

/** Source files below a folder, in a stable order; what cannot be read is passed over. */
export function sourcesBelow(folder: string): string[] {
  const found: string[] = [];
  const visit = (at: string): void => {
    let entries: ReturnType<typeof read>;
    try {
      entries = read(at);
    } catch {
      return;
    }
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name) && !entry.name.startsWith(".")) visit(path);
      } else if (entry.isFile() && isSource(entry.name)) found.push(path);
    }
  };
  visit(folder);
  return found;
}

function read(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function kindOf(path: string): "file" | "folder" | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() ? "folder" : stat?.isFile() ? "file" : undefined;
}
