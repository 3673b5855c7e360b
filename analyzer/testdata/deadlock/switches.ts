// Every kind is counted down, in one way or another.
import { go, WaitGroup } from "@lockscope/sync";
export async function run(kinds: ("a" | "b")[]): Promise<void> {
  const wg = new WaitGroup();
  for (const k of kinds) {
    wg.add(1);
    switch (k) {
      case "a":
        go(async () => { wg.done(); });
        break;
      case "b":
        wg.done();
        break;
    }
  }
  await wg.wait();
}
function kindOf(n: number): string { return n > 2 ? "a" : "b"; }
export async function run2(ns: number[]): Promise<void> {
  const wg = new WaitGroup();
  for (const n of ns) {
    wg.add(1);
    const k = kindOf(n);
    if (k === "a") go(async () => { wg.done(); });
    else if (k === "b") wg.done();
  }
  await wg.wait();
}
