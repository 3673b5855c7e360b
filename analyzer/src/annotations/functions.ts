import ts from "typescript";
import type { Snapshot } from "../project/port.js";
import { type AnnotationKind, annotationsOf, mentionsAnnotation } from "./parse.js";
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

const annotatedPrograms = new WeakMap<Snapshot, boolean>();

/** A method keeps what the interface or class promises that declares it first. */
function inherited(declaration: ts.Node, snapshot: Snapshot): Promises {
  const owner = declaration.parent;
  const name =
    ts.isMethodDeclaration(declaration) && ts.isIdentifier(declaration.name)
      ? declaration.name.text
      : undefined;
  if (name === undefined || !ts.isClassLike(owner) || owner.heritageClauses === undefined) return noPromises;
  let annotated = annotatedPrograms.get(snapshot);
  if (annotated === undefined) {
    annotated = snapshot.files.some((file) => {
      const source = snapshot.sourceFile(file);
      return source !== undefined && mentionsAnnotation(source);
    });
    annotatedPrograms.set(snapshot, annotated);
  }
  if (!annotated) return noPromises;
  for (const base of owner.heritageClauses.flatMap((clause) => [...clause.types])) {
    const first = snapshot.memberOf(base, name)?.variable.declaration;
    const promises = first === undefined || first === declaration ? noPromises : promisesOf(first, snapshot);
    if (promises !== noPromises) return promises;
  }
  return noPromises;
}

function read(declaration: ts.Node, snapshot: Snapshot): Promises {
  const annotations = annotationsOf(declaration);
  if (annotations.length === 0) return inherited(declaration, snapshot);
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
