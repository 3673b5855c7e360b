import type { RuleInfo } from "../api.js";
import { rules } from "./index.js";
import type { Rule } from "./rule.js";

const docsRoot = "https://github.com/lockscope/lockscope/blob/main/docs/rules";

export function ruleUrl(id: string): string {
  return `${docsRoot}/${id}.md`;
}

/** The page of a rule: one text for `docs/rules/`, the hover and `lockscope explain`. */
export function rulePage(rule: Rule): string {
  const { doc } = rule;
  const code = (text: string) => `\`\`\`ts\n${text.trim()}\n\`\`\``;
  return `# ${rule.id}

${rule.title} (${rule.severity}).

## What it does

${doc.what}

## Why is this bad

${doc.why}

## Known problems

${doc.knownProblems}

## Example

Wrong:

${code(doc.wrong)}

Right:

${code(doc.right)}

## Sources

${rule.sources.map((source) => `- [${source.name}](${source.url})`).join("\n")}
`;
}

export function ruleInfos(): readonly RuleInfo[] {
  return rules.map(infoOf);
}

export function ruleInfo(id: string): RuleInfo | undefined {
  const rule = rules.find((each) => each.id === id);
  return rule && infoOf(rule);
}

/** The table of contents of `docs/rules/`. */
export function ruleIndex(): string {
  const rows = rules.map(({ id, title, severity }) => `| [\`${id}\`](${id}.md) | ${severity} | ${title} |`);
  return `# Rules\n\nGenerated from the rules themselves.\n\n| rule | severity | |\n|---|---|---|\n${rows.join("\n")}\n`;
}

function infoOf(rule: Rule): RuleInfo {
  return {
    id: rule.id,
    title: rule.title,
    severity: rule.severity,
    markdown: rulePage(rule),
    url: ruleUrl(rule.id),
  };
}
