import ts from "typescript";
import { lockMode } from "../annotations/resolve.js";
import type { Snapshot, Variable } from "../project/port.js";
import { bare } from "../project/syntax.js";
import { type Alias, type Container, type StateMember, syntaxOf } from "./guardable-syntax.js";
import { type Place, rootPlace } from "./place.js";

/** A lock that stands beside state: in the same object, or a variable of the same function or file. */
export type Beside =
  | { readonly field: Variable; readonly name: string; readonly place?: undefined }
  | { readonly field?: undefined; readonly place: Place };

/** State that has a lock beside it, or a comment that names one: only that is followed. */
export interface Guardables {
  /** Names of such state: what is called otherwise is never asked about. */
  readonly names: ReadonlySet<string>;
  /** Constants that may be another name of such state: `const items = this.items`. */
  readonly aliases: ReadonlySet<string>;
  has(declaration: ts.Node): boolean;
  besides(declaration: ts.Node): readonly Beside[];
}

const answers = new WeakMap<Snapshot, Guardables>();

/** Found when first asked for, of files that an edit changed anew. */
export function guardablesOf(snapshot: Snapshot): Guardables {
  let found = answers.get(snapshot);
  if (found === undefined) {
    found = collect(snapshot);
    answers.set(snapshot, found);
  }
  return found;
}

function collect(snapshot: Snapshot): Guardables {
  const owners = new Map<ts.Node, readonly Beside[]>();
  const names = new Set<string>();
  const candidates: Alias[] = [];
  for (const file of snapshot.files) {
    const source = snapshot.sourceFile(file);
    if (source === undefined) continue;
    const { state, aliases } = stateOf(source, snapshot);
    for (const { declaration, name, besides } of state) {
      owners.set(declaration, besides);
      names.add(name);
    }
    candidates.push(...aliases);
  }
  const aliases = new Set(candidates.flatMap(({ alias, name }) => (names.has(name) ? [alias] : [])));
  return {
    names,
    aliases,
    has: (declaration) => owners.has(declaration),
    besides: (declaration) => owners.get(declaration) ?? [],
  };
}

interface FileState {
  readonly state: readonly { declaration: ts.Node; name: string; besides: readonly Beside[] }[];
  readonly aliases: readonly Alias[];
}

const fileStates = new WeakMap<ts.SourceFile, FileState & { readonly since: number }>();

/** As long as the types that the file sees are the same. */
function stateOf(source: ts.SourceFile, snapshot: Snapshot): FileState {
  const { revisions, reader } = snapshot.lasting;
  let known = fileStates.get(source);
  if (known === undefined || revisions.typesOf(source.fileName) > known.since) {
    const { result } = reader.record(() => collectFile(source, snapshot));
    known = { ...result, since: revisions.now };
    fileStates.set(source, known);
  }
  return known;
}

function collectFile(source: ts.SourceFile, snapshot: Snapshot): FileState {
  const { containers, aliases, annotated } = syntaxOf(source);
  const owners = new Map<ts.Node, { declaration: ts.Node; name: string; besides: readonly Beside[] }>();
  const add = ({ declaration, name }: StateMember, besides: readonly Beside[]) =>
    owners.set(declaration, { declaration, name, besides });
  const ofFile = containers.flatMap((each) => (each.node === source ? locksOf(each, snapshot) : []));
  for (const container of containers) {
    const own = container.node === source ? ofFile : locksOf(container, snapshot);
    const besides = ts.isClassLike(container.node) ? [...own, ...ofFile] : own;
    if (besides.length === 0) continue;
    for (const member of container.members) if (!isPrimitive(member, own)) add(member, besides);
  }
  for (const member of annotated) if (!owners.has(member.declaration)) add(member, []);
  return { state: [...owners.values()], aliases };
}

function locksOf({ node, locks }: Container, snapshot: Snapshot): Beside[] {
  return locks.flatMap((lock): Beside[] => {
    const model = snapshot.primitiveOf(lock.id)?.model;
    const excludes = model && lockMode(model) !== undefined && (model.kind !== "semaphore" || isBinary(lock));
    const variable = excludes ? snapshot.variableOf(lock.id) : undefined;
    if (variable === undefined) return [];
    return isScope(node) ? [{ place: rootPlace(variable) }] : [{ field: variable, name: lock.id.text }];
  });
}

/** `new Semaphore(1)` keeps others out; one of more permits, or of who knows how many, guards nothing. */
function isBinary({ declaration }: StateMember): boolean {
  const made =
    "initializer" in declaration && declaration.initializer !== undefined
      ? bare(declaration.initializer as ts.Expression)
      : undefined;
  return made !== undefined && ts.isNewExpression(made) && made.arguments?.[0]?.getText() === "1";
}

function isPrimitive(member: StateMember, locks: readonly Beside[]): boolean {
  return locks.some((lock) => (lock.field ?? lock.place.field)?.declaration === member.declaration);
}

function isScope(node: ts.Node): boolean {
  return ts.isSourceFile(node) || ts.isFunctionLike(node) || ts.isModuleBlock(node);
}
