import { readFileSync } from "node:fs";

export interface Expected {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly rule: string;
}

/** The `// want: rule-id, other-rule` comments of a file of test data. */
export function wantsOf(file: string, text = readFileSync(file, "utf8")): Expected[] {
  return text.split("\n").flatMap((content, index) => {
    const match = /\/\/ want: ([\w\-, ]+)/.exec(content);
    const rules = match?.[1]?.split(",").map((rule) => rule.trim()) ?? [];
    return rules.map((rule) => ({ file, line: index + 1, rule }));
  });
}
