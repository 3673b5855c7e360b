import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.Once.Do", url: "https://pkg.go.dev/sync#Once.Do" },
];

export const doc: RuleDoc = {
  what: `Reports a \`once.do\` that is reached from inside the function that the same Once runs.`,
  why: `Everybody who calls \`do\` waits until the first call's function has returned. That function, calling \`do\` itself, waits for its own end.`,
  knownProblems: `A call whose promise is dropped does not wait and is not reported, nor is one in a task that the function starts.`,
  wrong: `
import { Once } from "@lockscope/sync";

export class Config {
  readonly #once = new Once();
  #values = new Map<string, string>();

  async get(name: string): Promise<string | undefined> {
    await this.#once.do(() => this.#load());
    return this.#values.get(name);
  }

  async #load(): Promise<void> {
    const region = await this.get("region"); // waits for #load
    this.#values = new Map([["region", region ?? "eu"]]);
  }
}
`,
  right: `
import { Once } from "@lockscope/sync";

export class Config {
  readonly #once = new Once();
  #values = new Map<string, string>();

  async get(name: string): Promise<string | undefined> {
    await this.#once.do(() => this.#load());
    return this.#values.get(name);
  }

  #load(): void {
    const region = this.#values.get("region");
    this.#values = new Map([["region", region ?? "eu"]]);
  }
}
`,
};
