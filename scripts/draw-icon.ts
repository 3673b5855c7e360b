// Draws media/icon.png from media/icon.svg: the editor's marketplace takes no SVG. `npx tsx scripts/draw-icon.ts`
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { launchChromium } from "../test/support/browser.js";
import { root } from "../test/support/paths.js";

const size = { width: 256, height: 256 };
const svg = await readFile(join(root, "media", "icon.svg"), "utf8");
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: size });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
  await page.screenshot({ path: join(root, "media", "icon.png"), omitBackground: true });
} finally {
  await browser.close();
}
