/** Three mistakes, one a function: their lines are 7, 14 and 20. */
export const threeMistakes = `import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let total = 0;

export async function leak(n: number): Promise<void> {
  await mu.lock();
  if (n === 0) return;
  total += n;
  mu.unlock();
}

export async function forget(): Promise<void> {
  mu.lock();
  total++;
  mu.unlock();
}

export async function risk(charge: () => Promise<number>): Promise<void> {
  await mu.lock();
  total = await charge();
  mu.unlock();
}
`;

export const allThree = ["missing-unlock 7", "missing-await 14", "unlock-not-in-finally 20"];

/** A pair of files: whether \`work\` leaves the lock held depends on what \`done\` does. */
export const callee = `import { Mutex } from "@lockscope/sync";

export const mu = new Mutex();

export function done(): void {
  mu.unlock();
}
`;

export const caller = `import { done, mu } from "./callee.js";

let n = 0;

export async function work(): Promise<void> {
  await mu.lock();
  n++;
  done();
}
`;
