import { commandNamed, overview, version } from "./commands/index.js";
import { print, printError, tolerateClosedPipes } from "./output.js";
import { ExitStatus, UsageError } from "./usage.js";

tolerateClosedPipes();
// Not process.exit(): what is still on its way to a pipe would be cut off.
process.exitCode = await main(process.argv.slice(2));

async function main([name = "--help", ...args]: string[]): Promise<number> {
  if (name === "--version" || name === "-v") return print(version);
  if (name === "--help" || name === "-h" || name === "help") return print(overview());
  try {
    const command = await commandNamed(name);
    return await command.run(args);
  } catch (error) {
    if (error instanceof UsageError) return printError(error.message, ExitStatus.failed);
    return printError(
      error instanceof Error ? (error.stack ?? error.message) : String(error),
      ExitStatus.failed,
    );
  }
}
