import { describe, expect, it } from "vitest";
import { exportName } from "./exports.js";

describe("the name of a saved file", () => {
  it("is the program's, without what a file's name cannot have", () => {
    expect(exportName("bank.ts", ".csv")).toBe("bank.ts.csv");
    expect(exportName("../../etc/passwd", ".csv")).toBe("_.._etc_passwd.csv");
    expect(exportName("C:\\x<y>|z", ".png")).toBe("C_x_y_z.png");
    expect(exportName("", ".json")).toBe("trace.json");
    expect(exportName("...", ".json")).toBe("trace.json");
    expect(exportName("ä".repeat(300), ".csv")).toHaveLength(84);
  });
});
