import { describe, expect, it } from "vitest";
import { splitAtProgram } from "./split.js";

const split = (line: string) => {
  const { own, program, rest } = splitAtProgram(line === "" ? [] : line.split(" "), {
    trace: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  return [own.join(" "), program, rest.join(" ")];
};

describe("the command line of run", () => {
  it.each([
    ["p.ts", ["", "p.ts", ""]],
    ["p.ts --trace x -h", ["", "p.ts", "--trace x -h"]],
    ["--trace t p.ts --trace u", ["--trace t", "p.ts", "--trace u"]],
    ["--trace=t p.ts", ["--trace=t", "p.ts", ""]],
    ["-h p.ts", ["-h", "p.ts", ""]],
    ["--unknown p.ts", ["--unknown", "p.ts", ""]],
    ["-- -p.ts -x", ["", "-p.ts", "-x"]],
    ["p.ts -- x", ["", "p.ts", "-- x"]],
    ["--trace t", ["--trace t", undefined, ""]],
    ["--", ["", undefined, ""]],
    ["", ["", undefined, ""]],
  ])("%s", (line, parts) => {
    expect(split(line)).toEqual(parts);
  });
});
