import type ts from "typescript";
import type { Unit } from "../../ir/lower.js";
import type { RuleContext, UnitFacts } from "../../rules/rule.js";
import type { Facts } from "../facts.js";
import { syntaxOf } from "../syntax-index.js";

/** The functions of a file, looked at when first asked for. */
export type Sight = (file: ts.SourceFile) => readonly UnitFacts[];

/** What cannot be looked at is reported where its own file is checked. */
function look(unit: Unit, facts: Facts): UnitFacts[] {
  try {
    return [{ ...facts.of(unit), unit }];
  } catch {
    return [];
  }
}

export function createSight({ facts }: Pick<RuleContext, "facts">): Sight {
  const files = new Map<ts.SourceFile, readonly UnitFacts[]>();
  return (file) => {
    let found = files.get(file);
    if (found === undefined) {
      found = syntaxOf(file).units.flatMap((unit) => look(unit, facts));
      files.set(file, found);
    }
    return found;
  };
}
