import type { Race } from "../../plain/race/walker.js";
import type { Scopes } from "../../plain/scopes.js";
import type { FixPlan } from "../rule.js";

export function shareThePromise(_race: Race, _scopes: Scopes): FixPlan | undefined {
  return undefined;
}
