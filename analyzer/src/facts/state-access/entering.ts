import ts from "typescript";
import type { Unit } from "../../ir/lower.js";
import type { FunctionWithBody, Snapshot } from "../../project/port.js";
import { isFunctionLiteral, meaningfulParent } from "../../project/syntax.js";
import { nameOf } from "../callers.js";
import type { Entrance } from "../entrances.js";
import { filesNaming, hasOtherNames, isConfined, occurrencesOf, sourcesOf } from "../occurrences.js";

/** Where a function is entered from: called, started, passed on, made. */
export interface Caller {
  readonly unit: Unit;
  readonly entrance: Entrance;
}

export type Callers = ReadonlyMap<ts.Node, readonly Caller[]>;

/** `callersIn`: what the functions of one file enter. Looks only at the files that can name what is entered. */
export function createEntering(
  snapshot: Snapshot,
  callersIn: (file: ts.SourceFile) => Callers,
): (unit: Unit) => readonly Caller[] {
  /** Of members and of what is no member, by the list of files that can name them, which many may share. */
  const known = { members: createKnown(), others: createKnown() };
  let every: Callers | undefined;

  function everywhere(): Callers {
    every ??= merged(sourcesOf(snapshot), (callers) => callers.keys());
    return every;
  }

  function merged(
    files: readonly ts.SourceFile[],
    bodiesOf: (callers: Callers) => Iterable<ts.Node>,
  ): Callers {
    const found = new Map<ts.Node, Caller[]>();
    for (const file of files) {
      const callers = callersIn(file);
      for (const body of bodiesOf(callers)) {
        const known = found.get(body);
        if (known === undefined) found.set(body, [...(callers.get(body) ?? [])]);
        else known.push(...(callers.get(body) ?? []));
      }
    }
    return found;
  }

  function named(name: ts.Identifier): Callers | undefined {
    const files = filesNaming(declared(name), snapshot);
    const byFiles = isMember(name.parent) ? known.members : known.others;
    if (!byFiles.has(files)) {
      const called = (callers: Callers) => bodiesByName(callers).get(name.text) ?? [];
      byFiles.set(files, isKept(name, snapshot) ? undefined : merged(files, called));
    }
    return byFiles.get(files);
  }

  return (unit) => {
    const own = unit.getSourceFile();
    if (isFunctionLiteral(unit) && isForLibrary(unit, snapshot)) return callersIn(own).get(unit) ?? [];
    const name = isFunction(unit) ? nameOf(unit) : undefined;
    let callers: Callers | undefined;
    if (name !== undefined && !hasOtherNames(name.parent)) {
      if (!isConfined(declared(name).declaration)) callers = named(name);
      else if (!isKept(name, snapshot)) callers = callersIn(own);
    }
    // Whoever keeps a function calls it by a name of his own.
    return (callers ?? everywhere()).get(unit) ?? [];
  };
}

/** Undefined where a function of that name is kept as a value. */
function createKnown() {
  return new WeakMap<readonly ts.SourceFile[], Callers | undefined>();
}

const names = new WeakMap<Callers, ReadonlyMap<string, readonly ts.Node[]>>();

function bodiesByName(callers: Callers): ReadonlyMap<string, readonly ts.Node[]> {
  const known = names.get(callers);
  if (known !== undefined) return known;
  const found = new Map<string, ts.Node[]>();
  for (const body of callers.keys()) {
    const name = isFunction(body) ? nameOf(body)?.text : undefined;
    if (name === undefined) continue;
    const others = found.get(name);
    if (others === undefined) found.set(name, [body]);
    else others.push(body);
  }
  names.set(callers, found);
  return found;
}

function isFunction(node: ts.Node): node is FunctionWithBody {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

/** A callback of the language's library or of a modelled one, or a function called where it stands. */
function isForLibrary(literal: FunctionWithBody, snapshot: Snapshot): boolean {
  const { parent, child } = meaningfulParent(literal);
  if (!ts.isCallExpression(parent)) return false;
  if (parent.expression === child) return true;
  const { kind } = snapshot.calleeOf(parent);
  return kind === "builtin" || kind === "function" || kind === "method";
}

/** Somewhere the name stands for the function, and not to call it. */
function isKept(own: ts.Identifier, snapshot: Snapshot): boolean {
  return occurrencesOf(declared(own), snapshot).some((name) => {
    const { parent: around } = name;
    if (ts.isPropertyAccessExpression(around) && around.name === name) return !isCalled(around);
    if (ts.isBindingElement(around)) return (around.propertyName ?? around.name) === name;
    if (isMember(own.parent) || isDeclared(name) || ts.isImportSpecifier(around)) return false;
    return !isCalled(name);
  });
}

function isCalled(callee: ts.Expression): boolean {
  const { parent, child } = meaningfulParent(callee);
  return ts.isCallExpression(parent) && parent.expression === child;
}

function isMember(declaration: ts.Node): boolean {
  return ts.isClassElement(declaration) || ts.isObjectLiteralElement(declaration);
}

function isDeclared(name: ts.Identifier): boolean {
  const { parent } = name;
  return (
    ts.getNameOfDeclaration(parent as ts.Declaration) === name && !ts.isShorthandPropertyAssignment(parent)
  );
}

function declared(name: ts.Identifier) {
  return { name: name.text, declaration: name.parent as ts.Declaration };
}
