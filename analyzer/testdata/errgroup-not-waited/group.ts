// A group of tasks that nobody waits for loses their errors.
import { type Context } from "@lockscope/sync/context";
import { ErrGroup } from "@lockscope/sync/group";
import { SchedGroup } from "@lockscope/sync/orchestrate";

declare function copy(name: string, ctx?: Context): Promise<void>;
declare function hand(group: ErrGroup): void;

export async function forgotten(names: readonly string[]): Promise<void> {
  const group = new ErrGroup(); // want: errgroup-not-waited
  for (const name of names) group.go(() => copy(name));
}

export async function forgottenWithContext(ctx: Context, names: readonly string[]): Promise<void> {
  const [group, child] = ErrGroup.withContext(ctx); // want: errgroup-not-waited
  group.setLimit(4);
  names.forEach((name) => {
    group.go(() => copy(name, child));
  });
}

export async function scheduled(ctx: Context): Promise<void> {
  const later = new SchedGroup(ctx); // want: errgroup-not-waited
  later.delay(10, () => copy("later"));
}

export class Uploader {
  readonly #group = new ErrGroup(); // want: errgroup-not-waited

  add(name: string): boolean {
    return this.#group.tryGo(() => copy(name));
  }
}

function startAll(group: ErrGroup, names: readonly string[]): void {
  for (const name of names) group.go(() => copy(name));
}

export async function throughAHelper(names: readonly string[]): Promise<void> {
  const group = new ErrGroup(); // want: errgroup-not-waited
  startAll(group, names);
}

// Right.

export async function waited(names: readonly string[]): Promise<void> {
  const group = new ErrGroup();
  for (const name of names) group.go(() => copy(name));
  await group.wait();
}

export async function waitedInFinally(ctx: Context, names: readonly string[]): Promise<void> {
  const [group, child] = ErrGroup.withContext(ctx);
  try {
    for (const name of names) group.go(() => copy(name, child));
  } finally {
    await group.wait();
  }
}

export function waitedByTheCaller(names: readonly string[]): Promise<void> {
  const group = new ErrGroup();
  for (const name of names) group.go(() => copy(name));
  return group.wait();
}

export async function waitedByAHelper(names: readonly string[]): Promise<void> {
  const group = new ErrGroup();
  startAll(group, names);
  await finish(group);
}

function finish(group: ErrGroup): Promise<void> {
  return group.wait();
}

export function returned(names: readonly string[]): ErrGroup {
  const group = new ErrGroup();
  for (const name of names) group.go(() => copy(name));
  return group;
}

export function handed(name: string): void {
  const group = new ErrGroup();
  group.go(() => copy(name));
  hand(group);
}

export function notStarted(): number {
  const group = new ErrGroup();
  group.setLimit(2);
  return 2;
}

export class Downloader {
  readonly #group = new ErrGroup();

  add(name: string): void {
    this.#group.go(() => copy(name));
  }

  async close(): Promise<void> {
    await this.#group.wait();
  }
}

export async function caughtLater(name: string): Promise<void> {
  const group = new ErrGroup();
  group.go(() => copy(name));
  group.wait().catch(console.error);
}

export async function inParallel(name: string): Promise<void> {
  const group = new ErrGroup();
  group.go(() => copy(name));
  await Promise.all([group.wait(), copy("other")]);
}
