import { describe, expect, it } from "vitest";
import { ConfigError, configFrom } from "./config.js";

describe("configFrom", () => {
  it("without any variable: no trace, all stacks, an error for whoever waits for himself", () => {
    expect(configFrom({})).toEqual({
      endpoint: null,
      token: "-",
      stacks: "all",
      sites: "build",
      adapt: ["async-mutex"],
      relock: "throw",
      heldMs: Number.POSITIVE_INFINITY,
      waitMs: Number.POSITIVE_INFINITY,
      keep: { kind: "all" },
      breaks: [],
    });
    expect(
      configFrom({ LOCKSCOPE_TRACE: "", LOCKSCOPE_TOKEN: "", LOCKSCOPE_STACKS: "" }).endpoint,
    ).toBeNull();
  });

  it.each([
    ["file:/tmp/a b.locktrace", { kind: "file", path: "/tmp/a b.locktrace" }],
    ["pipe:/tmp/x:y.sock", { kind: "pipe", path: "/tmp/x:y.sock" }],
    ["pipe:\\\\.\\pipe\\lockscope-1", { kind: "pipe", path: "\\\\.\\pipe\\lockscope-1" }],
    ["tcp:127.0.0.1:9000", { kind: "tcp", host: "127.0.0.1", port: 9000 }],
    ["tcp:[::1]:1", { kind: "tcp", host: "::1", port: 1 }],
  ])("%s", (text, endpoint) => {
    expect(configFrom({ LOCKSCOPE_TRACE: text }).endpoint).toEqual(endpoint);
  });

  it.each([
    "file:relative/path",
    "pipe:",
    "pipe:\\\\elsewhere\\pipe\\x",
    "tcp:127.0.0.1",
    "tcp:127.0.0.1:0",
    "tcp:127.0.0.1:65536",
    "tcp:0.0.0.0:80",
    "tcp:192.168.0.1:80",
    "tcp:127.0.0.1.example.org:80",
    "tcp:localhost:80",
    "http://127.0.0.1:80",
    "/tmp/x",
  ])("refuses %s, and says what may stand there", (text) => {
    expect(() => configFrom({ LOCKSCOPE_TRACE: text })).toThrow(ConfigError);
    expect(() => configFrom({ LOCKSCOPE_TRACE: text })).toThrow(/file:\/absolute\/path/);
  });

  it("refuses a token that would break the stream's first line, and unknown stacks", () => {
    expect(() => configFrom({ LOCKSCOPE_TOKEN: "two words" })).toThrow(ConfigError);
    expect(() => configFrom({ LOCKSCOPE_TOKEN: "line\nbreak" })).toThrow(ConfigError);
    expect(() => configFrom({ LOCKSCOPE_STACKS: "none" })).toThrow(ConfigError);
    expect(() => configFrom({ LOCKSCOPE_RELOCK: "yes" })).toThrow(ConfigError);
  });

  it("takes how places are found, and whose packages are adapted", () => {
    const config = configFrom({ LOCKSCOPE_SITES: "stack", LOCKSCOPE_ADAPT: "none" });
    expect(config).toMatchObject({ sites: "stack", adapt: [] });
    expect(configFrom({ LOCKSCOPE_ADAPT: "async-mutex" }).adapt).toEqual(["async-mutex"]);
  });

  it("takes limits, and how much to keep", () => {
    const config = configFrom({ LOCKSCOPE_HELD_MS: "250", LOCKSCOPE_WAIT_MS: "0" });
    expect(config).toMatchObject({ heldMs: 250, waitMs: 0, keep: { kind: "all" } });
    const LOCKSCOPE_TRACE = "file:/tmp/x";
    const keep = (env: object) => configFrom({ LOCKSCOPE_TRACE, ...env }).keep;
    expect(keep({ LOCKSCOPE_RING: "8" })).toEqual({ kind: "newest", bytes: 8 * 2 ** 20 });
    expect(keep({ LOCKSCOPE_ROTATE: "16" })).toEqual({ kind: "files", bytes: 2 ** 24, files: 5 });
    expect(keep({ LOCKSCOPE_ROTATE: "1:3" })).toEqual({ kind: "files", bytes: 2 ** 20, files: 3 });
  });

  it.each([
    { LOCKSCOPE_SITES: "stacks" },
    { LOCKSCOPE_ADAPT: "async-mutex,async-lock" },
    { LOCKSCOPE_HELD_MS: "soon" },
    { LOCKSCOPE_WAIT_MS: "-1" },
    { LOCKSCOPE_RING: "1" },
    { LOCKSCOPE_RING: "0", LOCKSCOPE_TRACE: "file:/tmp/x" },
    { LOCKSCOPE_ROTATE: "4:0", LOCKSCOPE_TRACE: "file:/tmp/x" },
    { LOCKSCOPE_ROTATE: "1", LOCKSCOPE_TRACE: "pipe:/tmp/x" },
    { LOCKSCOPE_RING: "1", LOCKSCOPE_ROTATE: "1", LOCKSCOPE_TRACE: "file:/tmp/x" },
  ])("refuses %o", (env) => {
    expect(() => configFrom(env)).toThrow(ConfigError);
  });

  it("takes breaks as JSON, and refuses what is none", () => {
    const breaks = [
      { lock: "accounts", waitedMs: 50 },
      { lock: "src/bank.ts:12", whileHolding: "rates" },
    ];
    expect(configFrom({ LOCKSCOPE_BREAK: JSON.stringify(breaks) }).breaks).toEqual(breaks);
    for (const text of [
      "[",
      "{}",
      "[null]",
      '[{"lock":"a"}]',
      '[{"lock":1,"waitedMs":1}]',
      '[{"lock":"a","waitedMs":"1"}]',
    ]) {
      expect(() => configFrom({ LOCKSCOPE_BREAK: text }), text).toThrow(ConfigError);
    }
  });
});
