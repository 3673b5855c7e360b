import { pathToFileURL } from "node:url";
import type {
  CheckResult,
  Finding,
  Fix,
  InternalError,
  Range,
  RuleInfo,
  TextEdit,
} from "@lockscope/analyzer";
import { displayPath } from "./locate.js";

export interface SarifOptions {
  readonly cwd: string;
  readonly version: string;
  readonly rules: readonly RuleInfo[];
  /** Whether the run itself failed: a broken configuration, an internal error. */
  readonly failed: boolean;
}

const schema = "https://json.schemastore.org/sarif-2.1.0.json";
const sourceRoot = "SRCROOT";

/** SARIF 2.1.0 (OASIS): what code scanning services read. Columns count UTF-16 code units. */
export function sarifReport({ findings, errors }: CheckResult, options: SarifOptions): string {
  const log = {
    $schema: schema,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: driver(options) },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [sourceRoot]: { uri: folderUri(options.cwd) } },
        invocations: [
          {
            executionSuccessful: !options.failed,
            toolExecutionNotifications: errors.map((error) => notification(error, options)),
          },
        ],
        results: findings.map((finding) => result(finding, options)),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function driver({ version, rules }: SarifOptions) {
  return {
    name: "Lockscope",
    version,
    informationUri: "https://github.com/lockscope/lockscope",
    rules: rules.map(({ id, title, severity, markdown, url }) => ({
      id,
      shortDescription: { text: title },
      fullDescription: { text: title },
      help: { text: title, markdown },
      helpUri: url,
      defaultConfiguration: { level: severity },
    })),
  };
}

function result(finding: Finding, options: SarifOptions) {
  const { rule, severity, message, file, range, related, fixes } = finding;
  return {
    ruleId: rule,
    ruleIndex: options.rules.findIndex(({ id }) => id === rule),
    level: severity,
    message: { text: message },
    locations: [{ physicalLocation: place(file, range, options) }],
    relatedLocations: related.map((each, id) => ({
      id,
      physicalLocation: place(each.file, each.range, options),
      message: { text: each.message },
    })),
    ...(fixes.length > 0 && { fixes: fixes.map((fix) => fixOf(fix, options)) }),
  };
}

function fixOf({ title, edits }: Fix, options: SarifOptions) {
  const files = grouped(edits);
  return {
    description: { text: title },
    artifactChanges: [...files].map(([file, own]) => ({
      artifactLocation: artifact(file, options),
      replacements: own.map(({ range, newText }) => ({
        deletedRegion: region(range),
        insertedContent: { text: newText },
      })),
    })),
  };
}

function grouped(edits: readonly TextEdit[]): Map<string, TextEdit[]> {
  const files = new Map<string, TextEdit[]>();
  for (const edit of edits) files.set(edit.file, [...(files.get(edit.file) ?? []), edit]);
  return files;
}

function notification({ file, rule, message }: InternalError, options: SarifOptions) {
  return {
    level: "error",
    message: { text: message },
    ...(rule !== undefined && { associatedRule: { id: rule } }),
    ...(file !== undefined && {
      locations: [{ physicalLocation: { artifactLocation: artifact(file, options) } }],
    }),
  };
}

function place(file: string, range: Range, options: SarifOptions) {
  return { artifactLocation: artifact(file, options), region: region(range) };
}

/** Below the working directory relative to it, elsewhere absolute. */
function artifact(file: string, { cwd }: SarifOptions) {
  const path = displayPath(cwd, file);
  if (path.startsWith("../")) return { uri: pathToFileURL(file).href };
  return { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: sourceRoot };
}

function region({ start, end }: Range) {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

function folderUri(folder: string): string {
  const { href } = pathToFileURL(folder);
  return href.endsWith("/") ? href : `${href}/`;
}
