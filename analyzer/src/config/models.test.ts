import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openWorkspace } from "../workspace.js";
import { parseModels } from "./models.js";
import { configSchema } from "./schema.js";

function parsed(value: unknown) {
  const errors: string[] = [];
  const models = parseModels(value, "/program", (message) => errors.push(message));
  return { models, errors };
}

describe("models of a configuration", () => {
  it("are operations by class and method, with defaults", () => {
    const { models, errors } = parsed({
      "@acme/locks": {
        classes: {
          Gate: { methods: { enter: "acquire", leave: "release", run: { op: "acquire", form: "section" } } },
        },
        functions: { later: "spawn" },
      },
    });
    expect(errors).toEqual([]);
    expect(models).toEqual([
      {
        name: "@acme/locks",
        modules: {
          "@acme/locks": {
            classes: {
              Gate: {
                kind: "mutex",
                noCopy: true,
                methods: {
                  enter: { op: "acquire", mode: "write", form: "plain" },
                  leave: { op: "release", mode: "write" },
                  run: { op: "acquire", mode: "write", form: "section" },
                },
              },
            },
            functions: { later: { op: "spawn" } },
          },
        },
      },
    ]);
  });

  it("may speak of a file of the program", () => {
    const { models } = parsed({ "./src/gate.ts": { classes: { Gate: {} } } });
    expect(Object.keys(models[0]?.modules ?? {})).toEqual(["/program/src/gate.ts"]);
    expect(models[0]?.traces).toEqual(["\\bGate\\b"]);
  });

  it.each([
    [[], '"models": an object is expected, with a model by module'],
    [{ a: 1 }, 'models["a"]: an object is expected'],
    [{ a: { clases: {} } }, 'models["a"]: unknown key "clases": known are classes, functions'],
    [
      { a: { classes: { X: { kind: "lock" } } } },
      /^models\["a"\]\.classes\.X\.kind: one of mutex, .* is expected$/,
    ],
    [
      { a: { functions: { f: "aquire" } } },
      /^models\["a"\]\.functions\.f: unknown operation "aquire": known are acquire,/,
    ],
    [
      { a: { functions: { f: { op: "acquire", mode: "shared" } } } },
      /\.f\.mode: one of write, read, permit is expected$/,
    ],
    [{ a: { functions: { f: { op: "acquire", key: -1 } } } }, /\.f\.key: the position of an argument/],
    [{ a: { functions: { f: { op: "view" } } } }, 'models["a"].functions.f: "view" needs "mode"'],
    [{ a: { functions: { f: { op: "release", forms: 1 } } } }, /unknown key "forms"/],
    [{ a: { functions: { f: 3 } } }, /the name of an operation is expected/],
  ])("%j: says what is wrong", (value, message) => {
    const { errors } = parsed(value);
    expect(errors).toHaveLength(1);
    if (typeof message === "string") expect(errors[0]).toBe(message);
    else expect(errors[0]).toMatch(message);
  });

  it("keeps what is right beside what is wrong", () => {
    const { models, errors } = parsed({
      a: { classes: { X: { methods: { lock: "acquire", unlock: "relase" } } } },
    });
    expect(errors).toHaveLength(1);
    expect(Object.keys(models[0]?.modules.a?.classes.X?.methods ?? {})).toEqual(["lock"]);
  });
});

describe("a program's own lock", () => {
  let folder: string;
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is checked like any other, in the file that makes it and in those that use it", async () => {
    folder = await mkdtemp(join(tmpdir(), "lockscope-models-"));
    const gate = { enter: "acquire", leave: "release" };
    await writeFile(
      join(folder, "lockscope.config.json"),
      JSON.stringify({ models: { "./gate.ts": { classes: { Gate: { methods: gate } } } } }),
    );
    await writeFile(
      join(folder, "gate.ts"),
      "export class Gate {\n  async enter(): Promise<void> {}\n  leave(): void {}\n}\n",
    );
    await writeFile(
      join(folder, "use.ts"),
      `import { Gate } from "./gate.js";
const gate = new Gate();
export async function use(name: string): Promise<void> {
  await gate.enter();
  await fetch(name);
  gate.leave();
}
`,
    );
    const workspace = openWorkspace({ cwd: folder });
    const { findings, errors } = await workspace.check(workspace.listFiles(["."]));
    workspace.dispose();
    expect(errors).toEqual([]);
    expect(findings.map(({ rule, range, message }) => [rule, range.start.line + 1, message])).toEqual([
      [
        "unlock-not-in-finally",
        4,
        "Gate `gate` stays locked for ever if `fetch(name)` at line 5 throws: release it in a finally",
      ],
    ]);
  });
});

it("cli/lockscope.schema.json is what validation goes by (node scripts/rule-docs.mjs writes it)", async () => {
  await expect(`${JSON.stringify(configSchema(), undefined, 2)}\n`).toMatchFileSnapshot(
    "../../../cli/lockscope.schema.json",
  );
});
