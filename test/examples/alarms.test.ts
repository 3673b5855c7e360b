import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Watch } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TraceBench } from "../../primitives/testing/traced.js";
import { root } from "../support/paths.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
}, 60_000);
afterAll(() => bench[Symbol.asyncDispose]());

/** What the detectors say of a traced run of an example: nothing of how long things took, which the machine decides. */
async function alarmsOf(file: string) {
  const { stream } = await bench.run(`../../examples/${file}`);
  const { store } = stream!;
  store.finish();
  const never = Number.POSITIVE_INFINITY;
  return new Watch({ heldMs: never, waitMs: never }).look(store, store.endTime);
}

const right = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith("/right.ts"));

describe("the detectors", () => {
  it("find who waits for whom in the deadlock of two transfers, and both places of each lock", async () => {
    const [alarm, ...others] = await alarmsOf("deadlock/transfer.ts");
    expect(others).toEqual([]);
    expect(alarm?.kind).toBe("deadlock");
    const place = String.raw`\(transfer\.ts:13, for [^)]*\), held by task "[^"]*" \(taken at transfer\.ts:10, [^)]*\)`;
    expect(alarm!.text).toMatch(
      new RegExp(
        `^Deadlock: task "alice pays bob" waits for Mutex "bob" ${place}; ` +
          `task "bob pays alice" waits for Mutex "alice" ${place}; 1 more task behind them$`,
      ),
    );
  }, 60_000);

  it("find the task that waits for itself", async () => {
    const alarms = await alarmsOf("reentrant-lock/wrong.ts");
    expect(alarms).toMatchObject([{ kind: "self-relock", locks: [{ name: "account" }] }]);
  }, 60_000);

  it("find who is left waiting for a lock that nobody gives back", async () => {
    const alarms = await alarmsOf("missing-unlock/wrong.ts");
    expect(alarms.map(({ kind }) => kind)).toEqual(["leaked-task", "leaked-task"]);
    expect(alarms[1]!.text).toMatch(/task "Tony" waits for Mutex "box office" .*it has ended/);
  }, 60_000);

  it.each([...right, "deadlock/ordered.ts"])(
    "are silent about %s",
    async (file) => {
      expect((await alarmsOf(file)).map(({ text }) => text)).toEqual([]);
    },
    60_000,
  );
});
