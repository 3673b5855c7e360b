import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CheckResult, type Finding, openWorkspace, type Range } from "@lockscope/analyzer";
import { afterAll, describe, expect, it, vi } from "vitest";
import { copiedLock } from "../../analyzer/src/rules/copied-lock/rule.js";
import { usedAfterCollection } from "../support/heap.js";
import { createRandom } from "../support/random.js";
import { harms } from "./damage.js";
import { withLockCalls } from "./lock-calls.js";
import { type PublicSource, publicSources } from "./public-sources.js";

/** A hang is what takes this long for one text, on the slowest machine that runs the tests. */
const patience = 60_000;
const harmsEach = 2;
/** Collecting all that can be collected takes as long as a text does. */
const sourcesAHeap = 8;

const sources = publicSources();
const random = createRandom(20261121);
const folder = mkdtempSync(join(tmpdir(), "lockscope-sources-"));
const logged: string[] = [];
const workspace = openWorkspace({
  cwd: folder,
  log: (message) => /nested too deeply/.test(message) || logged.push(message),
});
afterAll(() => {
  workspace.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const linesOf = (text: string) => text.split(/\r\n|[\n\r\u2028\u2029]/).length;
const harm = (text: string) =>
  harms[random.pick(Object.keys(harms))]?.(text, random, random.pick(sources).text) ?? text;

/** The texts that one source gives, each under a name of its own. */
function textsOf({ extension, text }: PublicSource): Map<string, string> {
  const locked = withLockCalls(`source${extension}`, text, random);
  const harmed = Array.from({ length: harmsEach }, () => harm(random.chance(0.8) ? locked : text));
  return new Map([text, locked, ...harmed].map((each, n) => [join(folder, `text${n}${extension}`), each]));
}

/** How long the longest took goes with it. */
async function check(
  texts: ReadonlyMap<string, string>,
): Promise<CheckResult & { readonly longest: number }> {
  for (const [file, text] of texts) workspace.setText(file, text);
  let longest = 0;
  let since = performance.now();
  const result = await workspace.check([...texts.keys()], {
    onProgress() {
      longest = Math.max(longest, performance.now() - since);
      since = performance.now();
    },
  });
  return { ...result, longest };
}

function clear(texts: ReadonlyMap<string, string>): void {
  for (const file of texts.keys()) workspace.clearText(file);
}

function rangesOf({ file, range, related, fixes }: Finding): { file: string; range: Range }[] {
  return [{ file, range }, ...related, ...fixes.flatMap(({ edits }) => edits)];
}

function expectSound(
  { errors, findings, longest }: Awaited<ReturnType<typeof check>>,
  texts: ReadonlyMap<string, string>,
) {
  expect(errors.map(({ file, rule, message, stack }) => `${file}: ${rule}: ${stack ?? message}`)).toEqual([]);
  expect(logged).toEqual([]);
  expect(longest).toBeLessThan(patience);
  const lines = new Map([...texts].map(([file, text]) => [file, linesOf(text)]));
  for (const { file, range } of findings.flatMap(rangesOf))
    expect(range.end.line).toBeLessThan(lines.get(file) ?? 0);
}

describe("texts that others wrote, whole and harmed, with locks and without", () => {
  const heap: number[] = [];
  const names = sources.map(({ name }) => name);

  it.each(sources.map((source) => [source.name, source] as const))(
    "%s",
    { timeout: patience * (harmsEach + 3) },
    async (name, source) => {
      const texts = textsOf(source);
      expectSound(await check(texts), texts);
      // Harm that comes to what was well before: the last text that parsed stands.
      const [[file, text] = ["", ""]] = [...texts].slice(1);
      const typed = new Map([[file, harm(text)]]);
      const position = { line: random.below(linesOf(text)), character: random.below(40) };
      const result = await check(typed);
      expectSound(result, new Map([...texts, ...typed]));
      workspace.hover(file, position);
      workspace.completions(file, position);
      clear(texts);
      if (names.indexOf(name) % sourcesAHeap === 0) heap.push(usedAfterCollection());
    },
  );

  it("leave no more behind than a program needs", () => {
    const [first = 0, ...later] = heap;
    expect(later.length).toBeGreaterThan(0);
    expect(Math.max(...later) / first).toBeLessThan(4);
  });
});

describe("a rule that throws", () => {
  it("is reported once a file, and all else is as it was", { timeout: patience * 8 }, async () => {
    const few = sources.filter(({ text }) => linesOf(text) < 500).slice(0, 8);
    const texts = new Map(
      few.map(({ extension, text }, n) => {
        const name = `throws${n}${extension}`;
        return [join(folder, name), withLockCalls(name, text, random)];
      }),
    );
    const before = await check(texts);
    expectSound(before, texts);
    const spy = vi.spyOn(copiedLock, "run").mockImplementation(() => {
      throw new Error("boom");
    });
    const { findings, errors } = await check(texts);
    spy.mockRestore();
    clear(texts);
    expect(errors.map(({ file, rule, message }) => ({ file, rule, message }))).toEqual(
      [...texts.keys()].map((file) => ({ file, rule: copiedLock.id, message: "boom" })),
    );
    expect(findings).toEqual(before.findings.filter(({ rule }) => rule !== copiedLock.id));
    expect(findings.length).toBeGreaterThan(few.length);
  });
});
