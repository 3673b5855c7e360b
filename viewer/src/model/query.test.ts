import { EventKind, LockKind, StreamReader, TraceBuilder, TraceStore } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { locksMatching, parseQuery, type QueryContext, tasksMatching } from "./query.js";
import { suggest } from "./suggestions.js";
import { Usage } from "./usage.js";

/** Ann takes `accounts a` at bank.ts:7, bob waits for it at bank.ts:9, carol has nothing to do with it. */
function sample(): TraceStore {
  const b = new TraceBuilder();
  const [seven, nine] = [b.site("/srv/bank.ts", 7), b.site("/srv/bank.ts", 9)];
  const accounts = b.lock(LockKind.mutex, "accounts a", b.site("/srv/main.ts", 3));
  const log = b.lock(LockKind.rwmutex, "log");
  const [ann, bob, carol] = ["ann", "bob", "carol"].map((name) => b.task(name)) as [number, number, number];
  b.row({ kind: EventKind.acquire, task: ann, lock: accounts, site: seven });
  b.row({ kind: EventKind.block, task: bob, lock: accounts, site: nine });
  b.row({ kind: EventKind.acquire, task: carol, lock: log });
  b.row({ kind: EventKind.release, task: carol, lock: log });
  const store = new TraceStore();
  for (const batch of new StreamReader({ prelude: false }).push(b.bytes())) store.append(batch);
  return store;
}

const store = sample();
const usage = new Usage(store);
const context: QueryContext = {
  stuck: new Set([store.live.tasks.find(({ name }) => name === "bob")!]),
  usage: () => usage.refresh(),
  site: (number) => store.sites.get(number),
};

function found(text: string): string {
  const terms = parseQuery(text);
  const locks = locksMatching(store.live.locks, terms, context).map(({ name }) => name);
  const tasks = tasksMatching(store.live.tasks, terms, context).map(({ name }) => name);
  return `${locks.join(", ")} | ${tasks.join(", ")}`;
}

describe("the language of the search box", () => {
  it("finds by name, in any case, and everything when nothing is asked", () => {
    expect(found("")).toBe("accounts a, log | ann, bob, carol");
    expect(found("ACC")).toBe("accounts a | ");
    expect(found("rwmutex")).toBe("log | ");
    expect(found("a ac")).toBe("accounts a | ");
  });

  it("finds who has to do with a lock, and what a task has to do with", () => {
    expect(found("lock:accounts")).toBe("accounts a | ann, bob");
    expect(found('lock:"accounts a"')).toBe("accounts a | ann, bob");
    expect(found("task:carol")).toBe("log | carol");
    expect(found("task:ann task:bob")).toBe("accounts a | ");
  });

  it("finds by place: where it was made, started, taken or waited for", () => {
    expect(found("file:bank.ts")).toBe("accounts a | ann, bob");
    expect(found("file:bank.ts:9")).toBe("accounts a | bob");
    expect(found("file:main.ts:3")).toBe("accounts a | ");
    expect(found("file:bank.ts:8")).toBe(" | ");
  });

  it("finds by state, negates, and does not mind what is not finished", () => {
    expect(found("state:held")).toBe("accounts a | ann");
    expect(found("state:wait")).toBe("accounts a | bob");
    expect(found("state:stuck")).toBe(" | bob");
    expect(found("-lock:accounts")).toBe("log | carol");
    expect(found("lock: state:")).toBe("accounts a, log | ann, bob, carol");
    expect(found('lock:"')).toBe("accounts a, log | ann, bob, carol");
  });

  it("suggests fields, then what they can hold", () => {
    expect(suggest("lo", store)).toEqual({ from: 0, items: ["lock:"] });
    expect(suggest("x -lock:a", store)).toEqual({ from: 2, items: ['-lock:"accounts a"'] });
    expect(suggest("task:", store).items).toEqual(["task:ann", "task:bob", "task:carol"]);
    expect(suggest("file:b", store).items).toEqual(["file:bank.ts"]);
    expect(suggest("state:", store).items).toEqual(["state:stuck", "state:waiting", "state:held"]);
    expect(suggest("", store).items).toEqual([]);
  });
});
