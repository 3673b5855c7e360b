import { describe, expect, it } from "vitest";
import { placeLink } from "./place-link.js";

describe("the link to a place", () => {
  const link = (file: string, column = 5) => placeLink("vscode://file", { file, line: 3, column });

  it("names the file, the line and the column", () => {
    expect(link("/srv/a b/bank.ts")).toBe("vscode://file/srv/a%20b/bank.ts:3:5");
    expect(link("C:\\srv\\bank.ts", 0)).toBe("vscode://file/C%3A/srv/bank.ts:3:1");
  });

  it("keeps what a trace says inside the path", () => {
    for (const file of ["/a?x=1#y", "//evil.example/x", "javascript:alert(1)", "/a\n\"'><b>"]) {
      const { protocol, host, search, hash } = new URL(link(file));
      expect([protocol, host, search, hash]).toEqual(["vscode:", "file", "", ""]);
    }
  });
});
