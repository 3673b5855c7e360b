import { describe, expect, it } from "vitest";
import { runText } from "../../testing/run-program.js";

const imports = `
  import { Mutex } from "@lockscope/sync";
  import { Channel } from "@lockscope/sync/channel";
  import { background, withCancel, withTimeout } from "@lockscope/sync/context";
`;

describe("the timer of a context, in a process that has nothing else to do", () => {
  it("ends a wait that depends on it", async () => {
    const { code, stdout } = await runText(`${imports}
      const mu = new Mutex();
      await mu.lock();
      await mu.lock(withCancel(withTimeout(background(), 20)[0])[0]).catch((error) => console.log(error.name));
      await withTimeout(background(), 20)[0].done.receive();
      console.log("both have ended");
    `);
    expect([code, stdout]).toEqual([0, "DeadlineExceededError\nboth have ended\n"]);
  });

  it("does not keep it from ending", async () => {
    const started = performance.now();
    const { code, stdout } = await runText(`${imports}
      const mu = new Mutex();
      const [ctx] = withTimeout(background(), 60_000);
      await mu.lock(ctx);
      void ctx.done;
      console.log("done");
    `);
    expect([code, stdout]).toEqual([0, "done\n"]);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
