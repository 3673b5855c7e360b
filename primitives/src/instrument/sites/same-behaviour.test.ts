import { compileFunction } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { registry } from "../../runtime/registry.js";
import { callSites } from "../call-sites.js";
import { transformCalls } from "./transform.js";

/** Programs of calls within calls, named like the library's, on everything that can stand before a dot. */
const { expression, call } = fc.letrec<{ expression: string; receiver: string; args: string; call: string }>(
  (tie) => ({
    expression: fc.oneof(
      { maxDepth: 4, depthIdentifier: "e" },
      fc.constantFrom("o0", "o1", "1", "nil", "this.o0", "o1.b", "o0?.b", "`t`"),
      tie("call"),
      tie("call").map((call) => `await ${call}`),
      tie("call").map((call) => `(${call}, o1)`),
      tie("call").map((call) => `(async () => ${call})`),
      tie("call").map((call) => `(async () => { return(${call}) })`),
      tie("call").map((call) => `(nil ?? ${call})`),
    ),
    receiver: fc.oneof(
      { maxDepth: 3, depthIdentifier: "r" },
      fc.constantFrom("o0", "o1", "this.o1", "o0.b", "o1.g", "(o0)", "((o0, o1))", "nil", "o0?.b"),
      tie("call"),
      tie("expression").map((inner) => `(${inner})`),
    ),
    args: fc
      .array(
        fc.oneof(
          tie("expression"),
          tie("expression").map((list) => `...[${list}]`),
        ),
        { maxLength: 3 },
      )
      .map((list) => list.join(", ")),
    call: fc.oneof(
      fc
        .tuple(tie("receiver"), fc.constantFrom(".", "?.", "\n  ."), method(), tie("args"))
        .map(([receiver, dot, name, args]) => `${receiver}${dot}${name}(${args})`),
      fc.tuple(tie("receiver"), method(), tie("args")).map(([o, name, args]) => `${o}.${name}?.(${args})`),
      fc
        .tuple(fc.constantFrom("go", "sync.go", "(0, sync.go)"), tie("args"))
        .map(([called, args]) => `${called}(${args})`),
      fc
        .tuple(fc.constantFrom("Mutex", "sync.Mutex"), tie("args"))
        .map(([name, args]) => `new ${name}(${args})`),
    ),
  }),
);

function method() {
  return fc.constantFrom("lock", "acquire", "send", "other");
}

/** A function's body, as a CommonJS file is one. */
const program = fc
  .array(
    fc.oneof(
      expression.map((line) => `await (${line});`),
      call, // Without a semicolon: it may go on with what the next line begins with.
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map(
    (lines) =>
      `"use strict";\n` +
      `const { go, Mutex } = require("@lockscope/sync"), sync = require("@lockscope/sync");\n` +
      `return (async () => {\n${lines.join("\n")}\n})()`,
  );

describe("a transformed program", () => {
  it("does what it did, and its calls are known to stand where their stacks say", async () => {
    let [told, all] = [0, 0];
    await fc.assert(
      fc.asyncProperty(program, async (code) => {
        fc.pre(parses(code));
        const before = await run(code);
        const text = transformCalls(code, { file: "/p/a.cjs", format: "commonjs" }) ?? code;
        const after = await run(text);
        expect(after.log).toEqual(before.log);
        for (const [index, place] of after.places.entries()) {
          all++;
          if (place === undefined) continue;
          told++;
          expect(place).toBe(before.stacks[index]);
        }
      }),
      { numRuns: 500 },
    );
    expect(told / all).toBeGreaterThan(0.7);
  });
});

/** A line that goes on with the next may be no program any more. */
function parses(code: string): boolean {
  try {
    compileFunction(code);
    return true;
  } catch {
    return false;
  }
}

interface Run {
  /** What was called, on what, with what, and how it ended. */
  readonly log: string[];
  /** Where each call was by its stack. */
  readonly stacks: string[];
  /** Where it said that it was. */
  readonly places: (string | undefined)[];
}

async function run(code: string): Promise<Run> {
  const result: Run = { log: [], stacks: [], places: [] };
  registry.siteOf = null;

  const note = (what: string, of: unknown, entry: (...args: never[]) => unknown, args: unknown[]) => {
    const frame = callSites(entry, 1)[0];
    result.stacks.push(`${frame?.getLineNumber()}:${frame?.getColumnNumber()}`);
    const site = registry.siteOf === of ? registry.sites[registry.site] : undefined;
    registry.siteOf = null;
    result.places.push(site && `${site.line}:${site.column}`);
    result.log.push(`${what}(${args.map(show).join()})`);
    for (const arg of args) {
      if (typeof arg === "function") arg().catch((error: Error) => result.log.push(error.constructor.name));
    }
  };
  const show = (value: unknown) => (value instanceof Thing ? value.name : typeof value);

  class Thing {
    b: Thing | undefined;
    reads = 0;
    constructor(readonly name: string) {}
    get g(): Thing | undefined {
      result.log.push(`${this.name}.g read ${++this.reads}`);
      return this.b;
    }
    lock(...args: unknown[]): unknown {
      note(`${this.name}.lock`, this, Thing.prototype.lock, args);
      return this.b;
    }
    acquire(...args: unknown[]): unknown {
      note(`${this.name}.acquire`, this, Thing.prototype.acquire, args);
      return this;
    }
    async send(...args: unknown[]): Promise<unknown> {
      note(`${this.name}.send`, this, Thing.prototype.send, args);
      await null;
      return args[0];
    }
    other(...args: unknown[]): unknown {
      result.log.push(`${this.name}.other(${args.map(show).join()})`);
      return this;
    }
  }
  const library = {
    go(this: unknown, ...args: unknown[]) {
      note(this === undefined ? "go" : "sync.go", library.go, library.go, args);
      return library.things[0];
    },
    Mutex: class Mutex extends Thing {
      constructor(...args: unknown[]) {
        super("new");
        note("new", new.target, new.target as never, args);
      }
    },
    things: [new Thing("o0"), new Thing("o1")],
  };
  const [o0, o1] = library.things as [Thing, Thing];
  o0.b = o1;
  o1.b = o0;
  try {
    const file = compileFunction(code, ["require", "o0", "o1", "nil"]);
    await file.call({ o0, o1 }, () => library, o0, o1, null);
  } catch (error) {
    result.log.push((error as Error).constructor.name);
  }
  // What nobody awaits has its end too.
  await new Promise((resolve) => setImmediate(resolve));
  return result;
}
