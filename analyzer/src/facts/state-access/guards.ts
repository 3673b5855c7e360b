import type ts from "typescript";
import { annotationsOf } from "../../annotations/parse.js";
import { resolve } from "../../annotations/resolve.js";
import type { Beside } from "../../ir/guardable.js";
import { type Place, parentOf, step, thisRoot } from "../../ir/place.js";
import type { Snapshot, Variable } from "../../project/port.js";

/** A lock in relation to the state beside it. */
export interface Guard {
  /** As a message names it. */
  readonly text: string;
  /** What all instances have in common: the lock's field or variable. */
  readonly field: Variable | undefined;
  /** Where the lock of this very state is; undefined where that has no name. */
  of(state: Place): Place | undefined;
}

/** The locks that `@guardedBy` names in the comment of a field or variable. */
export function annotatedGuards(declaration: ts.Node, snapshot: Snapshot): Guard[] {
  return annotationsOf(declaration).flatMap((annotation): Guard[] => {
    if (annotation.kind !== "guardedBy") return [];
    const place = resolve(annotation, declaration, snapshot).lock?.place;
    if (place === undefined) return [];
    return [place.root === thisRoot ? relative(annotation.path, place) : absolute(annotation.path, place)];
  });
}

export function besideGuard(beside: Beside): Guard {
  if (beside.place !== undefined) return absolute(beside.place.text, beside.place);
  const { field, name } = beside;
  return {
    text: name,
    field,
    of: (state) => {
      const owner = parentOf(state);
      return owner && step(owner, name, field, `${owner.text}.${name}`);
    },
  };
}

/** From the object that the state is a member of. */
function relative(text: string, lock: Place): Guard {
  return {
    text,
    field: lock.field,
    of: (state) => {
      const owner = parentOf(state);
      return (
        owner &&
        lock.path.reduce((place, name, index) => {
          const field = index === lock.path.length - 1 ? lock.field : undefined;
          return step(place, name, field, `${place.text}.${name}`);
        }, owner)
      );
    },
  };
}

function absolute(text: string, place: Place): Guard {
  return { text, field: place.field, of: () => place };
}
