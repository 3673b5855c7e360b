import { SourceMap } from "node:module";
import { transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import type { BuiltSite } from "../../runtime/registry.js";
import { transformCalls } from "./transform.js";

const header =
  'import { go, Mutex, select } from "@lockscope/sync";\nimport * as sync from "@lockscope/sync";\n';

function transform(code: string, format: "module" | "commonjs" = "module"): string | undefined {
  return transformCalls(code, { file: "/p/a.mjs", format });
}

/** What becomes of the statements below the imports, with the helper's name short. */
function body(code: string): string {
  const text = transform(header + code) ?? header + code;
  return text
    .slice(header.length)
    .replace(/\n;var \$lockscope\$r.*/s, "")
    .replaceAll("$lockscope$", "$");
}

/** The places that a transformed file enters. */
function places(code: string, format?: "module" | "commonjs"): Omit<BuiltSite, "file">[] {
  const table = /= (\[\[[^\n]*\]\]); for /.exec(transform(code, format) ?? "")![1]!;
  const [, rows] = JSON.parse(table) as [string[], [number, number, number, string, string?][]];
  return rows.map(([, line, column, func, name]) => ({ line, column, func, name }));
}

describe("a call", () => {
  it.each([
    ["of a variable", "x = mu.lock();", "x = ($(0, mu), mu).lock();"],
    ["that begins its statement", "mu.lock();", "$(0, mu), mu.lock();"],
    ["of a function that does", "go(f)\nsync.go(f)", "$(0, go), go(f)\n$(1, sync.go), sync.go(f)"],
    ["that begins it with more behind", "mu.acquire().lock();", "$(0, ($(1, mu), mu).acquire()).lock();"],
    ["of this", "this.lock(a.b);", "$(0, this), this.lock(a.b);"],
    ["of a member", "a.b.lock({ signal });", "$(0, a.b).lock({ signal });"],
    ["of what a call brings", "get().lock();", "$(0, get()).lock();"],
    ["of something in brackets", "(await x).lock();", "$(0, (await x)).lock();"],
    [
      "of something in many brackets",
      "( ( /* ( */ a, b) /* ) */ ).lock();",
      "$(0, ( ( /* ( */ a, b) /* ) */ )).lock();",
    ],
    ["right behind a keyword", "() => { return(a).lock() }", "() => { return(($(0, a), a)).lock() }"],
    ["of a member behind a keyword", "() => { return(a.b).lock() }", "() => { return $(0, (a.b)).lock() }"],
    ["if there is something to call", "a?.lock();", "$(0, a), a?.lock();"],
    ["if there is such a method", "a.b.lock?.();", "$(0, a.b).lock?.();"],
    ["over two lines", "a.b\n  .lock();", "$(0, a.b)\n  .lock();"],
    ["one behind the other", "a.b.acquire().lock();", "$(0, $(1, a.b).acquire()).lock();"],
    ["one inside the other", "a.lock(b.lock());", "a.lock($a(0, a, ($(1, b), b).lock()));"],
    ["with arguments that call", "a.lock(f(), g());", "a.lock(f(), $a(0, a, g()));"],
    ["with arguments that wait", "a.lock(await f, 1);", "a.lock(await f, $a(0, a, 1));"],
    ["with a sequence", "a.lock((f(), g()));", "a.lock(($a(0, a, (f(), g()))));"],
    ["of a function", "x = go(() => {});", "x = ($(0, go), go)(() => {});"],
    ["of a function with arguments that call", "select(f());", "select($a(0, select, f()));"],
    ["of a whole's function", "x = sync.go(f);", "x = ($(0, sync.go), sync).go(f);"],
    ["of a compiled import", "(0, sync.go)(f);", "(0, $(0, sync.go))(f);"],
    ["of a class", "new Mutex();", "new ($(0, Mutex))();"],
    ["of a class without brackets", "new Mutex;", "new ($(0, Mutex));"],
    ["of a class with arguments that call", "new Mutex(f());", "new Mutex($a(0, Mutex, f()));"],
    ["of a whole's class", "new sync.Mutex();", "new ($(0, sync.Mutex))();"],
  ])("%s", (_, before, after) => {
    expect(body(before)).toBe(after);
  });

  it("with arguments that call has a variable for its receiver, where its function has room for one", () => {
    expect(body("function f() { a.b.lock(g()); }")).toBe(
      "function f() { $v1 = a.b, $v1.lock($a(0, $v1, g())); ;var $v1;}",
    );
    expect(body("x = a.b.lock(g());")).toBe("x = ($v1 = a.b).lock($a(0, $v1, g()));\n;var $v1;");
  });

  it.each([
    ["behind a short circuit", "a?.b.lock();"],
    ["of a parent class", "class A extends B { m() { super.lock(); } }"],
    ["by a name that is worked out", 'a["lock"]();'],
    ["with a list that waits", "a.b.lock(...(await f));"],
    ["with arguments that call, where no variable fits", "() => a.b.lock(g());"],
    ["in a function that runs elsewhere", "page.evaluate(() => a.lock());"],
    ["in a function whose text is taken", "const f = () => a.lock();\nnew Worker(String(f));"],
    ["that gives back", "mu.unlock(); mu.rUnlock(); sem.release();"],
    ["in a text", '"mu.lock()"; `mu.lock()`; // mu.lock()'],
  ])("%s stays as it is", (_, code) => {
    expect(body(code)).toBe(code);
  });

  it("by a name that sets have too is looked at only where the library is known", () => {
    expect(transform("set.add(1);")).toBeUndefined();
    expect(body("set.add(1);")).toBe("$(0, set), set.add(1);");
    expect(transform("set.lock();")).toBeDefined();
  });
});

describe("a file", () => {
  it("keeps its lines and what must come first", () => {
    const code = `#!/usr/bin/env node\n"use strict";\n${header}\nmu.lock(); // the end`;
    const lines = transform(code)!.split("\n");
    expect(lines.slice(0, 6)).toEqual(code.replace("mu.lock", "$lockscope$(0, mu), mu.lock").split("\n"));
    expect(lines[6]).toMatch(/^;var /);
  });

  it("has a map that leads back to it, or to what it was made from", () => {
    const mapOf = (text: string) => {
      const [, encoded] = /\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\n$/.exec(text)!;
      return new SourceMap(JSON.parse(Buffer.from(encoded!, "base64").toString()));
    };
    const code = `${header}mu.lock(); mu.unlock();\n`;
    const text = transform(code)!;
    const column = text.split("\n")[2]!.indexOf("unlock");
    const own = mapOf(text).findEntry(2, column);
    expect(own).toMatchObject({ originalSource: "file:///p/a.mjs", originalLine: 2, originalColumn: 14 });

    const typed = `type A = 1;\n${header}const mu: A = 1 as A; mu.lock(); mu.unlock();\n`;
    const made = transformSync(typed, { loader: "ts", sourcemap: "inline", sourcefile: "/p/b.ts" }).code;
    const composed = transform(made)!;
    const line = composed.split("\n").findIndex((each) => each.includes("unlock"));
    const found = mapOf(composed).findEntry(line, composed.split("\n")[line]!.indexOf("unlock"));
    expect(found).toMatchObject({ originalSource: "file:///p/b.ts", originalLine: 3, originalColumn: 36 });
    expect(composed.match(/sourceMappingURL/g)).toHaveLength(1);
    expect(places(made)).toMatchObject([{ line: 4, column: 26 }]);
  });

  it("is transformed once", () => {
    expect(transform(transform("mu.lock();")!)).toBeUndefined();
  });

  it("that does not parse is an error", () => {
    expect(() => transform("mu.lock(;")).toThrow(SyntaxError);
  });

  it("may be CommonJS, with what only that may have", () => {
    const code =
      'const { go: start } = require("@lockscope/sync");\nconst import_sync = require("@lockscope/sync");\n' +
      "with (a) start(f);\n(0, import_sync.go)(f);\nreturn;";
    expect(places(code, "commonjs")).toEqual([
      { line: 3, column: 10, func: "", name: undefined },
      { line: 4, column: 20, func: "", name: undefined },
    ]);
  });
});

describe("a place", () => {
  it("is the one of the stack trace, in the function of that name", () => {
    const code = `${header}
function named() { a.lock(); }
const arrow = () => a.lock();
export default () => a.lock();
class Store { constructor() { a.lock(); } m() { a.lock(); } get g() { return a.lock(); } #p() { a.lock(); }
  f = a.lock(); static s = a.lock(); static { a.lock(); } h = () => a.lock(); [a.lock()]() {} }
const o = { m() { a.lock(); }, "a-b"() { a.lock(); }, p: function () { a.lock(); } };
o.x.y = () => a.lock(); this.z = () => a.lock();
const kept = __name(() => a.lock(), "given");
list.map(() => a.lock());
`;
    expect(places(code).map(({ line, func }) => `${line} ${func}`)).toEqual([
      "4 named",
      "5 arrow",
      "6 default",
      ...["7 Store", "7 m", "7 get g", "7 #p"],
      ...[
        "8 <instance_members_initializer>",
        "8 <static_initializer>",
        "8 <static_initializer>",
        "8 h",
        "8 ",
      ],
      ...["9 m", "9 a-b", "9 p"],
      ...["10 o.x.y", "10 z"],
      "11 given",
      "12 ",
    ]);
  });

  it.each([
    ["const mu = new Mutex();", "mu"],
    ["let mu; mu = new Mutex();", "mu"],
    ["this.mu = new Mutex();", "mu"],
    ["this.state.mu ??= new Mutex();", "mu"],
    ["class A { mu = new Mutex(); }", "mu"],
    ["class A { #mu = new Mutex(); }", "mu"],
    ["const o = { mu: new Mutex() };", "mu"],
    ['const o = { "the mu": new Mutex() };', "the mu"],
    ["function f(mu = new Mutex()) {}", "mu"],
    ['class A { constructor() { __publicField(this, "mu", new Mutex()); } }', "mu"],
    ["class A { constructor() { __privateAdd(this, _mu, new Mutex()); } }", "mu"],
    ["const locks = [new Mutex()];", undefined],
    ["return_(new Mutex());", undefined],
    ["locks[i] = new Mutex();", undefined],
  ])("%s is the birth of %s", (code, name) => {
    expect(places(header + code)).toMatchObject([{ name }]);
  });
});
