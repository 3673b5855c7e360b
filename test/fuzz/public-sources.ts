import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/paths.js";

/** A text that somebody else wrote, and the name that it has here. */
export interface PublicSource {
  readonly name: string;
  readonly extension: string;
  readonly text: string;
}

/** On every machine after `npm ci`: declarations, code as written, code as compiled, one file a module and many. */
const packages = [
  "@jridgewell/trace-mapping",
  "@types/node",
  "@vscode/test-electron",
  "ajv",
  "async-mutex",
  "axe-core",
  "dependency-cruiser",
  "esbuild",
  "mocha",
  "picomatch",
  "playwright-core",
  "preact",
  "tinyglobby",
  "typescript",
  "vitest",
  "vscode-jsonrpc",
  "vscode-languageclient",
  "vscode-languageserver",
];

/** Of each package the file that is densest with what is asynchronous, and the longest of the others. */
export function publicSources(): readonly PublicSource[] {
  return packages.flatMap((name) => {
    const sources = sourcesOf(name);
    const waiting = sources
      .filter(({ text }) => waits(text) > 0)
      .sort((a, b) => density(b.text) - density(a.text));
    const others = sources
      .filter(({ text }) => waits(text) === 0)
      .sort((a, b) => b.text.length - a.text.length);
    return [...waiting.slice(0, 1), ...others.slice(0, 1)];
  });
}

function sourcesOf(name: string): PublicSource[] {
  const folder = join(root, "node_modules", name);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .sort()
    .flatMap((path) => {
      const extension = /\.[cm]?[jt]s$/.exec(path)?.[0];
      if (extension === undefined || path.includes("node_modules/")) return [];
      const text = readFileSync(join(folder, path), "utf8");
      return isReadable(text) ? [{ name: `${name}/${path}`, extension, text }] : [];
    });
}

function isReadable(text: string): boolean {
  const lines = text.split("\n");
  return lines.length >= 100 && lines.length <= 5_000 && lines.every((line) => line.length <= 400);
}

function density(text: string): number {
  return waits(text) / text.length;
}

function waits(text: string): number {
  return text.match(/\bawait\b/g)?.length ?? 0;
}
