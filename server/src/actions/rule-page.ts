import type { RuleInfo } from "@lockscope/analyzer";
import type { Connection, ExecuteCommandParams } from "vscode-languageserver/node";

/** The command behind "Show documentation of …": the server asks the client to open the rule's page. */
export const openRuleCommand = "lockscope.server.openRulePage";

export async function executeCommand(
  { command, arguments: args }: ExecuteCommandParams,
  connection: Connection,
  ruleInfo: (id: string) => RuleInfo | undefined,
): Promise<null> {
  if (command !== openRuleCommand) throw new Error(`unknown command ${command}`);
  const rule = ruleInfo(String(args?.[0]));
  if (rule === undefined) throw new Error(`unknown rule ${args?.[0]}`);
  await connection.window.showDocument({ uri: rule.url, external: true });
  return null;
}
