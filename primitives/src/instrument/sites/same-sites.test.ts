import { eventText, type TraceStore } from "@lockscope/trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TraceBench } from "../../../testing/traced.js";

let bench: TraceBench;
beforeAll(async () => {
  bench = await TraceBench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

/** The events without their times, and without the names that engines make up for functions that have none. */
function texts(store: TraceStore): string[] {
  const lines: string[] = [];
  store.forEachEvent((event) => {
    const text = eventText(store, event).replace(/^ *[\d.]+ +#\d+ */, "");
    lines.push(text.replace(/ \((?:.*\.)?name\)$/, ""));
  });
  return lines;
}

describe("a program whose calls are numbered", () => {
  it.each([...["operations.ts", "group-operations.ts", "two-cycle.ts"], ...["sites.mjs", "sites.cjs"]])(
    "runs as it would, and has the places that its stacks have: %s",
    async (program) => {
      const [walked, numbered] = [
        await bench.run(program, { LOCKSCOPE_SITES: "stack" }),
        await bench.run(program),
      ];
      expect(numbered.code).toBe(walked.code);
      expect(numbered.stdout).toBe(walked.stdout);
      expect(texts(numbered.stream!.store)).toEqual(texts(walked.stream!.store));
    },
  );
});
