import { describe, expect, it } from "vitest";
import { SpanColumns } from "./spans.js";

describe("the columns of spans", () => {
  it("grow a part at a time, and keep what they hold", () => {
    const columns = new SpanColumns();
    const room = () => [columns.start, columns.end, columns.subject, columns.severity].map((c) => c.length);
    const rooms = new Set<string>();
    for (let n = 0; n < 5000; n++) {
      // What is forgotten at the very edge has its place used again.
      columns.forget(columns.open(0, 0, 0, 0, 0, 0, 0));
      expect(columns.open(n / 2, n % 6, n % 11, 3 * n, 5 * n, n % 7, n % 9)).toBe(n);
      columns.end[n] = n;
      rooms.add(room().join());
    }
    for (let n = 0; n < 5000; n++) {
      const { start, end, severity, mode, subject, site, amount, waiters } = columns;
      expect([start, end, severity, mode, subject, site, amount, waiters].map((column) => column[n])).toEqual(
        [n / 2, n, n % 6, n % 11, 3 * n, 5 * n, n % 7, n % 9],
      );
    }
    expect(rooms).toContain("512,256,256,256");
    expect(rooms).toContain("512,512,512,256");
    expect(rooms).toContain("8192,8192,8192,8192");
  });
});
