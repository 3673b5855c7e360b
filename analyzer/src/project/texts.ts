import { readFileSync } from "node:fs";

/** Texts of files: what an editor holds wins over the disk. */
export interface Texts {
  /** Undefined where there is no such file (any more). */
  read(file: string): string | undefined;
  isOpen(file: string): boolean;
  anyOpen(): boolean;
  set(file: string, text: string): void;
  clear(file: string): void;
}

export function createTexts(): Texts {
  const open = new Map<string, string>();
  return {
    read: (file) => open.get(file) ?? readDisk(file),
    isOpen: (file) => open.has(file),
    anyOpen: () => open.size > 0,
    set: (file, text) => open.set(file, text),
    clear: (file) => open.delete(file),
  };
}

function readDisk(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Gone, a folder, or not ours to read: to the analysis there is no such file.
    return undefined;
  }
}
