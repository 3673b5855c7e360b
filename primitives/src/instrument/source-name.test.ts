import { describe, expect, it } from "vitest";
import { nameAt } from "./source-name.js";

describe("nameAt", () => {
  it.each([
    ["const mu = ", "mu"],
    ["  export let $mu_1=", "$mu_1"],
    ["  private readonly mu: Mutex = ", "mu"],
    ["  readonly #mu = ", "mu"],
    ["  mu?: Mutex = ", "mu"],
    ["  this.mu = ", "mu"],
    ["    this.state.mu ??= ", "mu"],
    ["const locks: Map<string, Mutex> = ", "locks"],
    ["function f(mu = ", "mu"],
    ["const o = { mu: ", "mu"],
    ["  mu: ", "mu"],
    ["  'mu': ", "mu"],
    ["  a: 1, größe: ", "größe"],
    ["const line =", "line"],
  ])("%j is kept in %s", (before, name) => {
    expect(nameAt(before)).toBe(name);
  });

  it.each([
    "",
    "return ",
    "locks[i] = ",
    "const locks = [",
    'map.set("key", ',
    "() => ",
    "a == ",
    "a >= ",
    "x = old ? old : ",
    "await use(",
  ])("%j keeps it in nothing that has a name", (before) => {
    expect(nameAt(before)).toBeUndefined();
  });
});
