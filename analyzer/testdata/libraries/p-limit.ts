// p-limit: the limiter is a function.
import pLimit, { limitFunction } from "p-limit";

declare function load(id: string): Promise<string>;

const limit = pLimit(4);
const inner = pLimit(2);

export async function all(ids: readonly string[]): Promise<string[]> {
  return Promise.all(ids.map((id) => limit(() => load(id))));
}

export async function withArguments(ids: readonly string[]): Promise<string[]> {
  return Promise.all(ids.map((id) => limit(load, id)));
}

export async function twoLimiters(ids: readonly string[]): Promise<string[][]> {
  return Promise.all(ids.map((id) => limit(() => Promise.all([inner(() => load(id)), inner(load, id)]))));
}

export async function oneAfterTheOther(id: string): Promise<void> {
  const text = await limit(() => load(id));
  await limit(() => load(text));
}

export const limited = limitFunction(async (id: string) => load(id), { concurrency: 1 });

export async function collected(ids: readonly string[]): Promise<string[]> {
  const tasks: Promise<string>[] = [];
  for (const id of ids) tasks.push(limit(() => load(id)));
  limit.clearQueue();
  return Promise.all(tasks);
}
