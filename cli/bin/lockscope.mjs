#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/main.mjs", import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error("lockscope: not built yet; run `npm run build` in the project's root first");
  process.exitCode = 2;
}
