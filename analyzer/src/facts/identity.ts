import type { Place } from "../ir/place.js";

/**
 * What all instances have in common: a lock is known by the field, variable or collection that it lives in.
 * Undefined where nothing in the program names it.
 */
export function identityOf(place: Place): number | undefined {
  return (place.container ?? place.field)?.id;
}
