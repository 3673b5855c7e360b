import type ts from "typescript";
import type { Snapshot } from "../project/port.js";
import { type AnnotationKind, annotationsOf } from "./parse.js";
import { type NamedLock, resolve } from "./resolve.js";

export type { NamedLock } from "./resolve.js";

/** What a function's comment promises of locks, in the function's own terms. */
export type Promises = Readonly<Record<Exclude<AnnotationKind, "guardedBy">, readonly NamedLock[]>>;

export const noPromises: Promises = { acquires: [], releases: [], requires: [], excludes: [] };

const known = new WeakMap<Snapshot, Map<ts.Node, Promises>>();

/** Names that mean nothing are left out: `bad-annotation` speaks of them. */
export function promisesOf(declaration: ts.Node, snapshot: Snapshot): Promises {
  let answers = known.get(snapshot);
  if (answers === undefined) {
    answers = new Map();
    known.set(snapshot, answers);
  }
  let promises = answers.get(declaration);
  if (promises === undefined) {
    promises = read(declaration, snapshot);
    answers.set(declaration, promises);
  }
  return promises;
}

function read(declaration: ts.Node, snapshot: Snapshot): Promises {
  const annotations = annotationsOf(declaration);
  if (annotations.length === 0) return noPromises;
  const of = (kind: AnnotationKind) =>
    annotations.flatMap((annotation) => {
      const lock = annotation.kind === kind ? resolve(annotation, declaration, snapshot).lock : undefined;
      return lock === undefined ? [] : [lock];
    });
  return {
    acquires: of("acquires"),
    releases: of("releases"),
    requires: of("requires"),
    excludes: of("excludes"),
  };
}
