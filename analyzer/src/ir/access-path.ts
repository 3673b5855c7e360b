import ts from "typescript";
import type { LockMode } from "../model/index.js";
import type { Snapshot, Variable } from "../project/port.js";

/**
 * An access path: where a lock (or a WaitGroup) lives. Two places with the same key are surely the
 * same object at one moment; two with different keys are taken to be different.
 */
export interface Place {
  readonly key: string;
  /** The variable that the path starts from; `this` is 0. */
  readonly root: number;
  /** Where the root is declared; undefined for `this`. */
  readonly home: ts.Node | undefined;
  /** The root's position among the function's parameters, if it is one. */
  readonly parameter: number | undefined;
  /** From the root down. */
  readonly path: readonly string[];
  /** The declaration of the last step: what all instances of a class have in common. */
  readonly field: Variable | undefined;
  /** As written. */
  readonly text: string;
  /** `rw.rLocker()`: its `lock` is the read side's. */
  readonly view: LockMode | undefined;
  /** The variables that name steps of the path, as `id` does in `locks[id]`: where they are declared. */
  readonly namedBy: readonly ts.Node[];
  /** For an element of a collection: the collection, which is what all of its elements have in common. */
  readonly container?: Variable | undefined;
  /** What a field of the object here was made from, where that is known: see `madeWith`. */
  readonly made?: ((name: string) => Place | undefined) | undefined;
  /** Reached by a face that rejects instead of waiting: `tryAcquire(mutex)`. */
  readonly impatient?: boolean;
}

export const thisRoot = 0;
/** Finds the place that an expression names; the parts of that are in modules of their own. */
export type PlaceOf = (expression: ts.Expression, snapshot: Snapshot, depth?: number) => Place | undefined;

/** The element that a variable names: the same only for the same variable, in the same call of its function. */
export function namedStep(base: Place, variable: Variable, text: string): Place {
  const { declaration } = variable;
  const namedBy = declaration === undefined ? base.namedBy : [...base.namedBy, declaration];
  return { ...step({ ...base, namedBy }, `[#${variable.id}]`, undefined, text), container: base.field };
}

export const thisPlace: Place = make(
  { root: thisRoot, home: undefined, parameter: undefined, namedBy: [] },
  [],
  undefined,
  "this",
);

type Root = Pick<Place, "root" | "home" | "parameter" | "namedBy">;

/** The member of what a place holds. */
export function step(base: Place, name: string, field: Variable | undefined, text: string): Place {
  return make(base, [...base.path, name], field, text);
}

export function make(
  { root, home, parameter, namedBy }: Root,
  path: readonly string[],
  field: Variable | undefined,
  text: string,
): Place {
  return {
    key: [root, ...path].join("."),
    root,
    home,
    parameter,
    path,
    field,
    text,
    view: undefined,
    namedBy,
  };
}

/** The callee's place as the caller names it: the callee's root replaced by what the caller passed. */
export function rebase(place: Place, base: Place): Place {
  const [first, ...rest] = place.path;
  const inner = first === undefined ? undefined : madeOf(base, first);
  if (inner !== undefined) return rebase({ ...place, path: rest }, inner);
  const text = [base.text, ...written(place)].join(".").replaceAll(".[", "[");
  const field = first === undefined ? base.field : place.field;
  const rebased = make(base, [...base.path, ...place.path], field, text);
  const impatient = place.impatient || base.impatient;
  return {
    ...rebased,
    view: place.view,
    namedBy: [...base.namedBy, ...place.namedBy],
    ...(impatient && { impatient }),
    container: place.path.length > 0 ? place.container : base.container,
    made: place.path.length > 0 ? place.made : base.made,
  };
}

/** What was made in a field was made from what its owner has; in a variable, from what its function has. */
export function madeOf(base: Place, name: string): Place | undefined {
  const place = base.made?.(name);
  if (place?.root !== thisRoot || base.path.length === 0) return place;
  const path = base.path.slice(0, -1);
  return rebase(place, { ...base, path, key: [base.root, ...path].join("."), made: undefined });
}

/** The steps of a path for people: an element by the name of the variable that names it. */
function written({ path, namedBy }: Place): string[] {
  const names = [...namedBy];
  return path.map((segment) => {
    const declaration = segment.startsWith("[#") ? names.shift() : undefined;
    const name = declaration && ts.getNameOfDeclaration(declaration as ts.Declaration);
    return name === undefined ? segment : `[${name.getText()}]`;
  });
}

/** What the place is a member of; undefined for a variable, whose owner has no name. */
export function parentOf(place: Place): Place | undefined {
  if (place.path.length === 0) return undefined;
  const text = place.text.replace(/(?:\.[^.[\]]+|\[[^\]]*\])$/, "");
  return make(place, place.path.slice(0, -1), undefined, text);
}

/** Whether a path starts with another: what a write to `outer` makes stale. */
export function isWithin(key: string, outer: string): boolean {
  return key === outer || key.startsWith(`${outer}.`);
}
