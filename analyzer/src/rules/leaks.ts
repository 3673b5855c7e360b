import type ts from "typescript";
import type { Leak } from "../facts/observations.js";
import type { Repair } from "../fixes/section.js";
import type { RuleContext, UnitFacts } from "./rule.js";

/** The ways on which one lock call leaves its lock held: at least one. */
export interface LeakingCall {
  readonly unit: UnitFacts;
  readonly site: ts.CallExpression;
  readonly leaks: readonly [Leak, ...Leak[]];
  /** What a fix of it starts from. */
  readonly repair: Repair;
}

/** Functions whose paths got out of hand are passed over. */
export function* leakingCalls(context: RuleContext): Iterable<LeakingCall> {
  for (const unit of context.units) {
    const { leaks, releases, abandoned } = unit.observations;
    if (abandoned) continue;
    const bySite = new Map<ts.CallExpression, [Leak, ...Leak[]]>();
    for (const leak of leaks) {
      const { site } = leak.hold;
      const known = bySite.get(site);
      if (known === undefined) bySite.set(site, [leak]);
      else known.push(leak);
    }
    for (const [site, own] of bySite) {
      const repair = {
        hold: own[0].hold,
        unit: unit.unit,
        releases: releases.get(site) ?? new Set<ts.Node>(),
        context,
      };
      yield { unit, site, leaks: own, repair };
    }
  }
}
