import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EndReason, readTrace, TraceStore } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endOf, InstalledCli } from "../support/installed-cli.js";

let cli: InstalledCli;
beforeAll(async () => {
  cli = await InstalledCli.install();
  await cli.write({ "package.json": '{ "private": true, "type": "module" }\n', ...programs });
});
afterAll(() => cli[Symbol.asyncDispose]());

const programs = {
  "echo.ts": `const words: string[] = process.argv.slice(2);
let input = "";
for await (const chunk of process.stdin) input += chunk;
console.log(JSON.stringify({ words, input, file: process.argv[1]?.split(/[\\\\/]/).at(-1) }));
process.exitCode = Number(words.at(-1));
`,
  "plain.cjs": 'console.log("plain", process.argv[2]);\n',
  "resource.ts": `import { Mutex } from "@lockscope/sync";
const mu = new Mutex();
{
  using guard = await mu.acquire();
  console.log("held", mu.locked, guard !== undefined);
}
console.log("held", mu.locked);
`,
  "stuck.ts": `import { go, Mutex, sleep } from "@lockscope/sync";

interface Account {
  readonly mu: Mutex;
}
const alice: Account = { mu: new Mutex({ name: "alice" }) };
const bob: Account = { mu: new Mutex({ name: "bob" }) };

async function transfer(from: Account, to: Account): Promise<void> {
  await from.mu.lock();
  await sleep(1);
  await to.mu.lock();
  to.mu.unlock();
  from.mu.unlock();
}

const tasks = [
  go(() => transfer(alice, bob), { name: "there" }),
  go(() => transfer(bob, alice), { name: "back" }),
];
for (const task of tasks) await task.join();
`,
  "thrown.ts": `interface Shape {
  readonly sides: number;
}
function fail(shape: Shape): never {
  throw new Error(\`no shape has \${shape.sides} sides\`);
}
fail({ sides: 2 });
`,
  "wait.ts": `process.on("SIGTERM", () => {
  console.log("bye");
  process.exit(7);
});
setTimeout(() => {}, 60_000);
console.log("ready");
`,
  "die.ts": `setTimeout(() => {}, 60_000);\nconsole.log("ready");\n`,
};

describe("run", () => {
  it("hands on arguments, input and exit code, and all that follows the program is the program's", async () => {
    const ended = await cli.run(["run", "echo.ts", "--trace", "-h", "two words", "3"], { stdin: "line\n" });
    expect([ended.code, ended.stderr]).toEqual([3, ""]);
    expect(JSON.parse(ended.stdout)).toEqual({
      words: ["--trace", "-h", "two words", "3"],
      input: "line\n",
      file: "echo.ts",
    });
  });

  it("runs JavaScript and CommonJS, from another folder too", async () => {
    await cli.write({ "sub/x.md": "" });
    expect(await cli.run(["run", "../plain.cjs", "x"], { cwd: "sub" })).toMatchObject({
      code: 0,
      stdout: "plain x\n",
      stderr: "",
    });
  });

  it("runs `using`, which Node 20 cannot by itself", async () => {
    expect(await cli.run(["run", "resource.ts"])).toMatchObject({
      code: 0,
      stdout: "held true true\nheld false\n",
      stderr: "",
    });
  });

  it("shows an error of the program with its lines of TypeScript, and its status", async () => {
    const { code, stderr } = await cli.run(["run", "thrown.ts"]);
    expect(code).toBe(1);
    expect(stderr).toContain("Error: no shape has 2 sides");
    expect(stderr).toMatch(/at fail \(.*thrown\.ts:5:9\)/);
    expect(stderr).not.toContain("lockscope:");
  });

  it("says who waits for whom when the program is stuck, with the lines of the .ts file", async () => {
    const { code, stdout, stderr } = await cli.run(["run", "stuck.ts"]);
    expect([code, stdout]).toEqual([13, ""]); // Node's own: a top-level await that never settled.
    const lines = stderr.split("\n").map((line) => line.replace(/(?:less than )?[\d.]+ m?s\b/g, "T"));
    expect(lines[0]).toBe("lockscope: fatal error: all tasks are asleep - deadlock!");
    expect(lines).toContain("cycle:");
    for (const [task, lock, by] of [
      ["there", "bob", "back"],
      ["back", "alice", "there"],
    ]) {
      expect(lines).toContain(
        `  task "${task}" waits for Mutex "${lock}" (stuck.ts:12:15, for T), ` +
          `held by task "${by}" (taken at stuck.ts:10:17, T ago)`,
      );
    }
  });

  it("hands a signal on to the program, which may say goodbye", async () => {
    const child = cli.start(["run", "wait.ts"]);
    const ended = endOf(child);
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: 7, signal: null, stdout: "ready\nbye\n" });
  });

  it("ends by the signal that ended the program", async () => {
    const child = cli.start(["run", "die.ts"]);
    const ended = endOf(child);
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: null, signal: "SIGTERM" });
  });
});

describe("run --trace FILE", () => {
  it("records what the program did: readable as a trace, and printed by `trace`", async () => {
    const ran = await cli.run(["run", "--trace", "out.locktrace", "stuck.ts"]);
    expect(ran.stderr).toContain("all tasks are asleep");
    const { prelude, batches, end } = readTrace(await readFile(join(cli.folder, "out.locktrace")));
    const store = new TraceStore();
    for (const batch of batches) store.append(batch);
    expect(end).toEqual({ truncated: false, pendingBytes: 0 });
    expect(prelude?.meta).toMatchObject({ program: "stuck.ts" });
    expect(store.live.locks.map(({ name }) => name)).toEqual(expect.arrayContaining(["alice", "bob"]));
    expect(store.end?.reason).toBe(EndReason.stuck);

    const printed = await cli.run(["trace", "out.locktrace"]);
    expect([printed.code, printed.stderr]).toEqual([0, ""]);
    expect(printed.stdout).toMatch(/^# stuck\.ts {2}pid \d+/);
    for (const [task, op, lock, place] of [
      ["there", "acquire", "alice", "10:17"],
      ["there", "block", "bob", "12:15"],
      ["back", "acquire", "bob", "10:17"],
      ["back", "block", "alice", "12:15"],
    ]) {
      expect(printed.stdout).toMatch(
        new RegExp(`"${task}" +${op} +mutex#\\d+ "${lock}" .*stuck\\.ts:${place} \\(transfer\\)$`, "m"),
      );
    }
    expect(printed.stdout).toMatch(/programEnd {2}stuck\n$/);
  });

  it("leaves no doubt about a file that is cut off or damaged, and prints what can be read", async () => {
    await cli.run(["run", "--trace", "whole.locktrace", "stuck.ts"]);
    const bytes = await readFile(join(cli.folder, "whole.locktrace"));
    const whole = (await cli.run(["trace", "whole.locktrace"])).stdout;
    await writeFile(join(cli.folder, "cut.locktrace"), bytes.subarray(0, bytes.length - 5));
    const cut = await cli.run(["trace", "cut.locktrace"]);
    expect([cut.code, cut.stderr]).toEqual([
      0,
      expect.stringMatching(/^lockscope: cut\.locktrace: cut off.*\n$/),
    ]);
    expect(whole.startsWith(cut.stdout.slice(0, 40))).toBe(true);
    await writeFile(join(cli.folder, "damaged.locktrace"), Buffer.concat([bytes, Buffer.alloc(64, 0xff)]));
    const damaged = await cli.run(["trace", "damaged.locktrace"]);
    expect([damaged.code, damaged.stdout]).toEqual([2, whole]);
    expect(damaged.stderr).toMatch(/^lockscope: damaged\.locktrace: .*\n$/);
    await cli.write({ "empty.locktrace": "" });
    expect(await cli.run(["trace", "empty.locktrace"])).toMatchObject({ code: 2, stdout: "" });
  });

  it("a place that cannot be written to is said before the program runs", async () => {
    for (const [file, why] of [
      ["gone/out.locktrace", "no such folder"],
      ["node_modules", "it is a folder"],
    ] as const) {
      expect(await cli.run(["run", "--trace", file, "plain.cjs", "y"])).toMatchObject({
        code: 2,
        stdout: "",
        stderr: `lockscope: cannot write a trace to ${file}: ${why}\n`,
      });
    }
  });

  it("keeps the newest of a trace, which is written because the program is stuck, or files of a size", async () => {
    const args = ["--trace", "newest.locktrace", "--ring", "1", "--held", "0", "--waited", "500", "stuck.ts"];
    expect((await cli.run(["run", ...args])).code).toBe(13);
    expect(readTrace(await readFile(join(cli.folder, "newest.locktrace"))).end.truncated).toBe(false);
    await cli.run(["run", "--trace", "files.locktrace", "--rotate", "1:2", "resource.ts"]);
    expect(existsSync(join(cli.folder, "files.locktrace"))).toBe(true);
  });

  it.each([
    ["--held soon", '--held takes a number of milliseconds, not "soon"'],
    ["--ring 1", "--ring and --rotate need --trace FILE"],
    ["--trace x --ring 0", '--ring takes a number of megabytes from 1 to 9999, not "0"'],
    ["--trace x --rotate 1:0", '--rotate takes megabytes, or megabytes and files as in 16:5, not "1:0"'],
    ["--trace x --ring 1 --rotate 1", "--ring and --rotate exclude each other"],
  ])("%s is a mistake, and it says which", async (options, why) => {
    expect(await cli.run(["run", ...options.split(" "), "plain.cjs", "y"])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(why),
    });
  });

  it("a program without a lock leaves no trace, least of all an older one's", async () => {
    await cli.write({ "old.locktrace": "yesterday's" });
    expect(await cli.run(["run", "--trace", "old.locktrace", "plain.cjs", "y"])).toMatchObject({
      code: 0,
      stdout: "plain y\n",
      stderr: "lockscope: old.locktrace is not written: the program used nothing of @lockscope/sync\n",
    });
    expect(existsSync(join(cli.folder, "old.locktrace"))).toBe(false);
  });
});
