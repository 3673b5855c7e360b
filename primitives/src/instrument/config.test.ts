import { describe, expect, it } from "vitest";
import { ConfigError, configFrom } from "./config.js";

describe("configFrom", () => {
  it("without any variable: no trace, all stacks, an error for whoever waits for himself", () => {
    expect(configFrom({})).toEqual({ endpoint: null, token: "-", stacks: "all", relock: "throw" });
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
});
