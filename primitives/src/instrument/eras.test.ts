import { describe, expect, it } from "vitest";
import { Eras } from "./eras.js";

/** So many locks as an era has. */
const LOCKS = 2 ** 12;

function numbered() {
  let last = 99;
  return new Eras(() => ++last);
}

const make = (eras: Eras, count: number) => {
  for (let made = 0; made < count; made++) eras.forNewLock();
};

/** Those whose end is told now. */
function told(eras: Eras): number[] {
  const numbers: number[] = [];
  eras.tellEnds((number) => numbers.push(number) > 0);
  return numbers;
}

describe("the eras of a thread", () => {
  it("are one as long as it makes few locks, and that one's are not forgotten", () => {
    const eras = numbered();
    make(eras, LOCKS);
    expect(eras.current.number).toBe(0);
    make(eras, 1);
    expect(eras.current.number).toBe(100);
    expect(told(eras)).toEqual([]);
  });

  it("end after so many new locks, which is told once", () => {
    const eras = numbered();
    make(eras, 3 * LOCKS + 1);
    expect(eras.current.number).toBe(102);
    expect(told(eras)).toEqual([100, 101]);
    expect(told(eras)).toEqual([]);
  });

  it("last longer where as many locks are used again", () => {
    const eras = numbered();
    make(eras, LOCKS + 1);
    for (let again = 0; again < 2 * LOCKS; again++) eras.forOldLock();
    make(eras, 2 * LOCKS - 1);
    expect(eras.current.number).toBe(100);
    make(eras, 1);
    expect(eras.current.number).toBe(101);
  });

  it("have their ends told again where that was lost", () => {
    const eras = numbered();
    make(eras, 2 * LOCKS + 1);
    eras.tellEnds(() => false);
    expect(told(eras)).toEqual([100]);
  });
});
