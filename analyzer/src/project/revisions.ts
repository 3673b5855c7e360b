import ts from "typescript";
import { createImporters, type Importers, isForEverybody } from "./importers.js";

/**
 * What an edit leaves as it was. Programs are counted; of each file it is known since which program the
 * types that it sees stand: an edit inside a function, which leaves the type of
 * what the function returns alone, is nothing to anybody else.
 */
export interface Revisions {
  /** The number of the program of now. */
  readonly now: number;
  /** Files whose text came with the program of now. */
  readonly edited: ReadonlySet<string>;
  /** The program since which neither the file's own declarations changed nor those of what it imports. */
  typesOf(file: string): number;
  readonly importers: Importers;
}

export interface MutableRevisions extends Revisions {
  now: number;
  edited: ReadonlySet<string>;
  /** Before the tree of the old text is reused for the new one, and no more to be read. */
  editing(before: ts.SourceFile, change: ts.TextChangeRange, program: ts.Program): void;
  /** A file that was not there, or is no more: who knows what it means to others. */
  everything(): void;
  made(program: ts.Program): void;
}

/** An edit inside the body of a function, and the type that it returned before. */
interface BodyEdit {
  readonly start: number;
  readonly end: number;
  readonly returned: string | undefined;
}

export function createRevisions(): MutableRevisions {
  const types = new Map<string, number>();
  const importers = createImporters();
  /** The last program in which everything changed. */
  let all = 0;
  const edits = new Map<string, BodyEdit | undefined>();

  const revisions: MutableRevisions = {
    now: 0,
    edited: new Set(),
    importers,
    typesOf: (file) => Math.max(all, types.get(file) ?? 0),
    editing(before, change, program) {
      edits.set(before.fileName, bodyEdit(before, change, program));
    },
    everything() {
      all = revisions.now + 1;
    },
    made(program) {
      revisions.now += 1;
      importers.take(program, all === revisions.now);
      const others = new Set<string>();
      for (const [file, edit] of edits) {
        const source = program.getSourceFile(file);
        if (source !== undefined && edit !== undefined && isSame(edit, source, program)) continue;
        if (source === undefined || isForEverybody(source)) all = revisions.now;
        else others.add(file);
      }
      revisions.edited = new Set(edits.keys());
      edits.clear();
      if (others.size === 0 || all === revisions.now) return;
      for (const file of importers.of(others)) types.set(file, revisions.now);
    },
  };
  return revisions;
}

/** Undefined where the edit is not within one function's body, or may change what is declared around it. */
function bodyEdit(
  file: ts.SourceFile,
  change: ts.TextChangeRange,
  program: ts.Program,
): BodyEdit | undefined {
  const { start, length } = change.span;
  const around = outermostFunction(file, start);
  if (around === undefined || !isPrivate(around, file)) return undefined;
  const { body } = around;
  if (start <= body.getStart(file) || start + length >= body.end) return undefined;
  return {
    start: around.pos,
    end: body.end + change.newLength - length,
    returned: returnType(around, program),
  };
}

/** In JavaScript what a function assigns to `this` is declared by it; so is, in a constructor, the type of a field without one. */
function isPrivate(unit: WithBody, file: ts.SourceFile): boolean {
  if (/\.[cm]?jsx?$/.test(file.fileName)) return false;
  if (!ts.isConstructorDeclaration(unit)) return true;
  return unit.parent.members.every(
    (member) =>
      !ts.isPropertyDeclaration(member) || member.type !== undefined || member.initializer !== undefined,
  );
}

function isSame(edit: BodyEdit, file: ts.SourceFile, program: ts.Program): boolean {
  const around = outermostFunction(file, edit.start);
  if (around?.pos !== edit.start || around.body.end !== edit.end) return false;
  return returnType(around, program) === edit.returned;
}

type WithBody = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

/** The function that no other function is around, where a position is in it. */
function outermostFunction(file: ts.SourceFile, position: number): WithBody | undefined {
  const find = (node: ts.Node): WithBody | undefined => {
    if (position < node.pos || position >= node.end) return undefined;
    if (ts.isFunctionLike(node))
      return "body" in node && node.body !== undefined ? (node as WithBody) : undefined;
    return ts.forEachChild(node, find);
  };
  return find(file);
}

/** As written, it is part of the text around the body; inferred, the compiler says it. */
function returnType(unit: WithBody, program: ts.Program): string | undefined {
  if (unit.type !== undefined || ts.isConstructorDeclaration(unit) || ts.isSetAccessor(unit))
    return undefined;
  const checker = program.getTypeChecker();
  const signature = checker.getSignatureFromDeclaration(unit);
  return signature && checker.typeToString(signature.getReturnType(), unit, ts.TypeFormatFlags.NoTruncation);
}
