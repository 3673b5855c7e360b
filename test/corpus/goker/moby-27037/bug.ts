// moby-27037: every task of a loop uses the loop's counter, and there is only one of it: by the time a task begins,
// the loop is over. `var` is to JavaScript what Go's loops were before 1.22.
import { go, type Task } from "@lockscope/sync";

async function createContainers(count: number): Promise<string[]> {
  const tasks: Task<string>[] = [];
  for (var i = 0; i < count; i++) {
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
