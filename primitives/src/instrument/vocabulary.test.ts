import { LockKind } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import * as channel from "../channel.js";
import * as group from "../group.js";
import * as sync from "../index.js";
import * as orchestrate from "../orchestrate.js";
import { Resource } from "../runtime/index.js";
import * as shared from "../shared.js";
import { kindOf, ownName } from "./vocabulary.js";

const isPrimitive = (value: unknown): value is { readonly name: string } =>
  typeof value === "function" && value.prototype instanceof Resource;

const primitives = [sync, channel, group, orchestrate, shared]
  .flatMap((module) => Object.values(module).filter(isPrimitive))
  .map(({ name }) => name);

describe("every primitive of the library", () => {
  it.each([...new Set(primitives)].sort())("has a kind in the trace: %s", (type) => {
    expect(kindOf(type)).not.toBe(LockKind.unknown);
  });

  it("goes by its own name, which need not be told where its kind has it", () => {
    const named = primitives.filter((type) => ownName(type, kindOf(type)) !== "");
    expect(new Set(named)).toEqual(
      new Set(["SchedGroup", ...primitives.filter((type) => type.startsWith("Shared"))]),
    );
    expect(ownName("SharedMutex", LockKind.mutex)).toBe("SharedMutex");
    expect(ownName("CyclicBarrier", LockKind.barrier)).toBe("");
  });

  it("is among them", () => {
    expect(primitives).toEqual(
      expect.arrayContaining(["Mutex", "Channel", "ErrGroup", "SchedGroup", "SharedQueue"]),
    );
    expect(new Set(primitives).size).toBeGreaterThanOrEqual(18);
  });
});
