import ts from "typescript";
import { describe, expect, it } from "vitest";
import { createRegistry } from "../model/index.js";
import { createSnapshot } from "../project/snapshot.js";
import { startOf } from "./entry.js";
import { exploreSchedules, type Terminal, usualLimits } from "./explore.js";
import { misuseOf } from "./misuse.js";
import { Linker } from "./program.js";
import { stuckState } from "./stuck.js";

const header = `
import { Cond, defer, go, gosched, Mutex, Once, RecursiveMutex, RWMutex, sleep, WaitGroup } from "@lockscope/sync";
import { after, Channel, onReceive, onSend, otherwise, select, tick, Timer } from "@lockscope/sync/channel";
import { afterFunc, background, withCancel, withTimeout, withValue } from "@lockscope/sync/context";
import { CyclicBarrier, ErrGroup, Semaphore, SingleFlight } from "@lockscope/sync/group";
`;

/** What waits for ever in some schedule of the scenario: the lines' own words, each state once. */
function search(body: string, before = ""): { stuck: string[]; complete: boolean } {
  const { stuck, complete } = explore(body, before);
  return { stuck, complete };
}

/** The same, and what throws in some schedule. */
function explore(body: string, before: string): { stuck: string[]; refused: string[]; complete: boolean } {
  const text = `${header}${before}\nexport default async function scenario() {\n${body}\n}\n`;
  const file = ts.createSourceFile("/scenario.ts", text, ts.ScriptTarget.ESNext, true);
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name) => (name === file.fileName ? file : undefined),
    fileExists: (name) => name === file.fileName,
  };
  const program = ts.createProgram([file.fileName], { noLib: true, noResolve: true, types: [] }, host);
  const linker = new Linker(createSnapshot(program, [file.fileName], createRegistry([])));
  const scenario = file.statements.find(
    (each): each is ts.FunctionDeclaration =>
      ts.isFunctionDeclaration(each) && each.name?.text === "scenario",
  )!;
  const start = startOf(linker, scenario, true)!;
  const stuck = new Set<string>();
  const refused = new Set<string>();
  const ended = (terminal: Terminal) => {
    const found = stuckState(terminal);
    if (found !== undefined)
      stuck.add([...found.tasks.values()].map(({ wait }) => written(wait.site)).join(" | "));
    return true;
  };
  const { complete } = exploreSchedules(start.state, start.program, usualLimits, ended, (state, error) => {
    const misuse = misuseOf(state, error, scenario);
    if (misuse !== undefined) refused.add(`${misuse.rule} ${written(misuse.node)}`);
  });
  return { stuck: [...stuck].sort(), refused: [...refused].sort(), complete };
}

function written(node: ts.Node): string {
  return ts.isCallExpression(node) ? node.expression.getText() : (node.getText().split("(")[0] ?? "");
}

describe("what one task alone is stuck at, and what it passes", () => {
  it.each([
    ["a mutex taken twice", `const mu = new Mutex(); await mu.lock(); await mu.lock();`, "mu.lock"],
    [
      "a recursive one taken twice",
      `const mu = new RecursiveMutex(); await mu.lock(); await mu.lock();`,
      undefined,
    ],
    [
      "read in read, nobody writes",
      `const rw = new RWMutex(); await rw.rLock(); await rw.rLock();`,
      undefined,
    ],
    ["write in read", `const rw = new RWMutex(); await rw.rLock(); await rw.lock();`, "rw.lock"],
    ["read in write", `const rw = new RWMutex(); await rw.lock(); await rw.rLock();`, "rw.rLock"],
    [
      "tryLock of a taken mutex",
      `const mu = new Mutex(); await mu.lock(); if (mu.tryLock()) await mu.lock();`,
      undefined,
    ],
    [
      "a guard given back",
      `const mu = new Mutex(); { using g = await mu.acquire(); } await mu.lock();`,
      undefined,
    ],
    ["a guard kept", `const mu = new Mutex(); const g = await mu.acquire(); await mu.lock();`, "mu.lock"],
    [
      "defer",
      `const mu = new Mutex(); { await mu.lock(); using _ = defer(() => mu.unlock()); } await mu.lock();`,
      undefined,
    ],
    [
      "a section that throws",
      `const mu = new Mutex(); try { await mu.withLock(() => { throw new Error(); }); } catch {} await mu.lock();`,
      undefined,
    ],
    [
      "finally on a return",
      `const mu = new Mutex(); const f = async () => { await mu.lock(); try { return 1; } finally { mu.unlock(); } }; await f(); await mu.lock();`,
      undefined,
    ],
    [
      "a loop left by continue",
      `const mu = new Mutex(); for (const x of [1, 2]) { await mu.lock(); if (x === 1) continue; mu.unlock(); }`,
      "mu.lock",
    ],
    ["a send without room", `const c = new Channel(); await c.send(1);`, "c.send"],
    ["a send with room", `const c = new Channel(2); await c.send(1); await c.send(2);`, undefined],
    [
      "one more than there is room for",
      `const c = new Channel(2); for (let i = 0; i < 3; i++) await c.send(i);`,
      "c.send",
    ],
    ["a receive of nothing", `const c = new Channel(); await c.receive();`, "c.receive"],
    ["a receive after close", `const c = new Channel(); c.close(); await c.receive();`, undefined],
    [
      "what is left after close",
      `const c = new Channel(1); await c.send(1); c.close(); for await (const x of c) {}`,
      undefined,
    ],
    [
      "a loop over an open channel",
      `const c = new Channel(1); await c.send(1); for await (const x of c) {}`,
      "for await ",
    ],
    ["a nil channel", `await Channel.nil().receive();`, "Channel.nil().receive"],
    [
      "select with a default",
      `await select(onReceive(new Channel(), () => 1), otherwise(() => 2));`,
      undefined,
    ],
    ["select without", `await select(onReceive(new Channel(), () => 1));`, "select"],
    ["select on nothing but nil", `await select(onReceive(Channel.nil(), () => 1));`, "select"],
    ["after", `await select(onReceive(new Channel(), () => 1), onReceive(after(1000), () => 2));`, undefined],
    ["a timer that was stopped", `const t = new Timer(10); t.stop(); await t.c.receive();`, "t.c.receive"],
    ["a count that nobody takes back", `const wg = new WaitGroup(); wg.add(1); await wg.wait();`, "wg.wait"],
    ["a count of none", `await new WaitGroup().wait();`, undefined],
    ["once in itself", `const once = new Once(); await once.do(() => once.do(() => {}));`, "once.do"],
    [
      "once after once",
      `const once = new Once(); await once.do(() => {}); await once.do(() => {});`,
      undefined,
    ],
    ["more permits than there are", `const s = new Semaphore(2); await s.acquire(3);`, "s.acquire"],
    [
      "as many as there are",
      `const s = new Semaphore(2); await s.acquire(2); s.release(2); await s.acquire(1);`,
      undefined,
    ],
    [
      "a context that nobody cancels",
      `const [ctx] = withCancel(background()); await ctx.done.receive();`,
      "ctx.done.receive",
    ],
    [
      "cancelled with its parent",
      `const [p, cancel] = withCancel(background()); const c = withValue(p, "k", 1); cancel(); await c.done.receive();`,
      undefined,
    ],
    [
      "a context with a limit",
      `const [ctx] = withTimeout(background(), 5); await ctx.done.receive();`,
      undefined,
    ],
    [
      "a wait that its signal ends",
      `const c = new AbortController(); const mu = new Mutex(); await mu.lock(); setTimeout(() => c.abort(), 1); try { await mu.lock({ signal: c.signal }); } catch {}`,
      undefined,
    ],
    [
      "a signal that nobody aborts",
      `const c = new AbortController(); const mu = new Mutex(); await mu.lock(); await mu.lock({ signal: c.signal });`,
      "mu.lock",
    ],
    [
      "a signal of a stranger",
      `const mu = new Mutex(); await mu.lock(); await mu.lock({ signal: stranger.signal });`,
      undefined,
    ],
    [
      "a stranger who has the lock",
      `const mu = new Mutex(); stranger(mu); await mu.lock(); await mu.lock();`,
      undefined,
    ],
    ["a barrier alone", `await new CyclicBarrier(2).wait();`, "new CyclicBarrier(2).wait"],
    ["a promise that nobody settles", `await new Promise(() => {});`, "await new Promise"],
    [
      "an unknown condition, asked twice",
      `const mu = new Mutex(); const x = stranger(); if (x) await mu.lock(); if (x) mu.unlock(); await mu.lock();`,
      undefined,
    ],
    [
      "an unknown condition, denied",
      `const mu = new Mutex(); const x = stranger(); if (x) await mu.lock(); if (!x) await mu.lock(); mu.unlock(); await mu.lock();`,
      undefined,
    ],
    [
      "two unknown conditions",
      `const mu = new Mutex(); if (stranger()) await mu.lock(); if (stranger()) await mu.lock();`,
      "mu.lock",
    ],
  ])("%s", (_, body, expected) => {
    expect(search(body)).toEqual({ stuck: expected === undefined ? [] : [expected], complete: true });
  });
});

const pairs: readonly (readonly [name: string, wrong: string, right: string, stuckAt: RegExp])[] = [
  [
    "two locks, two orders",
    `const [a, b] = [new Mutex(), new Mutex()];
     const f = async (x, y) => { await x.lock(); await y.lock(); y.unlock(); x.unlock(); };
     for (const t of [go(() => f(a, b)), go(() => f(b, a))]) await t.join();`,
    `const [a, b] = [new Mutex(), new Mutex()];
     const f = async (x, y) => { await x.lock(); await y.lock(); y.unlock(); x.unlock(); };
     for (const t of [go(() => f(a, b)), go(() => f(a, b))]) await t.join();`,
    /y\.lock \| y\.lock/,
  ],
  [
    "three locks in a ring",
    `const l = [new Mutex(), new Mutex(), new Mutex()];
     const f = async (i) => { await l[i].lock(); await l[(i + 1) % 3].lock(); l[(i + 1) % 3].unlock(); l[i].unlock(); };
     await Promise.all([0, 1, 2].map(f));`,
    `const l = [new Mutex(), new Mutex(), new Mutex()];
     const f = async (i, j) => { await l[i].lock(); await l[j].lock(); l[j].unlock(); l[i].unlock(); };
     await Promise.all([f(0, 1), f(1, 2), f(0, 2)]);`,
    /l\[\(i \+ 1\) % 3\]\.lock/,
  ],
  ...[2, 3].map(
    (guests) =>
      [
        `${guests} philosophers`,
        `const forks = Array.from({ length: ${guests} }, () => new Mutex());
         const wg = new WaitGroup();
         for (let i = 0; i < ${guests}; i++) wg.go(async () => {
           await forks[i].lock(); await gosched(); await forks[(i + 1) % ${guests}].lock();
           forks[(i + 1) % ${guests}].unlock(); forks[i].unlock();
         });
         await wg.wait();`,
        `const forks = Array.from({ length: ${guests} }, () => new Mutex());
         const wg = new WaitGroup();
         for (let i = 0; i < ${guests}; i++) wg.go(async () => {
           const [x, y] = i < (i + 1) % ${guests} ? [i, (i + 1) % ${guests}] : [(i + 1) % ${guests}, i];
           await forks[x].lock(); await gosched(); await forks[y].lock();
           forks[y].unlock(); forks[x].unlock();
         });
         await wg.wait();`,
        /forks\[\(i \+ 1\)/,
      ] as const,
  ),
  [
    "a task that forgets done on one path",
    `const wg = new WaitGroup(); wg.add(2);
     for (const n of [1, 2]) go(async () => { await gosched(); if (n === 2) return; wg.done(); });
     await wg.wait();`,
    `const wg = new WaitGroup(); wg.add(2);
     for (const n of [1, 2]) go(async () => { try { await gosched(); if (n === 2) return; } finally { wg.done(); } });
     await wg.wait();`,
    /wg\.wait/,
  ],
  [
    "a signal before the wait",
    `const mu = new Mutex(); const cond = new Cond(mu);
     const t = go(async () => { await mu.lock(); await cond.wait(); mu.unlock(); });
     await gosched(); cond.signal(); await t.join();`,
    `const mu = new Mutex(); const cond = new Cond(mu); let ready = false;
     const t = go(async () => { await mu.lock(); while (!ready) await cond.wait(); mu.unlock(); });
     await gosched(); await mu.lock(); ready = true; cond.signal(); mu.unlock(); await t.join();`,
    /cond\.wait/,
  ],
  [
    "a Once that waits for a task that needs it",
    `const once = new Once(); const c = new Channel();
     const t = go(async () => { await once.do(() => {}); c.close(); });
     await once.do(() => c.receive()); await t.join();`,
    `const once = new Once(); const c = new Channel();
     const t = go(async () => { c.close(); await once.do(() => {}); });
     await once.do(() => c.receive()); await t.join();`,
    /once\.do/,
  ],
  [
    "a writer between two reads",
    `const rw = new RWMutex();
     const t = go(async () => { await rw.rLock(); await gosched(); await rw.rLock(); rw.rUnlock(); rw.rUnlock(); });
     await gosched(); await rw.lock(); rw.unlock(); await t.join();`,
    `const rw = new RWMutex();
     const t = go(async () => { await rw.rLock(); await gosched(); rw.rUnlock(); await rw.rLock(); rw.rUnlock(); });
     await gosched(); await rw.lock(); rw.unlock(); await t.join();`,
    /rw\.rLock/,
  ],
  [
    "a send under the lock that the receiver needs",
    `const mu = new Mutex(); const c = new Channel();
     const t = go(async () => { for await (const x of c) { await mu.lock(); mu.unlock(); } });
     for (const n of [1, 2]) await mu.withLock(() => c.send(n));
     c.close(); await t.join();`,
    `const mu = new Mutex(); const c = new Channel();
     const t = go(async () => { for await (const x of c) { await mu.lock(); mu.unlock(); } });
     for (const n of [1, 2]) { await mu.withLock(() => {}); await c.send(n); }
     c.close(); await t.join();`,
    /mu\.lock/,
  ],
  [
    "a select that takes the other case",
    `const c = new Channel(); const stop = new Channel();
     const t = go(() => c.send(1));
     go(() => stop.close());
     await select(onReceive(c, () => 0), onReceive(stop, () => 0));
     await t.join();`,
    `const c = new Channel(1); const stop = new Channel();
     const t = go(() => c.send(1));
     go(() => stop.close());
     await select(onReceive(c, () => 0), onReceive(stop, () => 0));
     await t.join();`,
    /c\.send/,
  ],
  [
    "permits within permits",
    `const s = new Semaphore(2);
     const f = () => s.withPermit(async () => { await gosched(); await s.withPermit(() => {}); });
     await Promise.all([f(), f()]);`,
    `const s = new Semaphore(3);
     const f = () => s.withPermit(async () => { await gosched(); await s.withPermit(() => {}); });
     await Promise.all([f(), f()]);`,
    /s\.withPermit/,
  ],
  [
    "a group whose limit its own tasks need",
    `const g = new ErrGroup(); g.setLimit(1); const c = new Channel();
     g.go(() => c.send(1)); g.go(() => c.receive());
     await g.wait();`,
    `const g = new ErrGroup(); g.setLimit(2); const c = new Channel();
     g.go(() => c.send(1)); g.go(() => c.receive());
     await g.wait();`,
    /c\./,
  ],
];

describe("tasks against each other", () => {
  it.each(pairs)("%s", (_, wrong, right, stuckAt) => {
    const found = search(wrong);
    expect(found.stuck.length).toBeGreaterThan(0);
    for (const state of found.stuck) expect(state).toMatch(stuckAt);
    expect(search(right).stuck).toEqual([]);
  });
});

describe("what a primitive refuses under some schedule", () => {
  const both = (task: string) =>
    `const task = async () => { ${task} }; const all = [go(task), go(task)]; for (const each of all) await each.join();`;
  const once = "const ch = new Channel(); let over = false;";

  it.each([
    [
      "a close behind a check that went stale",
      `${once} ${both("if (over) return; await gosched(); over = true; ch.close();")}`,
      ["close-of-closed ch.close"],
    ],
    [
      "the same, looked at by nobody who waits",
      `${once} go(async () => { await sleep(1); ch.close(); }); go(async () => { await sleep(1); ch.close(); });`,
      ["close-of-closed ch.close"],
    ],
    [
      "a close in the default of a select",
      `${once} ${both("await select(onReceive(ch, () => {}), otherwise(async () => { await Promise.resolve(); ch.close(); }));")}`,
      ["close-of-closed ch.close"],
    ],
    [
      "a send that a close overtakes",
      `const ch = new Channel(2); const t = go(async () => { await gosched(); await ch.send(1); }); go(async () => { await gosched(); ch.close(); }); await t.join();`,
      ["send-on-closed ch.send"],
    ],
    [
      "a counter below zero",
      `const wg = new WaitGroup(); wg.add(1); ${both("await gosched(); wg.done();")}`,
      ["waitgroup-negative wg.done"],
    ],
    [
      "an unlock that another task has done",
      `const mu = new Mutex(); await mu.lock(); ${both("await gosched(); if (mu.locked) { await gosched(); mu.unlock(); }")}`,
      ["unlock-of-unlocked mu.unlock"],
    ],
    ["in one turn", `${once} ${both("if (over) return; over = true; await gosched(); ch.close();")}`, []],
    [
      "by Once",
      `${once} const o = new Once(); ${both("await gosched(); await o.do(() => ch.close());")}`,
      [],
    ],
    ["caught", `${once} ${both("await gosched(); try { ch.close(); } catch {}")}`, []],
    [
      "caught where it is waited for",
      `${once} const t = go(async () => { ch.close(); ch.close(); }); await t.join().catch(() => {});`,
      [],
    ],
    [
      "only if an unknown is so",
      `${once} const maybe = unknown(); ${both("if (maybe) return; await gosched(); ch.close();")}`,
      [],
    ],
    [
      "what the program throws itself",
      `${both("await gosched(); throw new Error('send on closed channel');")}`,
      [],
    ],
  ])("%s", (_, body, refused) => {
    expect(explore(body, "declare function unknown(): boolean;").refused).toEqual(refused);
  });
});

describe("the language", () => {
  const before = `
    class Base { mu = new Mutex(); constructor(readonly name: string) {} async enter() { await this.mu.lock(); } get free() { return !this.mu.locked; } }
    class Derived extends Base { #count = 0; static made = 0; constructor() { super("derived"); Derived.made++; } async enter() { this.#count++; await super.enter(); } leave() { this.mu.unlock(); } }
  `;
  it.each([
    [
      "classes, super, private fields",
      `const d = new Derived(); await d.enter(); d.leave(); await d.enter(); if (!d.free && Derived.made === 1) await d.enter();`,
      ["this.mu.lock"],
    ],
    [
      "two instances are two",
      `const [x, y] = [new Derived(), new Derived()]; await x.enter(); await y.enter();`,
      [],
    ],
    [
      "maps by key",
      `const m = new Map<string, Mutex>(); const at = (k: string) => { let mu = m.get(k); if (!mu) { mu = new Mutex(); m.set(k, mu); } return mu; }; await at("a").lock(); await at("b").lock(); await at("a").lock();`,
      ['at("a").lock'],
    ],
    [
      "labelled loops",
      `const mu = new Mutex(); outer: for (const a of [1, 2]) { for (const b of [1, 2]) { await mu.lock(); if (b === 1) { mu.unlock(); continue outer; } } }`,
      [],
    ],
    [
      "switch",
      `const mu = new Mutex(); for (const x of ["a", "b"]) { switch (x) { case "a": await mu.lock(); break; default: await mu.lock(); } }`,
      ["mu.lock"],
    ],
    [
      "destructuring and defaults",
      `const { mu = new Mutex(), ...rest } = { other: 1 }; const [first, ...more] = [mu, rest.other]; await first.lock(); if (more.length === 1) await mu.lock();`,
      ["mu.lock"],
    ],
    [
      "optional chains",
      `const o: { mu?: Mutex } = {}; await o.mu?.lock(); o.mu = new Mutex(); await o.mu?.lock(); await o.mu?.lock();`,
      ["o.mu?.lock"],
    ],
    [
      "closures over the loop's variable",
      `const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); const c = new Channel(fs[0]() + fs[2]()); await c.send(1); await c.send(2); await c.send(3);`,
      ["c.send"],
    ],
    [
      "async calls that nobody awaits",
      `const mu = new Mutex(); const f = async () => { await mu.lock(); await gosched(); mu.unlock(); }; const p = f(); await mu.lock(); mu.unlock(); await p;`,
      [],
    ],
    ["then", `const mu = new Mutex(); await mu.lock().then(() => {}); await mu.lock();`, ["mu.lock"]],
    [
      "a try around a closed channel",
      `const mu = new Mutex(); await mu.lock(); const c = new Channel(); c.close(); try { await c.send(1); } catch (e) { mu.unlock(); } await mu.lock();`,
      [],
    ],
    [
      "an executor",
      `const mu = new Mutex(); let go!: () => void; const p = new Promise<void>((resolve) => { go = resolve; }); setTimeout(() => go(), 5); await p; await mu.lock();`,
      [],
    ],
    [
      "every",
      `const list = [1, 2, 3]; const c = new Channel(list.filter((x) => x > 1).map((x) => x * 2).reduce((a, b) => a + b, 0) - 9); await c.send(0); await c.send(0);`,
      ["c.send"],
    ],
  ] as const)("%s", (_, body, stuck) => {
    expect(search(body, before)).toEqual({ stuck: [...stuck], complete: true });
  });
});

describe("the bounds", () => {
  it("a program that never ends is left alone", () => {
    expect(search(`for (;;) { await gosched(); }`).stuck).toEqual([]);
    expect(search(`let n = 0; for (;;) { n++; }`).stuck).toEqual([]);
    expect(search(`let n = 0; const f = () => f(); f();`).stuck).toEqual([]);
  });

  it("a stuck state behind more schedules than it may look at is still met early", () => {
    const tasks = Array.from(
      { length: 6 },
      (_, n) =>
        `go(async () => { for (let i = 0; i < 5; i++) { await m${n}.lock(); await gosched(); m${n}.unlock(); } })`,
    );
    const locks = tasks.map((_, n) => `const m${n} = new Mutex();`).join("");
    const found = search(
      `${locks} const c = new Channel(); const ts = [${tasks.join(",")}]; for (const t of ts) await t.join(); await c.send(1);`,
    );
    expect(found.complete).toBe(false);
    expect(found.stuck).toEqual(["c.send"]);
  });

  it("what is not understood is not spoken of", () => {
    expect(
      search(
        `function* f() { yield 1; } for (const x of f()) {} const mu = new Mutex(); await mu.lock(); await mu.lock();`,
      ).stuck,
    ).toEqual([]);
  });
});
