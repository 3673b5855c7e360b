import { describe, expect, it } from "vitest";
import { SiteTable } from "./sites.js";

describe("SiteTable", () => {
  it("gives a place a number for each way to it, and one that is the place's own", () => {
    const sites = new SiteTable();
    const thread = sites.thread(0, 0);
    sites.define(thread, { tag: "str", id: 1, text: "a.ts" });
    const define = (id: number, line: number, parent: number) => {
      sites.define(thread, { tag: "site", id, file: 1, line, column: 2, func: 0, parent });
      return thread.sites.get(id);
    };
    const plain = define(1, 10, 0);
    const caller = define(2, 20, 0);
    const called = define(3, 10, 2);
    expect(called).not.toBe(plain);
    expect([sites.get(called), sites.parentOf(called)]).toEqual([sites.get(plain), caller]);
    expect([plain, caller, called, 0].map((number) => sites.placeOf(number))).toEqual([
      plain,
      caller,
      plain,
      0,
    ]);
  });
});
