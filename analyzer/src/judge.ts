import type { InternalError } from "./api.js";
import type { Checked } from "./check.js";
import { isStackOverflow } from "./project/nesting.js";
import type { Project } from "./project/project.js";

/** What came of one file; plain data, so that one thread can tell another. */
export interface Judged {
  /** Undefined: nothing in the file can matter. */
  readonly checked: Checked | undefined;
  /** What kept it from being judged. */
  readonly failure?: InternalError;
  /** How many functions were explored for it. */
  readonly explored: number;
}

export function judge(
  file: string,
  projectOf: (file: string) => Project,
  log: (message: string) => void,
): Judged {
  return containedIn(file, log, () => {
    const project = projectOf(file);
    const before = project.explored;
    const checked = project.admit(file) ? project.checker().check(file) : project.checkPlain(file);
    return { checked, explored: project.explored - before };
  });
}

/** One file that cannot be judged is told of, and the others go on. */
export function containedIn<T>(file: string, log: (message: string) => void, work: () => T): T | Judged {
  try {
    return work();
  } catch (error) {
    if (isStackOverflow(error)) {
      log(`${file}: nested too deeply to be looked at`);
      return { checked: undefined, explored: 0 };
    }
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const failure = { file, message, ...(stack !== undefined && { stack }) };
    return { checked: undefined, failure, explored: 0 };
  }
}
