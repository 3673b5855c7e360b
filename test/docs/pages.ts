import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/paths.js";

export interface Page {
  /** Its path from the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export function pageAt(path: string): Page {
  return { path, text: readFileSync(join(root, path), "utf8") };
}

/** The pages of a folder, below `docs/`. */
export function pagesIn(folder: string): Page[] {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith(".md"));
  return files.sort().map((file) => pageAt(`${folder}/${file}`));
}

/** The TypeScript programs that a page shows. */
export function programsOf({ text }: Page): string[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, program]) => program!);
}

/** The targets of a page's links that lead to files, without the place in the file. */
export function fileLinksOf({ text }: Page): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!.replace(/#.*/, ""));
  return links.filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}
