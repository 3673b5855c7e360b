import { afterEach, describe, expect, it } from "vitest";
import { Recorder } from "../../testing/recorder.js";
import { settled } from "../../testing/turn.js";
import { plugIn } from "../runtime/registry.js";
import { external } from "./external.js";

describe("external", () => {
  afterEach(() => plugIn(null));

  /** A promise that the test settles. */
  function promised() {
    let [resolve, reject] = [(_: number) => {}, (_: unknown) => {}];
    const promise = new Promise<number>((...functions) => {
      [resolve, reject] = functions;
    });
    return { promise, resolve, reject };
  }

  it("is what the promise comes to", async () => {
    const [one, two] = [promised(), promised()];
    const [value, failure] = [one, two].map(({ promise }) => external(promise, undefined, external));
    one.resolve(1);
    two.reject(new Error("failed"));
    expect(await value).toBe(1);
    await expect(failure).rejects.toThrow("failed");
  });

  it.each(["resolve", "reject"] as const)("who has given up is not told that it came to %s", async (how) => {
    const recorder = new Recorder();
    plugIn(recorder);
    const late = promised();
    const controller = new AbortController();
    const wait = external(late.promise, controller.signal, external);
    controller.abort(new Error("gone"));
    await expect(wait).rejects.toThrow("gone");
    late[how](1);
    await settled();
    expect(recorder.take()).toEqual(["main parked: external -", "main cancelled: external"]);
  });

  it("does not begin with a signal that has aborted; the promise may fail by the same", async () => {
    const recorder = new Recorder();
    plugIn(recorder);
    const no = AbortSignal.abort(new Error("no"));
    for (const promise of [Promise.resolve(1), Promise.reject(new Error("aborted too"))]) {
      await expect(external(promise, no, external)).rejects.toThrow("no");
    }
    await settled();
    expect(recorder.take()).toEqual([]);
  });
});
