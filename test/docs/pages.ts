import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
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

/** The targets of a page's links that lead to files. */
export function fileLinksOf({ text }: Page): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
  return links.filter((target) => !/^[a-z]+:/.test(target));
}

/** Those of a page's links that lead to no file, or to no heading of it. */
export function brokenLinksOf(page: Page): string[] {
  return fileLinksOf(page).filter((link) => {
    const [target = "", place] = link.split("#");
    const path = target === "" ? page.path : join(dirname(page.path), target);
    if (!existsSync(join(root, path))) return true;
    return place !== undefined && !placesIn(pageAt(path)).includes(place);
  });
}

/** The names by which a page's headings can be linked to. */
function placesIn({ text }: Page): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}
