import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkspace, type Workspace } from "@lockscope/analyzer";
import { afterAll, describe, expect, it } from "vitest";
import { header } from "./header.js";

/** A hang is what takes this long for one text, on the slowest machine that runs the tests. */
const patience = 60_000;

/** Nothing but the text at hand belongs to the project. */
const folder = mkdtempSync(join(tmpdir(), "lockscope-extremes-"));
const logged: string[] = [];
const open = () =>
  openWorkspace({
    cwd: folder,
    log: (message) => /nested too deeply/.test(message) || logged.push(message),
  });
const workspaces: Workspace[] = [];
afterAll(() => {
  for (const workspace of workspaces) workspace.dispose();
  rmSync(folder, { recursive: true, force: true });
});

function workspace(): Workspace {
  const opened = open();
  workspaces.push(opened);
  return opened;
}

/** What went wrong inside: findings are welcome, errors are not. */
async function errorsOf(target: Workspace, file: string, text: string) {
  target.setText(file, text);
  const { errors, findings } = await target.check([file]);
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).length;
  for (const { range } of findings) expect(range.end.line).toBeLessThan(lines);
  target.clearText(file);
  return errors.map(({ rule, message, stack }) => `${rule}: ${stack ?? message}`);
}

describe("extremes", () => {
  const many = (count: number, part: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => part(n)).join("\n");
  const nested = (depth: number, before: string, inside: string, after: string) =>
    before.repeat(depth) + inside + after.repeat(depth);

  const texts: Record<string, string> = {
    "fifty thousand lines, a lock in every function": many(
      6_250,
      (n) =>
        `export async function f${n}(ok: boolean) {\n  await mu.lock();\n  if (!ok) {\n    return;\n  }\n  mu.unlock();\n}\n`,
    ),
    "a chain of ten thousand functions that ends in a lock": `${many(
      10_000,
      (n) => `async function f${n}(): Promise<void> { await f${n + 1}(); }`,
    )}\nasync function f10000() { await mu.lock(); mu.unlock(); }\nexport async function g() { await mu.lock(); await f0(); mu.unlock(); }`,
    "ten thousand functions that call each other": many(
      10_000,
      (n) =>
        `export async function f${n}(): Promise<void> { await f${(n * 7919 + 1) % 10_000}(); await f${(n * 31 + 7) % 10_000}(); }`,
    ),
    "a thousand nested blocks": `export async function f() { ${nested(1_000, "if (mu.locked) { ", "await mu.lock(); mu.unlock();", " }")} }`,
    "two hundred nested tries": `export async function f() { ${nested(200, "try { ", "await mu.lock();", " } finally { mu.unlock(); }")} }`,
    "five hundred nested functions": `export const f = ${nested(500, "async () => { await mu.withLock(", "async () => {}", "); }")};`,
    "an expression of five thousand terms": `export const x = ${many(5_000, (n) => `(await mu.tryLock() ? ${n} : 0) +`)} 0;`,
    "a select of three hundred cases": `export const f = () => select(${many(300, (n) => `onReceive(ch, (v) => { ch.send(v! + ${n}); }),`)} otherwise(() => 0));`,
    "three hundred tasks over three hundred channels": `export async function f() {\n${many(300, (n) => `const c${n} = new Channel<number>();`)}\n${many(300, (n) => `go(async () => { await c${n}.send((await c${(n + 1) % 300}.receive())!); });`)}\nawait c0.receive(); }`,
    "values that would fill all memory": `export async function f() { const own = new Mutex();\n${[
      "const power = 7n ** 30_000_000n;",
      "const shifted = 1n << 900_000_000n;",
      "let square = 3n; for (let n = 0; n < 40; n += 1) square = square * square;",
      "let text = 'x'; for (let n = 0; n < 40; n += 1) { text += text; await own.lock(); own.unlock(); }",
      "let parts = ['x']; for (let n = 0; n < 40; n += 1) parts = [parts.join(parts[0]), parts[0] + parts[0]];",
    ].join("\n")}\nawait own.lock(); await own.lock(); }`,
    "methods that throw, or never end": `export async function f() { const own = new Mutex(), line = new Channel();\n${[
      "'text'.at(1n); 'text'.match('('); line.hasOwnProperty('x'); own.toString(); line.constructor();",
      `"${"a".repeat(60)}!".match("(a+)+$");`,
    ].join("\n")}\nawait own.lock(); await own.lock(); }`,
    "a module that waits in a loop while it is declared": `const line = new Channel(), drained = (async () => { for await (const each of line) console.log(each); })();
export async function f() { const own = new Mutex(); go(async () => { await own.lock(); await line.send(1); }); await own.lock(); await drained; }`,
    "five functions in a chain, each called on many paths": `${many(5, (n) => {
      const asked = (what: string) => many(7, (m) => `if (c${m}) { console.log("${what}"); }`);
      const conditions = Array.from({ length: 7 }, (_, m) => `c${m}: boolean`).join();
      return `async function f${n}(${conditions}) { ${asked("before")} await f${n + 1}(c0, c1, c2, c3, c4, c5, c6); ${asked("after")} }`;
    })}\nasync function f5() { wg.done(); }\nexport async function g() { wg.add(1); go(() => f0(true, true, true, true, true, true, true)); await wg.wait(); }`,
    "forty conditions in a row": `export async function f(c: boolean[]) { await mu.lock();\n${many(40, (n) => `if (c[${n}]) { await mu.lock(); } else { mu.unlock(); }`)} }`,
  };

  it.each(Object.keys(texts))("%s", { timeout: patience * 2 }, async (name) => {
    const file = join(folder, `extreme-${name.replaceAll(" ", "-")}.ts`);
    expect(await errorsOf(workspace(), file, `${header}\n${texts[name]}`)).toEqual([]);
  });

  it("files that import each other in a ring", { timeout: patience }, async () => {
    const target = workspace();
    const file = (n: number) => join(folder, `ring${n % 40}.ts`);
    for (let n = 0; n < 40; n += 1) {
      target.setText(
        file(n),
        `${header}\nimport { step${(n + 1) % 40} } from "./ring${(n + 1) % 40}.js";\nexport * from "./ring${(n + 1) % 40}.js";\nexport async function step${n}(): Promise<void> { await step${(n + 1) % 40}(); }\n`,
      );
    }
    const { errors } = await target.check(Array.from({ length: 40 }, (_, n) => file(n)));
    expect(errors).toEqual([]);
  });
});
