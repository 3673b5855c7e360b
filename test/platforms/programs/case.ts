/** Something that a user does with the library, and what he should see of it: plain data. */
export interface Case {
  readonly run: () => unknown;
  readonly expected: unknown;
}

/** By what they use. */
export type Cases = Readonly<Record<string, Case>>;

/** What was seen, and what was to be seen; to be compared where a test runner is. */
export interface Report {
  readonly seen: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

const PATIENCE_MS = 15_000;

/** Does all of it, one after the other. What throws or hangs is seen to do so. */
export async function report(cases: Cases): Promise<Report> {
  const seen: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const [what, each] of Object.entries(cases)) {
    seen[what] = await inTime(each.run);
    expected[what] = each.expected;
  }
  return { seen, expected };
}

async function inTime(run: () => unknown): Promise<unknown> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(() => resolve("not done in time"), PATIENCE_MS);
  });
  try {
    return await Promise.race([run(), tooLong]);
  } catch (error) {
    return `threw ${wordsOf(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

/** What an error says of itself: its code where it has one. */
export function wordsOf(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  return `${typeof code === "string" ? code : name}: ${message}`;
}

/** What `fn` throws, or rejects with. */
export async function failure(fn: () => unknown): Promise<string> {
  try {
    await fn();
  } catch (error) {
    return wordsOf(error);
  }
  return "nothing is thrown";
}

/** What a report begins with where it is one line among others. */
export const reportMark = "what the library did: ";
