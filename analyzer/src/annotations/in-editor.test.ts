import { afterAll, describe, expect, it } from "vitest";
import type { Position } from "../api.js";
import { openWorkspace } from "../workspace.js";

const folder = "/lockscope-annotations";
const file = `${folder}/account.ts`;
const workspace = openWorkspace({ cwd: folder });
afterAll(() => workspace.dispose());

const text = `import { Mutex, RWMutex } from "@lockscope/sync";

const registry = new Mutex();

export class Account {
  readonly #mu = new Mutex();
  readonly state = { rw: new RWMutex(), rows: 0 };
  /** @guardedBy #mu */
  #balance = 0;
  /** FIELD */
  #name = "";

  /** METHOD */
  pay(other: Account, lock: Mutex): void {
    this.#balance -= other.state.rows;
    this.#name = lock.name;
  }
}
`;

/** The text with a mark replaced, and the position behind what replaced it. */
function at(mark: string, written: string): { content: string; position: Position } {
  const content = text.replace(mark, written);
  const lines = content.slice(0, text.indexOf(mark) + written.length).split("\n");
  return { content, position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 } };
}

function completions(mark: string, written: string) {
  const { content, position } = at(mark, written);
  workspace.setText(file, content);
  return workspace.completions(file, position);
}

const labels = (mark: string, written: string) => completions(mark, written).map(({ label }) => label);

describe("completion in JSDoc", () => {
  it("offers the tag of a field, and those of a function", () => {
    expect(labels("FIELD", "@")).toEqual(["@guardedBy"]);
    expect(labels("METHOD", "@")).toEqual(["@acquires", "@releases", "@requires", "@excludes"]);
  });
  it("replaces what is written of the tag", () => {
    const [tag] = completions("FIELD", "@gua");
    expect(tag).toMatchObject({ label: "@guardedBy", kind: "tag" });
    expect(tag?.range).toEqual({ start: { line: 9, character: 6 }, end: { line: 9, character: 10 } });
  });
  it("offers the locks that a field's tag may name: siblings, what lies in them, variables", () => {
    expect(labels("FIELD", "@guardedBy ")).toEqual(["#mu", "this.state.rw", "registry"]);
  });
  it("offers a function's parameters as well", () => {
    expect(labels("METHOD", "@requires ")).toEqual(["#mu", "this.state.rw", "other.#mu", "lock", "registry"]);
  });
  it("goes on behind a comma, and replaces a path begun", () => {
    const offered = completions("METHOD", "@requires lock, this.st");
    expect(offered.map(({ label }) => label)).toContain("this.state.rw");
    expect(offered[0]?.range).toEqual({
      start: { line: 12, character: 22 },
      end: { line: 12, character: 29 },
    });
  });
  it("is silent elsewhere", () => {
    expect(labels("FIELD", "the balance of ")).toEqual([]);
    expect(labels("FIELD", "@param ")).toEqual([]);
    expect(labels("this.#name = lock.name", "this.")).toEqual([]);
  });
});

describe("hover", () => {
  const hover = (content: string, needle: string) => {
    workspace.setText(file, content);
    const lines = content.slice(0, content.indexOf(needle) + 1).split("\n");
    return workspace.hover(file, { line: lines.length - 1, character: (lines.at(-1)?.length ?? 1) - 1 })
      ?.markdown;
  };
  it("says what an annotation means, on its tag and on its name", () => {
    expect(hover(text, "@guardedBy")).toContain("`this.#mu`");
    expect(hover(text, "#mu */")).toContain("holds the lock");
  });
  it("says that a name means nothing", () => {
    expect(hover(text.replace("FIELD", "@guardedBy nobody"), "nobody")).toContain("no lock `nobody`");
  });
  it("says by what a field is guarded", () => {
    expect(hover(text, "#balance -=")).toBe("`#balance` - guarded by `#mu`.");
  });
});
