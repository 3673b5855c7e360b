import { LockKind } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import * as channel from "../channel.js";
import * as group from "../group.js";
import * as sync from "../index.js";
import * as orchestrate from "../orchestrate.js";
import { Resource } from "../runtime/index.js";
import * as shared from "../shared.js";
import { kindOf } from "./vocabulary.js";

const isPrimitive = (value: unknown): value is { readonly name: string } =>
  typeof value === "function" && value.prototype instanceof Resource;

const primitives = [sync, channel, group, orchestrate, shared]
  .flatMap((module) => Object.values(module).filter(isPrimitive))
  .map(({ name }) => name);

describe("every primitive of the library", () => {
  it.each([...new Set(primitives)].sort())("has a kind in the trace: %s", (type) => {
    expect(kindOf(type)).not.toBe(LockKind.unknown);
  });

  it("is among them", () => {
    expect(primitives).toEqual(
      expect.arrayContaining(["Mutex", "Channel", "ErrGroup", "SchedGroup", "SharedQueue"]),
    );
    expect(new Set(primitives).size).toBeGreaterThanOrEqual(18);
  });
});
