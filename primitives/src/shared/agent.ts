/** The parts of Node that are used here, without an import, so that the same files load in a browser. */
interface NodeProcess {
  getBuiltinModule?(id: string): unknown;
  on?(event: "worker", listener: (worker: never) => void): unknown;
}

export const nodeProcess: NodeProcess | undefined = (globalThis as { process?: unknown }).process as
  | NodeProcess
  | undefined;

/** One of Node's own modules, where there is one. */
export function builtin<T>(id: string): T | undefined {
  return nodeProcess?.getBuiltinModule?.(id) as T | undefined;
}

/** Above every number that Node gives a thread in a lifetime, so that the two sorts cannot be mixed up. */
const FIRST_RANDOM = 2 ** 29;

/**
 * This thread's number in shared memory; never zero. Node numbers its threads and uses no number twice;
 * a browser does not, so there it is drawn by lot.
 */
export const agent: number = /* @__PURE__ */ findAgent();

function findAgent(): number {
  const threads = builtin<{ threadId: number }>("node:worker_threads");
  if (threads !== undefined) return threads.threadId + 1;
  return FIRST_RANDOM + Math.floor(Math.random() * FIRST_RANDOM);
}

/** Two words that nothing else in the program has, to know a piece of shared memory again. */
export function drawIdentity(words: Int32Array, at: number): void {
  words[at] = Math.random() * 2 ** 21;
  words[at + 1] = Math.random() * 2 ** 31;
}

export function identityOf(words: Int32Array, at: number): number {
  return words[at]! * 2 ** 31 + words[at + 1]!;
}
