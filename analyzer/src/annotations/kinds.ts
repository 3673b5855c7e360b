import type { AnnotationKind } from "./parse.js";

/** What each tag says, for the editor. `on`: what it belongs to. */
export const meanings: Readonly<
  Record<AnnotationKind, { readonly on: "state" | "function"; readonly text: string }>
> = {
  guardedBy: { on: "state", text: "Whoever reads or writes this holds the lock." },
  acquires: { on: "function", text: "The function takes the lock and leaves it to its caller." },
  releases: { on: "function", text: "The function releases the lock that its caller holds." },
  requires: { on: "function", text: "The caller holds the lock." },
  excludes: { on: "function", text: "The caller must not hold the lock: the function takes it." },
};
