import { outsideVariable } from "../../support/outside.js";
import type { AskOutside } from "../questions.js";

/** Asks the process that drives the editor's window. */
export const outside = new Proxy({} as AskOutside, {
  get: (_, name: string) => (argument?: unknown) => ask(name, argument),
});

async function ask(name: string, argument: unknown): Promise<unknown> {
  const url = process.env[outsideVariable];
  if (url === undefined)
    throw new Error(`${outsideVariable} is not set: start the suite by test/editor/main.ts`);
  const response = await fetch(`${url}/${name}`, { method: "POST", body: JSON.stringify(argument ?? null) });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${name}: ${answer}`);
  return answer;
}
