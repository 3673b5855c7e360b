import { ruleInfo, ruleInfos } from "@lockscope/analyzer";
import { print } from "../output.js";
import { nearest } from "../report/nearest.js";
import { type Command, parseCommandLine, UsageError } from "../usage.js";

const help = `Usage: lockscope explain [RULE]

Prints the page of a rule; without a rule, the list of all.`;

export const command: Command = { help, run };

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine("explain", args, {});
  if (values.help) return print(help);
  const [id, ...more] = positionals;
  if (more.length > 0) throw new UsageError("explain takes one rule at a time");
  if (id === undefined) return print(list());
  const rule = ruleInfo(id);
  if (rule !== undefined) return print(rule.markdown);
  const hint = nearest(
    id,
    ruleInfos().map((rule) => rule.id),
  );
  throw new UsageError(
    `no rule ${id}${hint ? `; did you mean ${hint}?` : ""}\n"lockscope explain" lists the rules.`,
  );
}

function list(): string {
  const rules = ruleInfos();
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules
    .map(({ id, severity, title }) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${title}`)
    .join("\n");
}
