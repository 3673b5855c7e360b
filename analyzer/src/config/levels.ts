import type { Finding } from "../api.js";

/** What a configuration says of a rule. */
export type RuleLevel = "off" | "warn" | "error";

export type RuleLevels = Readonly<Record<string, RuleLevel>>;

export const ruleLevels: readonly RuleLevel[] = ["off", "warn", "error"];

export function isRuleLevel(value: unknown): value is RuleLevel {
  return ruleLevels.some((level) => level === value);
}

/** A finding as the levels want it; a rule that they do not name keeps its own severity. */
export function levelled(finding: Finding, levels: RuleLevels): [] | [Finding] {
  const level = Object.hasOwn(levels, finding.rule) ? levels[finding.rule] : undefined;
  if (level === undefined) return [finding];
  return level === "off" ? [] : [{ ...finding, severity: level === "warn" ? "warning" : "error" }];
}
