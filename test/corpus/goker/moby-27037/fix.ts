// moby-27037, mended: `let` makes a counter for every turn of the loop.
import { go, type Task } from "@lockscope/sync";

async function createContainers(count: number): Promise<string[]> {
  const tasks: Task<string>[] = [];
  for (let i = 0; i < count; i++) {
    tasks.push(go(() => `container-${i}`));
  }
  const names: string[] = [];
  for (const task of tasks) names.push(await task.join());
  return names;
}

export default async function scenario(): Promise<void> {
  const names = await createContainers(3);
  if (new Set(names).size !== 3) throw new Error(`three containers, named ${names.join()}`);
}
