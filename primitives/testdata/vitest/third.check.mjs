import { Mutex } from "@lockscope/sync";
import { it } from "vitest";

it("takes a lock a hundred times", async () => {
  const mu = new Mutex({ name: "of the third file" });
  for (let i = 0; i < 100; i++) await mu.withLock(() => {});
});
