import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import {
  Command,
  ContextKey,
  DEBUG_TYPES,
  LANGUAGES,
  LOCKS_VIEW,
  SECTION,
  TRACE_EDITOR,
  TRACE_VIEW,
} from "./names.js";
import { tracePage } from "./view/page.js";

const root = new URL("../../", import.meta.url);

describe("the manifest and the code agree on", () => {
  it("commands", () => {
    const declared = manifest.contributes.commands.map(({ command }) => command);
    expect(declared.sort()).toEqual(Object.values(Command).sort());
    const shown = Object.values(manifest.contributes.menus).flat();
    for (const { command } of shown) expect(declared).toContain(command);
  });

  it("what wakes the extension", () => {
    expect([...manifest.activationEvents].sort()).toEqual(
      [
        ...LANGUAGES.map((language) => `onLanguage:${language}`),
        ...DEBUG_TYPES.map((type) => `onDebugResolve:${type}`),
        `onWebviewPanel:${TRACE_VIEW}`,
      ].sort(),
    );
  });

  it("settings", async () => {
    const reader = await readFile(new URL("settings.ts", import.meta.url), "utf8");
    const used = [...reader.matchAll(/settings\.get<\w+>\("(\w+)"/g)].map(
      ([, name]) => `${SECTION}.trace.${name}`,
    );
    const declared = Object.keys(manifest.contributes.configuration.properties);
    expect(declared.filter((name) => !used.includes(name)).sort()).toEqual(
      // Read by the server and by the language client.
      [`${SECTION}.enable`, `${SECTION}.trace.server`],
    );
  });

  it("views, editors, and when they are there", () => {
    const { views, customEditors, menus } = manifest.contributes;
    expect(views.debug.map(({ id }) => id)).toEqual([LOCKS_VIEW]);
    expect(customEditors.map(({ viewType }) => viewType)).toEqual([TRACE_EDITOR]);
    const conditions = [...views.debug, ...Object.values(menus).flat()].map(({ when }) => when);
    const keys = conditions.flatMap((when) => when.match(/lockscope\.has\w+/g) ?? []);
    expect(new Set(keys)).toEqual(new Set(Object.values(ContextKey)));
    for (const when of conditions)
      if (/\bview ==/.test(when)) expect(when).toContain(`view == ${LOCKS_VIEW}`);
  });

  it("files", () => {
    const files = [manifest.icon, ...manifest.contributes.grammars.map(({ path }) => path)];
    for (const file of files) expect(existsSync(fileURLToPath(new URL(file, root))), file).toBe(true);
  });
});

it("the trace view runs one script and reaches nothing else", () => {
  const page = tracePage({ origin: "https://host", script: "s.js", style: "s.css", nonce: "abc" });
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  expect(policy).toContain("default-src 'none'; script-src 'nonce-abc'; style-src https://host;");
  expect(policy).not.toContain("unsafe");
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain('<script nonce="abc" src="s.js">');
});
