import type { LibraryModel } from "../model/index.js";

/** A cheap look at the text of a file, before anything is parsed. */
export interface Gate {
  /** Whether the text names a modelled library, as an import of it does, or uses a modelled global. */
  namesLibrary(text: string): boolean;
  /**
   * Can this file hold a finding at all? It names a library that is modelled, calls something that is
   * called like a lock method (a lock that came from another file), or carries a suppression.
   */
  mayMatter(text: string): boolean;
}

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** Names that hardly anything but a lock has. */
const lockMethods = [
  "lock",
  "unlock",
  "rLock",
  "rUnlock",
  "tryLock",
  "tryRLock",
  "withLock",
  "withRLock",
  "acquire",
  "acquireRead",
  "acquireAsync",
  "tryAcquire",
  "runExclusive",
];

export function createGate(models: readonly LibraryModel[]): Gate {
  const packages = models.filter((model) => Object.keys(model.modules).length > 0).map(({ name }) => name);
  const traces = models.flatMap((model) => model.traces ?? []);
  const library = [`["'\`](?:${packages.map(quoted).join("|")})(?:/[\\w./-]+)?["'\`]`, ...traces].join("|");
  const naming = new RegExp(library);
  const interesting = new RegExp(`${library}|\\.(?:${lockMethods.join("|")})\\(|lockscope-disable`);
  return {
    namesLibrary: (text) => naming.test(text),
    mayMatter: (text) => interesting.test(text),
  };
}
