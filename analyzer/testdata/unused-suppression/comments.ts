// A comment that suppresses a finding, and comments that suppress nothing.
import { Mutex, sleep } from "@lockscope/sync";

const mu = new Mutex({ name: "ledger" });
const startup = new Mutex({ name: "startup" });
const ledger: string[] = [];

export async function suppressed(): Promise<void> {
  // lockscope-disable-next-line missing-unlock -- held until the process ends
  await startup.lock();
  ledger.push("started");
}

export function suppressedMissingAwait(entry: string): void {
  // lockscope-disable-next-line missing-await -- the entry may come in late
  mu.lock();
  ledger.push(entry);
  mu.unlock();
}

export async function withoutAReason(entry: string): Promise<boolean> {
  // lockscope-disable-next-line missing-unlock
  await mu.lock();
  if (ledger.includes(entry)) return false;
  mu.unlock();
  return true;
}

export async function nothingToSuppress(entry: string): Promise<void> {
  // lockscope-disable-next-line missing-unlock -- was true once // want: unused-suppression
  await mu.lock();
  ledger.push(entry);
  mu.unlock();
}

export async function anotherRule(entry: string): Promise<boolean> {
  // lockscope-disable-next-line reentrant-lock -- the wrong name // want: unused-suppression
  await mu.lock(); // want: missing-unlock
  if (ledger.includes(entry)) return false;
  ledger.push(entry);
  mu.unlock();
  return true;
}

export async function notTheNextLine(entry: string): Promise<boolean> {
  // lockscope-disable-next-line missing-unlock -- one line too early // want: unused-suppression

  await mu.lock(); // want: missing-unlock
  if (ledger.includes(entry)) return false;
  ledger.push(entry);
  mu.unlock();
  return true;
}

export async function onTheSameLine(entry: string): Promise<boolean> {
  await mu.lock(); // want: missing-unlock
  if (ledger.includes(entry)) return false; // lockscope-disable-next-line missing-unlock -- trailing // want: unused-suppression
  ledger.push(entry);
  mu.unlock();
  return true;
}

export function unknownRule(): void {
  // lockscope-disable-next-line no-such-rule -- a slip of the pen // want: unused-suppression
  ledger.pop();
}

export function insideAString(): string {
  return "// lockscope-disable-next-line missing-unlock -- only a text";
}

export async function onlyOneOfTwo(entry: string): Promise<void> {
  mu.lock(); // want: missing-await
  // lockscope-disable-next-line missing-await -- the second one is meant
  sleep(10);
  ledger.push(entry);
  mu.unlock();
}
